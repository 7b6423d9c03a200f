/* SPDX-License-Identifier: MIT */
/*
 * Moments and periods of guests; see core/guest_timer.h.
 */
#include "core/guest_timer.h"

#include "core/timescale.h"

#define FAR_AHEAD_NS  (1UL << 50)
#define MIDDLE_WAY_NS 100000000UL

bool guest_deadline(int64_t deadline, uint64_t now, uint64_t *when)
{
    if (deadline == 0)
        return false;
    *when = (uint64_t)deadline;
    if (deadline < 0 || time_until(*when, now) >= FAR_AHEAD_NS)
        *when = now + MIDDLE_WAY_NS;
    return true;
}

enum rule_id guest_period_check(uint64_t period_ns)
{
    if (period_ns < GUEST_PERIOD_MIN)
        return RULE_TIME_1;
    if (period_ns > GUEST_PERIOD_MAX)
        return RULE_TIME_4;
    return RULE_NONE;
}
