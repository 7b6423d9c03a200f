/* SPDX-License-Identifier: MIT */
/*
 * What sched.c (who runs) and sched_state.c (who wants to run) share.
 */
#ifndef XEN_LITE_DOMAIN_SCHED_INTERNAL_H
#define XEN_LITE_DOMAIN_SCHED_INTERNAL_H

#include "domain/sched.h"

/*
 * What a CPU chooses from. Each is on a cache line of its own, as others come only to queue a vCPU,
 * to stop one, or to steal.
 *
 * Keys: q = .lock; o = only this CPU.
 */
struct cpu_queue {
    struct spinlock lock;
    struct runqueue queue; /* q: vCPUs that wait for this CPU */
    struct vcpu *running;  /* q: the one that was chosen last */
    struct timer turn;     /* o: end of the turn of the one that runs, set while others wait */
    bool idling;           /* o: in the idle loop: schedule() only asks it to look again */
    bool look_again;       /* o */
} ALIGNED(64);

extern struct cpu_queue sched_queues[MAX_CPUS];

/* a: CPUs that are in the idle loop and that nobody has yet chosen for a vCPU. */
extern cpu_set_t sched_idle_cpus;

/* v's domain in the run queue of the CPU that v belongs to. r held. */
static inline struct runqueue_group *sched_group(const struct vcpu *v)
{
    return &v->domain->run_group[v->cpu];
}

/* Locks the run queue of the CPU that v belongs to, which may change until the lock is held. */
struct cpu_queue *sched_lock_queue(struct vcpu *v);

/* Books the time that the one who runs here has used up to now: before another is put beside it,
 * who would else be compared with what is long past. r held. */
void sched_charge(struct cpu_queue *q, uint64_t now);

/* Queues v, which has become RUNNABLE and is on no CPU, where v->cpu says, and makes that CPU look.
 * No run queue lock held. */
void sched_enqueue(struct vcpu *v);

/* v waits in a busy CPU's queue: asks a CPU that has nothing to do to come and take it. */
void sched_tickle(const struct vcpu *v);

/* Takes v out of its queue if it waits in one. r held. */
void sched_dequeue(struct cpu_queue *q, struct vcpu *v);

#endif
