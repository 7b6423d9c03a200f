/* SPDX-License-Identifier: MIT */
/*
 * Arguments of the other hypercalls whose layout depends on the width. Included once per width.
 */

/* One call of a multicall. */
struct ABI_NAME(multicall_entry) {
    abi_ulong op;     /* __HYPERVISOR_* */
    abi_ulong result; /* out */
    abi_ulong args[6];
};

/* Of SCHEDOP_poll. */
struct ABI_NAME(sched_poll) {
    abi_ptr ports; /* list of evtchn_port_t */
    uint32_t nr_ports;
    abi_u64 timeout; /* system time in ns; 0: none */
};

/* Of VCPUOP_get_runstate_info, and what the registered memory area holds. */
struct ABI_NAME(vcpu_runstate_info) {
    int32_t state;            /* RUNSTATE_* */
    abi_u64 state_entry_time; /* system time in ns */
    abi_u64 time[4];          /* ns spent in each state */
};

/* Of VCPUOP_set_singleshot_timer. */
struct ABI_NAME(vcpu_set_singleshot_timer) {
    abi_u64 timeout_abs_ns; /* system time */
    uint32_t flags;         /* VCPU_SSHOTTMR_* */
};

/* Of CALLBACKOP_register. */
struct ABI_NAME(callback_register) {
    uint16_t type;  /* CALLBACKTYPE_* */
    uint16_t flags; /* CALLBACKF_* */
#if ABI_WIDTH == 64
    abi_ulong address;
#else
    struct ABI_NAME(xen_callback) address;
#endif
};

/* Of XENVER_platform_parameters. */
struct ABI_NAME(xen_platform_parameters) {
    abi_ulong virt_start; /* out */
};

/* Of XENNMI_register_callback. */
struct ABI_NAME(xennmi_callback) {
    abi_ulong handler_address;
    abi_ulong pad;
};

/* Of PHYSDEVOP_set_iobitmap: a 0 bit allows the port. */
struct ABI_NAME(physdev_set_iobitmap) {
    abi_ptr bitmap;
    uint32_t nr_ports;
};

/* Of PHYSDEVOP_apic_read and apic_write. */
struct ABI_NAME(physdev_apic) {
    abi_ulong apic_physbase;
    uint32_t reg;
    uint32_t value;
};

/* Of PHYSDEVOP_pirq_eoi_gmfn_v1 and v2. */
struct ABI_NAME(physdev_pirq_eoi_gmfn) {
    abi_pfn gmfn;
};

/* Argument of physdev_op_compat. */
struct ABI_NAME(physdev_op) {
    uint32_t cmd; /* PHYSDEVOP_* */
    union {
        struct physdev_irq_status_query irq_status_query;
        struct physdev_set_iopl set_iopl;
        struct ABI_NAME(physdev_set_iobitmap) set_iobitmap;
        struct ABI_NAME(physdev_apic) apic_op;
        struct physdev_irq irq_op;
    } u;
};
