/* SPDX-License-Identifier: MIT */
/*
 * What sched.c (who runs) and sched_state.c (who wants to run) share.
 */
#ifndef XEN_LITE_DOMAIN_SCHED_INTERNAL_H
#define XEN_LITE_DOMAIN_SCHED_INTERNAL_H

#include "domain/domain.h"
#include "domain/sched.h"
#include "lib/atomic.h"

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
    uint64_t content;      /* o: ns that the first that waits may stay here (sched_push_begin) */
    bool idling;           /* o: in the idle loop: schedule() only asks it to look again */
    bool look_again;       /* o */

    /* What others go by who look for a better place for a vCPU: a hint, as they read it without the
     * lock. The clock stood at this at that moment; it runs on, by the weight, if one runs alone
     * here, which nobody interrupts. */
    uint64_t clock;       /* a: in the time of all queues */
    uint64_t clock_stamp; /* a: ns of system time; 0: nobody runs here */
    uint32_t alone;       /* a: weight of the one who runs alone, or 0 */
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

/* What the clocks of the CPUs say that are in the set and not `but`: the one that is furthest, in
 * *clock, and the CPU as result; `but` itself if nothing runs on any other. */
unsigned int sched_furthest_clock(cpu_set_t set, unsigned int but, uint64_t now, uint64_t *clock);

/* ---- domain/sched_balance.c ---- */

/* Writes down what the queue's clock says. By its CPU. r held. */
void sched_publish_clock(struct cpu_queue *q, uint64_t now);

/* If the first that waits here is too far behind another CPU's clock, and may run there: takes it
 * out of the queue, to be queued there by sched_push_end(). Null: it stays, for q->content ns.
 * r held. */
struct vcpu *sched_push_begin(struct cpu_queue *q, uint64_t now, bool *marked);
void sched_push_end(struct vcpu *v, bool marked);

/* The same for the vCPUs of the domain that runs here: one that waits goes where clearly fewer of
 * them are; and where one less is, they take turns. */
struct vcpu *sched_spread_begin(struct cpu_queue *q, uint64_t now, bool *marked);

/* Moves a vCPU that waits for another CPU into this CPU's queue, if there is one that may run here.
 */
void sched_steal(void);

/* Somebody is to be queued on this CPU, where one runs alone: sets the queue's clock by the
 * others'. r held. */
void sched_align(struct cpu_queue *q, unsigned int cpu, uint64_t now);

/* This CPU no longer has d's tables loaded, nor a vCPU of it in its hands. d may be gone
 * afterwards. */
void sched_leave_domain(struct domain *d);

/* ---- domain/sched_cap.c ---- */

/* True if none of the domain's vCPUs is to run before the next refill. */
static inline bool sched_is_spent(const struct domain *d)
{
    return unlikely(d->budget != 0) && atomic_load(&d->budget_left) <= 0;
}

/* A vCPU of a capped domain has run for so long until now. r of any CPU held. */
void sched_cap_charge(struct domain *d, uint64_t ns, uint64_t now);

/* v waits in a busy CPU's queue: asks a CPU that has nothing to do to come and take it. */
void sched_tickle(const struct vcpu *v);

/* Takes v out of its queue if it waits in one. r held. */
void sched_dequeue(struct cpu_queue *q, struct vcpu *v);

#endif
