/* SPDX-License-Identifier: MIT */
/*
 * Turning counts of one clock into counts of another by a multiplication and a shift, in the form
 * that a guest finds in struct vcpu_time_info:
 *
 *     shifted = shift >= 0 ? ticks << shift : ticks >> -shift
 *     result  = (shifted * mul) >> 32
 *
 * The guest does this arithmetic itself, with our mul and shift, so what we compute here must
 * agree with it bit for bit (as long as nothing overflows; where it would, we saturate).
 */
#ifndef CORE_TIMESCALE_H
#define CORE_TIMESCALE_H

#include "lib/types.h"

#define NS_PER_SECOND 1000000000UL

/* mul has its top bit set: all 32 bits count. */
struct timescale {
    uint32_t mul;
    int8_t shift;
};

/* The scale that turns ticks of a clock of from_hz into ticks of one of to_hz. Both are from 1 to
 * 2^62. The result is never too fast, and too slow by less than one part in 2^31. */
struct timescale timescale_make(uint64_t from_hz, uint64_t to_hz);

/* Ticks to nanoseconds for a counter of hz. */
static inline struct timescale timescale_to_ns(uint64_t hz)
{
    return timescale_make(hz, NS_PER_SECOND);
}

/* Nanoseconds to ticks for a counter of hz. */
static inline struct timescale timescale_from_ns(uint64_t hz)
{
    return timescale_make(NS_PER_SECOND, hz);
}

/* UINT64_MAX where the result would not fit. */
static inline uint64_t timescale_apply(struct timescale scale, uint64_t ticks)
{
    if (scale.shift < 0) {
        ticks = scale.shift > -64 ? ticks >> -scale.shift : 0;
    } else if (ticks != 0) {
        if (scale.shift > __builtin_clzll(ticks))
            return UINT64_MAX;
        ticks <<= scale.shift;
    }
    /* mul is below 2^32, so the result always fits. */
    return (uint64_t)(((unsigned __int128)ticks * scale.mul) >> 32);
}

/* a + b, or UINT64_MAX: a deadline that lies beyond time never comes. */
static inline uint64_t time_add(uint64_t a, uint64_t b)
{
    return a + b < a ? UINT64_MAX : a + b;
}

/* How long from now until the deadline; 0 if it has passed. */
static inline uint64_t time_until(uint64_t deadline, uint64_t now)
{
    return deadline > now ? deadline - now : 0;
}

/* The counter value at which the deadline (ns) is reached, given that the counter was base_ticks
 * at base_ns. scale is timescale_from_ns of the counter. Saturates at both ends; rounds up, so
 * that a timer that fires then does not find itself early by less than a tick. */
uint64_t time_deadline_ticks(struct timescale scale, uint64_t deadline_ns, uint64_t base_ns,
                             uint64_t base_ticks);

#endif
