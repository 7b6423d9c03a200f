/* SPDX-License-Identifier: MIT */
/*
 * A guest's time: vcpu_time_info with the version protocol, wall clock, run state, timers.
 */
#ifndef XEN_LITE_DOMAIN_TIME_H
#define XEN_LITE_DOMAIN_TIME_H

#include "core/rules.h"
#include "domain/domain.h"
#include "lib/atomic.h"

/* ---- domain/time.c ---- */

/* Writes vcpu_time_info (and the registered area, if v is current); called when v is loaded and
 * when one of the two places changes. */
void time_update_vcpu(struct vcpu *v);
/* Writes what v's clock is to an address of the current vCPU, of the same domain: v itself may run
 * on for long before it passes the scheduler. */
void time_publish(struct vcpu *v, gva_t area);
/* Writes UTC at system time 0 into shared_info: once, as it does not change. */
void time_update_wallclock(struct domain *d);

/* v enters a RUNSTATE_* at `now` (ns of system time); the time since the last change is booked on
 * the state that it leaves. r held. */
void runstate_change(struct vcpu *v, int state, uint64_t now);
/* What VCPUOP_get_runstate_info tells: the accounts up to now. */
void runstate_get(struct vcpu *v, struct vcpu_runstate_info_64 *info);
/* Copies it to the area that v has registered, if any. v is current. */
void runstate_publish(struct vcpu *v);

/* ---- domain/timers.c ---- */

/* Nothing is set but the 100 Hz tick that PV guests begin with. */
void timers_init_vcpu(struct vcpu *v);
/* Stops all timers of v, which does not run any more. */
void timers_stop_vcpu(struct vcpu *v);
/* v was loaded on this CPU, or is about to leave it: the periodic timer runs only in between. */
void timers_switch_in(struct vcpu *v);
void timers_switch_out(struct vcpu *v);
/* v, which stays on this CPU, may have been given another period by another vCPU. */
void timers_restart_periodic(struct vcpu *v);
static inline void timers_stay(struct vcpu *v)
{
    if (unlikely(atomic_load(&v->period) != v->period_loaded))
        timers_restart_periodic(v);
}

/* set_timer_op: an event at system time `deadline`; 0: none any more. */
void timers_set_deadline(struct vcpu *v, int64_t deadline);
/* VCPUOP_set_singleshot_timer: the same at a moment, which may be 0: long ago. */
void timers_set_singleshot(struct vcpu *v, uint64_t moment);
/* VCPUOP_set_periodic_timer and its end (0). */
void timers_set_period(struct vcpu *v, uint64_t period);
/* For SCHEDOP_poll; 0: no time-out. */
void timers_set_poll(struct vcpu *v, uint64_t deadline);

void watchdogs_init(struct domain *d);
void watchdogs_stop(struct domain *d);
/* SCHEDOP_watchdog: id 0 makes one. *result: its id or 0. */
enum rule_id watchdog_set(struct domain *d, uint32_t id, uint32_t seconds, long *result);

#endif
