/* SPDX-License-Identifier: MIT */
/*
 * The scheduler, fourth part: what a domain with cap= may still run in this period.
 *
 * The hard idea is that nobody is parked for ever. Who parks a vCPU finds the budget spent under
 * the lock of its queue; the refill first adds, then takes each vCPU's lock to queue it: one of the
 * two sees the other. And the refill stops when nothing was used; it clears .refilling, then looks
 * at the budget once more, while who runs takes from the budget, then looks at .refilling.
 */
#include "core/cap.h"
#include "domain/sched_internal.h"
#include "domain/time.h"
#include "lib/atomic.h"
#include "x86/clock.h"

/* The next refill, a period after `begin`, is this CPU's to do: nobody else does it. */
static void start_period(struct domain *d, uint64_t begin)
{
    d->refill_at = time_add(begin, CAP_PERIOD_NS);
    timer_set(&d->refill, d->refill_at);
}

void sched_cap_charge(struct domain *d, uint64_t ns, uint64_t now)
{
    ns = min(ns, (uint64_t)CAP_DEBT_MAX_NS);
    (void)atomic_sub_return(&d->budget_left, (int64_t)ns);
    if (!atomic_load(&d->refilling) && !atomic_exchange(&d->refilling, true))
        start_period(d, now - ns);
}

/* Adds what the periods are worth that have begun by now; what was there before is the result. */
static int64_t add_budget(struct domain *d, uint64_t now)
{
    uint64_t periods = cap_periods(d->refill_at, now);
    int64_t before = atomic_load(&d->budget_left);

    d->refill_at += (periods - 1) * CAP_PERIOD_NS;
    while (!atomic_cmpxchg(&d->budget_left, &before, cap_refill(before, d->budget, periods)))
        continue;
    return before;
}

/* A vCPU that seems to run may be on its way into its queue, or past it. Who becomes ready later
 * finds the budget. */
static void queue_parked(struct domain *d)
{
    for (unsigned int id = 0; id < MAX_VCPUS; id++) {
        enum vcpu_state state = d->vcpu[id] != NULL ? READ_ONCE(d->vcpu[id]->state) : VCPU_DOWN;

        if (state == VCPU_RUNNABLE || state == VCPU_RUNNING)
            sched_enqueue(d->vcpu[id]);
    }
}

static void refill(void *arg)
{
    struct domain *d = arg;
    int64_t before = add_budget(d, now_ns());

    if (before <= 0)
        queue_parked(d);
    if (before != (int64_t)d->budget) {
        start_period(d, d->refill_at);
        return;
    }
    /* Nobody has run in this period. */
    (void)atomic_exchange(&d->refilling, false);
    if (atomic_load(&d->budget_left) != before && !atomic_exchange(&d->refilling, true))
        start_period(d, now_ns());
}

void sched_init_cap(struct domain *d)
{
    d->budget = cap_budget(d->config.cap);
    d->budget_left = (int64_t)d->budget;
    timer_init(&d->refill, refill, d);
}

void sched_stop_cap(struct domain *d)
{
    timer_stop(&d->refill);
}
