/* SPDX-License-Identifier: MIT */
/*
 * Event channels: ports, their two ends, and delivery.
 *
 * What a port may do in which state is decided by core/evtchn.h, how the guest's bitmaps change by
 * core/evtchn_2l.h. Here are the ports' memory, the locks and the vCPUs that are to be woken.
 *
 * Both ends of a channel change under both domains' event locks, so holding either keeps the
 * channel as it is: a sender takes only its own.
 */
#ifndef XEN_LITE_DOMAIN_EVTCHN_H
#define XEN_LITE_DOMAIN_EVTCHN_H

#include "core/rules.h"
#include "domain/domain.h"

/* What an operation found: the rule that it would break, or RULE_NONE; and the port that it made.
 */
struct evtchn_result {
    enum rule_id rule;
    evtchn_port_t port;
};

/* At creation; port 0 is reserved for ever. 0 or -XEN_ENOMEM. */
int evtchn_init(struct domain *d);

/* Closes all ports of a domain at its end. One port a step; true when all are closed, false if it
 * was preempted and is to be called again. */
bool evtchn_close_all(struct domain *d);

/* EVTCHNOP_reset: closes all but those that the hypervisor serves, and goes back to two-level
 * events. Preempted in the same way; at the end *rule says EVT-23 if another vCPU has made ports
 * meanwhile. */
bool evtchn_reset(struct domain *d, enum rule_id *rule);

/* Frees the ports of a domain that nobody knows any more. */
void evtchn_destroy(struct domain *d);

/* ---- The operations, on the caller's own ports (d); no lock held ---- */

struct evtchn_result evtchn_alloc_unbound(struct domain *d, domid_t remote);
struct evtchn_result evtchn_bind_interdomain(struct domain *d, struct domain *remote,
                                             evtchn_port_t remote_port);
struct evtchn_result evtchn_bind_virq(struct domain *d, uint32_t virq, uint32_t vcpu);
struct evtchn_result evtchn_bind_ipi(struct domain *d, uint32_t vcpu);
enum rule_id evtchn_close(struct domain *d, evtchn_port_t port);
enum rule_id evtchn_send(struct domain *d, evtchn_port_t port);
enum rule_id evtchn_unmask(struct domain *d, evtchn_port_t port);
enum rule_id evtchn_bind_vcpu(struct domain *d, evtchn_port_t port, uint32_t vcpu);
enum rule_id evtchn_status(struct domain *d, struct evtchn_status *status);

/* At boot: debug key e. */
void evtchn_init_keys(void);

/* ---- FIFO events (domain/evtchn_fifo.c) ---- */

/* EVTCHNOP_init_control: gives a vCPU its control block; the first changes the domain to FIFO
 * events. EVT-9, -17, -18, -19, -22. */
enum rule_id evtchn_fifo_init_control(struct domain *d, uint32_t vcpu, mfn_t frame,
                                      uint32_t offset);
/* EVTCHNOP_expand_array: EVT-15, -18, -20. */
enum rule_id evtchn_fifo_expand(struct domain *d, mfn_t frame);
/* EVTCHNOP_set_priority: EVT-1, -13, -24, -21. */
enum rule_id evtchn_set_priority(struct domain *d, evtchn_port_t port, uint32_t priority);
/* Calls f for each frame that is held for d's FIFO events. For the audit: nothing changes. */
void evtchn_fifo_for_each_frame(const struct domain *d, void (*f)(void *arg, mfn_t frame),
                                void *arg);
/* At the end of d, when its ports are closed: gives its frames back. */
void evtchn_fifo_end(struct domain *d);

/* ---- Delivery ---- */

/* Raises virq on v (per-vCPU) or on d (global: any vCPU's binding); nothing if it is not bound. No
 * event lock held. */
void evtchn_virq(struct vcpu *v, unsigned int virq);
void evtchn_global_virq(struct domain *d, unsigned int virq);

/* A port of d whose other end is the hypervisor itself: when the guest sends on it, notify(d) is
 * called without a lock. Returns the port or a negative errno. For the console ring. */
long evtchn_bind_hypervisor(struct domain *d, void (*notify)(void *domain));
/* Sends on such a port towards the guest; nothing if the guest has closed it. */
void evtchn_notify_guest(struct domain *d, evtchn_port_t port);

/* True if v has an unmasked upcall waiting. */
static inline bool evtchn_upcall_wanted(const struct vcpu *v)
{
    const struct shared_vcpu *info = v->info;

    return READ_ONCE(info->evtchn_upcall_pending) && !READ_ONCE(info->evtchn_upcall_mask);
}

/* True if port is one in use and its event is pending; for SCHEDOP_poll. *rule says if it is not.
 */
bool evtchn_is_pending(struct domain *d, evtchn_port_t port, enum rule_id *rule);

/* VCPUOP_register_vcpu_info: from now on v's events are told in `info`, which gets a copy of the
 * old and lies in `frame`. Tells v once to look at all ports, so that nothing is lost in between.
 * False, and nothing is done: it was moved before. */
bool evtchn_move_info(struct vcpu *v, struct shared_vcpu *info, mfn_t frame);

/* v, the current vCPU, is about to wait for ports, or waits no more: between the two each event of
 * its domain asks whether it ends the wait (.poll_port). */
void evtchn_poll_begin(struct vcpu *v);
void evtchn_poll_end(struct vcpu *v);

#endif
