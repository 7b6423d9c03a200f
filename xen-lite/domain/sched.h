/* SPDX-License-Identifier: MIT */
/*
 * Which vCPU runs on which CPU.
 *
 * There is no hypervisor stack per vCPU and no idle vCPU: schedule() is called on the way back to a
 * guest (work handler), copies the frame of the vCPU that leaves out of cpu_top()->guest and that
 * of the next one in, and returns. When there is nothing to run it loads the hypervisor's own page
 * table and halts with interrupts on until there is.
 */
#ifndef XEN_LITE_DOMAIN_SCHED_H
#define XEN_LITE_DOMAIN_SCHED_H

#include "domain/evtchn.h"
#include "lib/atomic.h"

/* Before the first domain: run queues of all CPUs, the handler of WORK_SCHEDULE. */
void sched_init(void);

/* Handler of WORK_SCHEDULE. */
void schedule(void);

/* First entry of a CPU into the guest world: picks a vCPU (or idles) and returns with its frame in
 * place (main.c then leaves by the exit path). */
void sched_start(void);

void sched_init_domain(struct domain *d); /* d->config is there */
void sched_init_cap(struct domain *d);    /* the same; part of it */
void sched_stop_cap(struct domain *d);    /* for good: none of its vCPUs runs any more */
void sched_init_vcpu(struct vcpu *v);

void vcpu_wake(struct vcpu *v);      /* BLOCKED -> RUNNABLE; harmless otherwise */
void vcpu_block(struct vcpu *v);     /* current vCPU: blocks unless an event is pending */
void vcpu_yield(struct vcpu *v);     /* current vCPU: others first */
void vcpu_bring_up(struct vcpu *v);  /* DOWN -> RUNNABLE */
void vcpu_take_down(struct vcpu *v); /* any -> DOWN */

/* Current vCPU, SCHEDOP_poll: blocks whatever is pending; the caller looks at its ports afterwards
 * and undoes it by vcpu_wake(). */
void vcpu_block_always(struct vcpu *v);

/* v, the current vCPU, has something to see that ends its sleep, or does not let it begin: an
 * upcall that is not masked, or an NMI when it is in no handler of one. */
static inline bool vcpu_has_news(const struct vcpu *v)
{
    return evtchn_upcall_wanted(v) || (atomic_load(&v->nmi_pending) && !v->nmi_blocked);
}

/* v has something other than an event to see, an NMI: as vcpu_kick(), and its exit path does not
 * only look for events. */
void vcpu_notice(struct vcpu *v);

/* Something of v was changed that its CPU, if it runs, goes by: that CPU passes schedule(). Who
 * calls has made the change by an atomic access. */
void vcpu_look(const struct vcpu *v);

/* v has a new event: wakes it, or makes it pass the exit path if it runs on another CPU. */
void vcpu_kick(struct vcpu *v);

void vcpu_pause_all(struct domain *d);              /* asks all to stop, for ever; does not wait */
bool domain_is_descheduled(const struct domain *d); /* none of its vCPUs is loaded anywhere */

/* The vCPU whose state is loaded on this CPU, or null. */
static inline struct vcpu *current_vcpu(void)
{
    return cpu_top()->vcpu;
}

#endif
