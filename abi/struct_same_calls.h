/* SPDX-License-Identifier: MIT */
/*
 * Arguments of hypercalls, same at both widths. A struct has the name of its operation; fields
 * marked "out" are written by the hypervisor, the others are read by it.
 */
#ifndef ABI_STRUCT_SAME_CALLS_H
#define ABI_STRUCT_SAME_CALLS_H

/* One change of mmu_update. */
struct mmu_update {
    uint64_t ptr; /* machine address of the entry; bits 0-1 are MMU_* */
    uint64_t val; /* new entry, or new M2P value */
};
_Static_assert(sizeof(struct mmu_update) == 16, "mmu_update");

/* ---- event_channel_op ---- */

struct evtchn_alloc_unbound {
    domid_t dom;        /* whose port */
    domid_t remote_dom; /* who may bind to it */
    evtchn_port_t port; /* out */
};
_Static_assert(sizeof(struct evtchn_alloc_unbound) == 8, "evtchn_alloc_unbound");

struct evtchn_bind_interdomain {
    domid_t remote_dom;
    evtchn_port_t remote_port;
    evtchn_port_t local_port; /* out */
};
_Static_assert(sizeof(struct evtchn_bind_interdomain) == 12, "evtchn_bind_interdomain");

struct evtchn_bind_virq {
    uint32_t virq; /* VIRQ_* */
    uint32_t vcpu;
    evtchn_port_t port; /* out */
};
_Static_assert(sizeof(struct evtchn_bind_virq) == 12, "evtchn_bind_virq");

struct evtchn_bind_pirq {
    uint32_t pirq;
    uint32_t flags;     /* BIND_PIRQ__* */
    evtchn_port_t port; /* out */
};
_Static_assert(sizeof(struct evtchn_bind_pirq) == 12, "evtchn_bind_pirq");

struct evtchn_bind_ipi {
    uint32_t vcpu;
    evtchn_port_t port; /* out */
};
_Static_assert(sizeof(struct evtchn_bind_ipi) == 8, "evtchn_bind_ipi");

struct evtchn_close {
    evtchn_port_t port;
};
_Static_assert(sizeof(struct evtchn_close) == 4, "evtchn_close");

struct evtchn_send {
    evtchn_port_t port;
};
_Static_assert(sizeof(struct evtchn_send) == 4, "evtchn_send");

struct evtchn_status {
    domid_t dom;
    evtchn_port_t port;
    uint32_t status; /* out: EVTCHNSTAT_*, says which member of u is valid */
    uint32_t vcpu;   /* out: who hears of the events */
    union {          /* out */
        struct {
            domid_t dom;
        } unbound;
        struct {
            domid_t dom;
            evtchn_port_t port;
        } interdomain;
        uint32_t pirq;
        uint32_t virq;
    } u;
};
_Static_assert(sizeof(struct evtchn_status) == 24, "evtchn_status");

struct evtchn_bind_vcpu {
    evtchn_port_t port;
    uint32_t vcpu;
};
_Static_assert(sizeof(struct evtchn_bind_vcpu) == 8, "evtchn_bind_vcpu");

struct evtchn_unmask {
    evtchn_port_t port;
};
_Static_assert(sizeof(struct evtchn_unmask) == 4, "evtchn_unmask");

struct evtchn_reset {
    domid_t dom;
};
_Static_assert(sizeof(struct evtchn_reset) == 2, "evtchn_reset");

struct evtchn_init_control {
    uint64_t control_gfn; /* frame of the control block */
    uint32_t offset;      /* of the block in the frame */
    uint32_t vcpu;
    uint8_t link_bits; /* out */
    uint8_t _pad[7];
};
_Static_assert(sizeof(struct evtchn_init_control) == 24, "evtchn_init_control");

struct evtchn_expand_array {
    uint64_t array_gfn;
};
_Static_assert(sizeof(struct evtchn_expand_array) == 8, "evtchn_expand_array");

struct evtchn_set_priority {
    evtchn_port_t port;
    uint32_t priority;
};
_Static_assert(sizeof(struct evtchn_set_priority) == 8, "evtchn_set_priority");

/* Argument of event_channel_op_compat. */
struct evtchn_op {
    uint32_t cmd; /* EVTCHNOP_* */
    union {
        struct evtchn_alloc_unbound alloc_unbound;
        struct evtchn_bind_interdomain bind_interdomain;
        struct evtchn_bind_virq bind_virq;
        struct evtchn_bind_pirq bind_pirq;
        struct evtchn_bind_ipi bind_ipi;
        struct evtchn_close close;
        struct evtchn_send send;
        struct evtchn_status status;
        struct evtchn_bind_vcpu bind_vcpu;
        struct evtchn_unmask unmask;
    } u;
};
_Static_assert(sizeof(struct evtchn_op) == 28, "evtchn_op");

