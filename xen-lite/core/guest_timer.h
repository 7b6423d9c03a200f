/* SPDX-License-Identifier: MIT */
/*
 * What the moments and periods mean that guests pass to the timer calls.
 */
#ifndef CORE_GUEST_TIMER_H
#define CORE_GUEST_TIMER_H

#include "abi/rules.h"
#include "lib/types.h"

/* Shortest and longest period of the periodic timer, ns. */
#define GUEST_PERIOD_MIN 1000000UL
#define GUEST_PERIOD_MAX (UINT64_MAX >> 2)

/*
 * set_timer_op: says whether there is to be a timer (false: deadline 0, none), and in *when its
 * moment. A deadline that is negative or about 13 days or more ahead is what a wrapped counter of
 * an old kernel looks like, which may have work waiting or nothing to do at all: it gets an event
 * in 100 ms, as on Xen.
 */
bool guest_deadline(int64_t deadline, uint64_t now, uint64_t *when);

/* A moment of the other timer calls and of SCHEDOP_poll: Xen's clock is a signed number, so what
 * looks negative has passed. */
static inline uint64_t guest_moment(uint64_t ns)
{
    return (int64_t)ns < 0 ? 0 : ns;
}

/* VCPUOP_set_periodic_timer: RULE_NONE, TIME-1 if the period is too short, TIME-4 if too long. */
enum rule_id guest_period_check(uint64_t period_ns);

#endif
