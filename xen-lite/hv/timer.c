/* SPDX-License-Identifier: MIT */
/*
 * Timer queues.
 *
 * One pairing heap a CPU: a tree in which no timer is due before its parent. Setting costs a few
 * steps, taking out the first some log n on average. The CPU's alarm is set for the first one.
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

/* Keys: t = .lock; a = atomic, written by its own CPU. */
static struct queue {
    struct spinlock lock;
    struct timer *first;   /* t: root of the heap */
    struct timer *running; /* a: whose function is being called */
} ALIGNED(64) queues[MAX_CPUS];

/* Both are roots; either may be null. Returns the root of both. */
static struct timer *merge(struct timer *a, struct timer *b)
{
    if (a == NULL || b == NULL)
        return a != NULL ? a : b;
    if (b->deadline < a->deadline) {
        struct timer *t = a;

        a = b;
        b = t;
    }
    b->prev = a;
    b->next = a->child;
    if (a->child != NULL)
        a->child->prev = b;
    a->child = b;
    a->next = NULL;
    return a;
}

/* Makes one heap of the children in a list: first in pairs, then all the pairs. */
static struct timer *merge_children(struct timer *list)
{
    struct timer *pairs = NULL;
    struct timer *root = NULL;

    while (list != NULL) {
        struct timer *a = list;
        struct timer *b = a->next;

        list = b != NULL ? b->next : NULL;
        a->next = NULL;
        if (b != NULL)
            b->next = NULL;
        a = merge(a, b);
        a->next = pairs;
        pairs = a;
    }
    while (pairs != NULL) {
        struct timer *after = pairs->next;

        pairs->next = NULL;
        root = merge(root, pairs);
        pairs = after;
    }
    return root;
}

/* The queue's lock is held, the timer is set. */
static void take_out(struct queue *q, struct timer *t)
{
    if (q->first == t) {
        q->first = merge_children(t->child);
    } else {
        if (t->prev->child == t)
            t->prev->child = t->next;
        else
            t->prev->next = t->next;
        if (t->next != NULL)
            t->next->prev = t->prev;
        q->first = merge(q->first, merge_children(t->child));
    }
    t->child = t->next = t->prev = NULL;
    t->set = false;
}

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
    while (q != here) {
        if (t->set)
            take_out(q, t);
        t->cpu = cpu_id();
        spin_unlock(&q->lock);
        q = lock_queue_of(t);
    }
    if (t->set)
        take_out(q, t);
    t->deadline = deadline;
    t->set = true;
    here->first = merge(here->first, t);
    if (here->first == t)
        clock_set_alarm(deadline);
    spin_unlock(&here->lock);
}

void timer_stop(struct timer *t)
{
    struct queue *q = lock_queue_of(t);

    if (t->set)
        take_out(q, t);
    spin_unlock(&q->lock);

    /* Its function may be running. The alarm is left as it is: it finds nothing to do. */
    while (q != &queues[cpu_id()] && atomic_load(&q->running) == t) {
        tlb_serve();
        cpu_relax();
    }
}

/* Calls the functions of all timers that are due. */
static void run(void)
{
    struct queue *q = &queues[cpu_id()];

    for (;;) {
        spin_lock(&q->lock);
        struct timer *t = q->first;

        if (t == NULL || t->deadline > now_ns()) {
            clock_set_alarm(t != NULL ? t->deadline : UINT64_MAX);
            spin_unlock(&q->lock);
            return;
        }
        take_out(q, t);
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