/* ---- sched_op ---- */

/* Of shutdown and shutdown_code. */
struct sched_shutdown {
    uint32_t reason; /* SHUTDOWN_* */
};
_Static_assert(sizeof(struct sched_shutdown) == 4, "sched_shutdown");

struct sched_remote_shutdown {
    domid_t domain_id;
    uint32_t reason;
};
_Static_assert(sizeof(struct sched_remote_shutdown) == 8, "sched_remote_shutdown");

/* id 0 makes a new watchdog; timeout 0 stops it; the call returns the id. */
struct sched_watchdog {
    uint32_t id;
    uint32_t timeout; /* seconds */
};
_Static_assert(sizeof(struct sched_watchdog) == 8, "sched_watchdog");

struct sched_pin_override {
    int32_t pcpu; /* negative: as before */
};
_Static_assert(sizeof(struct sched_pin_override) == 4, "sched_pin_override");

/* ---- vcpu_op ---- */

/* Of register_runstate_memory_area: virtual address of a struct vcpu_runstate_info. */
struct vcpu_register_runstate_memory_area {
    union {
        uint64_t p;
    } addr;
};
_Static_assert(sizeof(struct vcpu_register_runstate_memory_area) == 8, "runstate area");

struct vcpu_set_periodic_timer {
    uint64_t period_ns;
};
_Static_assert(sizeof(struct vcpu_set_periodic_timer) == 8, "vcpu_set_periodic_timer");

struct vcpu_register_vcpu_info {
    uint64_t mfn;    /* frame of the caller's that will hold the struct vcpu_info ... */
    uint32_t offset; /* ... and where in it; the struct may not cross the frame's end */
    uint32_t rsvd;
};
_Static_assert(sizeof(struct vcpu_register_vcpu_info) == 16, "vcpu_register_vcpu_info");

/* Low half: APIC id; high half: ACPI id. */
struct vcpu_get_physid {
    uint64_t phys_id; /* out */
};
_Static_assert(sizeof(struct vcpu_get_physid) == 8, "vcpu_get_physid");

/* Of register_vcpu_time_memory_area: virtual address of a struct vcpu_time_info. */
struct vcpu_register_time_memory_area {
    union {
        uint64_t p;
    } addr;
};
_Static_assert(sizeof(struct vcpu_register_time_memory_area) == 8, "time area");

/* ---- callback_op, xen_version, memory_op ---- */

struct callback_unregister {
    uint16_t type; /* CALLBACKTYPE_* */
    uint16_t _unused;
};
_Static_assert(sizeof(struct callback_unregister) == 4, "callback_unregister");

struct xen_compile_info {
    char compiler[64];
    char compile_by[16];
    char compile_domain[32];
    char compile_date[32];
};
_Static_assert(sizeof(struct xen_compile_info) == 144, "xen_compile_info");

struct xen_feature_info {
    uint32_t submap_idx; /* which word */
    uint32_t submap;     /* out: its bits */
};
_Static_assert(sizeof(struct xen_feature_info) == 8, "xen_feature_info");

struct xen_build_id {
    uint32_t len;        /* size of buf */
    unsigned char buf[]; /* out */
};
_Static_assert(sizeof(struct xen_build_id) == 4, "xen_build_id");

/* Of current_reservation, maximum_reservation and maximum_gpfn. */
struct xen_memory_domain {
    domid_t domid;
};
_Static_assert(sizeof(struct xen_memory_domain) == 2, "xen_memory_domain");

/* ---- physdev_op ---- */

struct physdev_eoi {
    uint32_t irq;
};
_Static_assert(sizeof(struct physdev_eoi) == 4, "physdev_eoi");

struct physdev_irq_status_query {
    uint32_t irq;
    uint32_t flags; /* out: XENIRQSTAT_* */
};
_Static_assert(sizeof(struct physdev_irq_status_query) == 8, "physdev_irq_status_query");

struct physdev_set_iopl {
    uint32_t iopl;
};
_Static_assert(sizeof(struct physdev_set_iopl) == 4, "physdev_set_iopl");

struct physdev_irq {
    uint32_t irq;
    uint32_t vector;
};
_Static_assert(sizeof(struct physdev_irq) == 8, "physdev_irq");

#endif
