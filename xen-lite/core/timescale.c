/* SPDX-License-Identifier: MIT */
/*
 * Clock conversion; see core/timescale.h. There is a 64 by 64 bit multiplication with a 128-bit
 * result in every x86-64, but 128-bit division would be a call into the compiler's library, which
 * is not linked: the one division is done bit by bit, at boot.
 */
#include "core/timescale.h"

#include "lib/assert.h"

struct timescale timescale_make(uint64_t from_hz, uint64_t to_hz)
{
    struct timescale scale = { 0, 0 };

    ASSERT(from_hz != 0 && to_hz != 0);
    /* Bring to/from into [1/2, 1), so that mul = 2^32 * to/from uses all its bits. */
    while (to_hz >= from_hz) {
        from_hz <<= 1;
        scale.shift++;
    }
    while (to_hz < from_hz - to_hz) {
        to_hz <<= 1;
        scale.shift--;
    }

    uint64_t rest = to_hz;

    for (unsigned int bit = 0; bit < 32; bit++) {
        rest <<= 1;
        scale.mul <<= 1;
        if (rest >= from_hz) {
            rest -= from_hz;
            scale.mul |= 1;
        }
    }
    return scale;
}

uint64_t time_deadline_ticks(struct timescale scale, uint64_t deadline_ns, uint64_t base_ns,
                             uint64_t base_ticks)
{
    if (deadline_ns <= base_ns)
        return base_ticks;
    return time_add(base_ticks, time_add(timescale_apply(scale, deadline_ns - base_ns), 1));
}
