/* SPDX-License-Identifier: MIT */
/*
 * A guest's timers: one-shot and periodic ones of each vCPU, the time-out of SCHEDOP_poll, and the
 * domain's watchdogs.
 *
 * A timer of the hypervisor lives on the CPU that set it (hv/timer.h), so that one may fire on
 * another CPU than its vCPU's: then the event is noted there and the vCPU is kicked, as for any
 * event. Only the periodic timer follows its vCPU: a vCPU that does not run is not to be woken by
 * ticks.
 */
#include "core/guest_timer.h"
#include "domain/evtchn.h"
#include "domain/sched.h"
#include "domain/time.h"
#include "lib/atomic.h"
#include "x86/clock.h"

/* 100 Hz: what a PV guest has until it says otherwise, from the days when that was its only clock.
 */
#define DEFAULT_PERIOD_NS 10000000UL

/* The one-shot timer. Nothing if the guest has not bound VIRQ_TIMER. */
static void timer_event(void *arg)
{
    evtchn_virq(arg, VIRQ_TIMER);
}

static void poll_over(void *arg)
{
    struct vcpu *v = arg;

    /* It may have been woken by an event and sleep again for another reason. */
    if (atomic_load(&v->poll_port) != POLL_NONE)
        vcpu_wake(v);
}

static void periodic_event(void *arg)
{
    struct vcpu *v = arg;
    uint64_t period = atomic_load(&v->period);
    uint64_t now = now_ns();

    /* Stopped by another CPU while this was under way. */
    if (period == 0)
        return;
    /* Counted from now, not from when it was due: after a long halt one tick comes, not a hundred.
     */
    v->period_last = now;
    timer_set(&v->periodic, time_add(now, period));
    evtchn_virq(v, VIRQ_TIMER);
}

void timers_init_vcpu(struct vcpu *v)
{
    timer_init(&v->singleshot, timer_event, v);
    timer_init(&v->periodic, periodic_event, v);
    timer_init(&v->poll_timer, poll_over, v);
    v->period = DEFAULT_PERIOD_NS;
}

void timers_stop_vcpu(struct vcpu *v)
{
    atomic_store(&v->period, 0);
    timer_stop(&v->singleshot);
    timer_stop(&v->periodic);
    timer_stop(&v->poll_timer);
}

void timers_switch_in(struct vcpu *v)
{
    uint64_t period = atomic_load(&v->period);

    v->period_loaded = period;
    if (period == 0)
        return;
    /* If it is overdue it fires at once, before the guest runs. */
    timer_set(&v->periodic, time_add(v->period_last, period));
}

void timers_switch_out(struct vcpu *v)
{
    /* Not by .period: that may have become 0 while the timer was set. */
    if (v->period_loaded != 0)
        timer_stop(&v->periodic);
}

void timers_restart_periodic(struct vcpu *v)
{
    timers_switch_out(v);
    timers_switch_in(v);
}

/* A moment that has passed comes within the call, as on Xen: the alarm would come later. */
static void set_singleshot(struct vcpu *v, uint64_t when, uint64_t now)
{
    if (when > now) {
        timer_set(&v->singleshot, when);
        return;
    }
    timer_stop(&v->singleshot);
    evtchn_virq(v, VIRQ_TIMER);
}

void timers_set_deadline(struct vcpu *v, int64_t deadline)
{
    uint64_t now = now_ns();
    uint64_t when;

    if (guest_deadline(deadline, now, &when))
        set_singleshot(v, when, now);
    else
        timer_stop(&v->singleshot);
}

void timers_set_singleshot(struct vcpu *v, uint64_t moment)
{
    set_singleshot(v, guest_moment(moment), now_ns());
}

void timers_set_period(struct vcpu *v, uint64_t period)
{
    atomic_store(&v->period, period);
    if (v == current_vcpu()) {
        v->period_last = now_ns();
        timers_restart_periodic(v);
        return;
    }
    /* The timer is for the CPU to set that has v loaded, if one has: it is told to look. */
    vcpu_look(v);
}

void timers_set_poll(struct vcpu *v, uint64_t deadline)
{
    if (deadline != 0)
        timer_set(&v->poll_timer, guest_moment(deadline));
    else
        timer_stop(&v->poll_timer);
}

/* ---- watchdogs ---- */

/* The guest has not fed it: from here on as if it had shut down for this reason itself. */
static void watchdog_bites(void *arg)
{
    domain_shutdown(arg, SHUTDOWN_watchdog);
}

void watchdogs_init(struct domain *d)
{
    for (unsigned int i = 0; i < WATCHDOGS; i++)
        timer_init(&d->watchdog[i], watchdog_bites, d);
}

void watchdogs_stop(struct domain *d)
{
    for (unsigned int i = 0; i < WATCHDOGS; i++)
        timer_stop(&d->watchdog[i]);
}

/* The first that is not in use, or WATCHDOGS. w held. */
static unsigned int free_watchdog(const struct domain *d)
{
    unsigned int i = 0;

    while (i < WATCHDOGS && (d->watchdogs_used & BIT(i)))
        i++;
    return i;
}

/* One that is there: begins anew, or is given back. w held. */
static void feed_or_stop(struct domain *d, unsigned int i, uint32_t seconds)
{
    if (seconds != 0) {
        d->watchdogs_used |= (uint8_t)BIT(i);
        timer_set(&d->watchdog[i], now_ns() + seconds * NS_PER_SECOND);
    } else {
        d->watchdogs_used &= (uint8_t)~BIT(i);
        timer_stop(&d->watchdog[i]);
    }
}

enum rule_id watchdog_set(struct domain *d, uint32_t id, uint32_t seconds, long *result)
{
    enum rule_id rule = RULE_NONE;
    unsigned int i;

    *result = 0;
    if (id > WATCHDOGS || (id == 0 && seconds == 0))
        return RULE_SCHED_4;
    spin_lock(&d->watchdog_lock);
    i = id != 0 ? id - 1 : free_watchdog(d);
    if (i == WATCHDOGS)
        rule = RULE_SCHED_5;
    else if (id != 0 && !(d->watchdogs_used & BIT(i)))
        rule = RULE_SCHED_4;
    else
        feed_or_stop(d, i, seconds);
    spin_unlock(&d->watchdog_lock);
    if (id == 0 && rule == RULE_NONE)
        *result = i + 1;
    return rule;
}
