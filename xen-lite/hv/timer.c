/* SPDX-License-Identifier: MIT */
/*
 * Timer queues.
 *
 * One heap a CPU, ordered by deadline; the CPU's alarm is set for the first one.
 *
 * The hard idea: a timer may be set and stopped by any CPU while its function runs on another. Who
 * stops one looks for that only at the CPU whose queue it is in; so a timer whose function is
 * running stays with that CPU, also if it is set elsewhere.
 */
#include "hv/timer.h"

#include "hv/lock.h"
#include "hv/work.h"
#include "lib/atomic.h"
#include "lib/types.h"
#include "x86/clock.h"
#include "x86/cpu.h"
#include "x86/instr.h"
#include "x86/interrupt.h"
#include "x86/tlb.h"
#include "x86/vector.h"

/* Keys: t = .lock; a = atomic, set by its own CPU with .lock held, cleared without. */
static struct queue {
    struct spinlock lock;
    struct heap timers;    /* t */
    struct timer *running; /* a: whose function is being called */
} ALIGNED(64) queues[MAX_CPUS];

/* Locks the queue that the timer belongs to, which may change until one has the lock. */
static struct queue *lock_queue_of(struct timer *t)
{
    for (;;) {
        uint32_t cpu = READ_ONCE(t->cpu);
        struct queue *q = &queues[cpu];

        spin_lock(&q->lock);
        if (t->cpu == cpu)
            return q;
        spin_unlock(&q->lock);
    }
}

void timer_init(struct timer *t, void (*fire)(void *arg), void *arg)
{
    *t = (struct timer){ .fire = fire, .arg = arg, .cpu = cpu_id() };
}

void timer_set(struct timer *t, uint64_t deadline)
{
    struct queue *here = &queues[cpu_id()];
    struct queue *q = lock_queue_of(t);

    /* Between the two locks another CPU may take the timer or set it: then begin again. */
    while (q != here && atomic_load(&q->running) != t) {
        if (t->node.linked)
            heap_remove(&q->timers, &t->node);
        t->cpu = cpu_id();
        spin_unlock(&q->lock);
        q = lock_queue_of(t);
    }
    if (t->node.linked)
        heap_change(&q->timers, &t->node, deadline);
    else
        heap_add(&q->timers, &t->node, deadline);
    /* Another CPU that runs the function looks at its queue once more and sets its own alarm. */
    if (q == here && q->timers.first == &t->node)
        clock_set_alarm(deadline);
    spin_unlock(&q->lock);
}

void timer_stop(struct timer *t)
{
    bool runs;

    do {
        struct queue *q = lock_queue_of(t);

        if (t->node.linked)
            heap_remove(&q->timers, &t->node);
        runs = q != &queues[cpu_id()] && atomic_load(&q->running) == t;
        spin_unlock(&q->lock);

        /* Its function may set it once more: looked at again when that is over. */
        while (runs && atomic_load(&q->running) == t) {
            tlb_serve();
            cpu_relax();
        }
    } while (runs);
    /* The alarm is left as it is: it finds nothing to do. */
}

/* Calls the functions of all timers that are due. */
static void run(void)
{
    struct queue *q = &queues[cpu_id()];

    for (;;) {
        spin_lock(&q->lock);
        struct heap_node *first = q->timers.first;

        if (first == NULL || first->key > now_ns()) {
            clock_set_alarm(first != NULL ? first->key : UINT64_MAX);
            spin_unlock(&q->lock);
            return;
        }
        struct timer *t = container_of(first, struct timer, node);

        heap_remove(&q->timers, first);
        atomic_store(&q->running, t);
        spin_unlock(&q->lock);
        t->fire(t->arg);
        atomic_store(&q->running, NULL);
    }
}

static void alarm_rang(void)
{
    work_raise(WORK_TIMER);
}

void timers_init(void)
{
    for (unsigned int cpu = 0; cpu < MAX_CPUS; cpu++)
        queues[cpu].lock = SPINLOCK(LOCK_TIMER);
    work_register(WORK_TIMER, run);
    interrupt_set_handler(VECTOR_TIMER, alarm_rang);
}
