/* SPDX-License-Identifier: MIT */
/*
 * The end of a domain, taken apart in the background, a bounded step at a time, while others run.
 *
 *     STOPPING   until no CPU has a vCPU of it loaded, nor its page tables
 *     CLOSING    timers stop, ports close, what it has printed is written out
 *     EMPTYING   its frames are given back
 *     GONE       vCPUs are freed, it leaves the list; its end is told (life.c)
 *
 * A domain that is being taken apart is in a list; whichever CPU has WORK_REAP set takes them off
 * one after the other, does a step with each and puts back what is not finished.
 */
#include "domain/console_ring.h"
#include "domain/evtchn.h"
#include "domain/life.h"
#include "domain/list.h"
#include "domain/sched.h"
#include "domain/time.h"
#include "hv/power.h"
#include "hv/print.h"
#include "hv/work.h"
#include "lib/atomic.h"
#include "x86/clock.h"

/* At most so long at a time, then so long for the guests of this CPU. */
#define STEP_NS     200000UL
#define GAP_NS      300000UL
/* If all that is left waits for others to unmap what they have of it. */
#define HELD_GAP_NS 10000000UL

/* A leaf beside all others; the list's links are under it. */
static struct spinlock reap_lock = SPINLOCK(LOCK_DOMAIN_LIST);
static struct list_node reap_list = LIST_INIT(reap_list);
static uint32_t stopping; /* a: domains of which a CPU may still have something loaded */

static struct timer pace[MAX_CPUS]; /* by CPU: ends a step, then begins the next */
static unsigned long (*audit_hook)(void);

static void reap_again(void *arg)
{
    (void)arg;
    work_raise(WORK_REAP);
}

void domain_reap_continue(void)
{
    if (unlikely(atomic_load(&stopping) != 0))
        work_raise(WORK_REAP);
}

/* Puts d (back) into the list. */
static void put_in(struct domain *d)
{
    spin_lock(&reap_lock);
    list_add_last(&reap_list, &d->reap_link);
    spin_unlock(&reap_lock);
}

void domain_reap(struct domain *d)
{
    atomic_store(&d->life, DOMAIN_STOPPING);
    atomic_store(&d->dying, true);
    /* Before its vCPUs' CPUs look whether there is something to reap (domain_reap_continue). */
    (void)atomic_add_return(&stopping, 1);
    put_in(d);
    work_raise(WORK_REAP);
}

static struct domain *take_out(void)
{
    struct list_node *first;

    spin_lock(&reap_lock);
    first = list_take_first(&reap_list);
    spin_unlock(&reap_lock);
    return first != NULL ? list_entry(first, struct domain, reap_link) : NULL;
}

/* Nobody sets one again: no vCPU runs. */
static void stop_timers(struct domain *d)
{
    watchdogs_stop(d);
    sched_stop_cap(d);
    for (unsigned int id = 0; id < MAX_VCPUS; id++) {
        if (d->vcpu[id] != NULL)
            timers_stop_vcpu(d->vcpu[id]);
    }
}

static void free_vcpus(struct domain *d)
{
    for (unsigned int id = 0; id < MAX_VCPUS; id++) {
        struct vcpu *v = d->vcpu[id];

        /* Under the lock, because an event for the whole domain may just look for vCPU 0. */
        spin_lock(&d->event_lock);
        d->vcpu[id] = NULL;
        spin_unlock(&d->event_lock);
        if (v != NULL)
            vcpu_free(v);
    }
}

/* All domains have ended: nothing is left to do. */
static void all_over(void)
{
    if (audit_hook != NULL) {
        unsigned long wrong = audit_hook();

        if (wrong == 0)
            status_line("audit ok");
        else
            status_line("audit failed %lu", wrong);
    }
    print(LOG_INFO, "all domains have ended: powering off\n");
    status_line("halted");
    power_off();
}

static void finish(struct domain *d)
{
    free_vcpus(d);
    life_ended(d);
    domain_list_remove(d);
}

/* Goes as far as possible. True when d is gone, false if it is to be looked at again. */
static bool reap_one(struct domain *d)
{
    switch ((enum domain_life)d->life) {
    case DOMAIN_BUILDING:
    case DOMAIN_ALIVE:
    case DOMAIN_PRESERVED:
    case DOMAIN_STOPPING:
        if (!domain_is_descheduled(d))
            return false;
        (void)atomic_sub_return(&stopping, 1);
        stop_timers(d);
        /* A reset that the guest had begun may have left it anywhere. */
        atomic_store(&d->port_reset, 0);
        d->life = DOMAIN_CLOSING;
        /* fall through */
    case DOMAIN_CLOSING:
        if (!evtchn_close_all(d) || !console_flush(d))
            return false;
        evtchn_fifo_end(d);
        d->life = DOMAIN_EMPTYING;
        /* fall through */
    case DOMAIN_EMPTYING:
        if (!d->ops->relinquish(d)) {
            /* Others may hold some of it for long: what comes after it does not wait for that. */
            if (d->held)
                life_ended(d);
            return false;
        }
        d->life = DOMAIN_GONE;
        /* fall through */
    case DOMAIN_GONE: break;
    }
    finish(d);
    return true;
}

/* One round over the list, as long as there is time. When to look again. */
static uint64_t reap_some(uint64_t end)
{
    struct domain *first = NULL;
    uint64_t gap = HELD_GAP_NS;
    struct domain *d;

    while (now_ns() < end && (d = take_out()) != NULL) {
        if (reap_one(d))
            continue;
        if (!d->held)
            gap = GAP_NS;
        put_in(d);
        if (d == first)
            return gap;
        if (first == NULL)
            first = d;
    }
    return GAP_NS;
}

/* Handler of WORK_REAP. One CPU at a time does it: several would only wait for each other, at the
 * page allocator's lock. What is not finished is looked at again after a gap, which also catches a
 * domain that left its last CPU, or came to the list, while this was going on. */
static void reap(void)
{
    static bool busy; /* a */
    struct timer *timer = &pace[cpu_id()];
    uint64_t gap, next;

    if (atomic_exchange(&busy, true))
        return;
    /* When it is due, preempt_wanted() says so to all that runs below. */
    timer_set(timer, now_ns() + STEP_NS);
    gap = reap_some(now_ns() + STEP_NS);
    next = max(life_work(now_ns() + STEP_NS), now_ns() + GAP_NS);
    if (life_all_over())
        all_over();
    atomic_store(&busy, false);
    /* Only now: who came while we were busy has gone away again. */
    memory_fence();
    if (!list_is_empty(&reap_list))
        next = min(next, now_ns() + gap);
    if (next == UINT64_MAX)
        timer_stop(timer);
    else
        timer_set(timer, next);
}

void destroy_init(unsigned long (*audit)(void))
{
    audit_hook = audit;
    for (unsigned int cpu = 0; cpu < MAX_CPUS; cpu++)
        timer_init(&pace[cpu], reap_again, NULL);
    work_register(WORK_REAP, reap);
}
