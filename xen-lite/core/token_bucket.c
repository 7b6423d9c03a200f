/* SPDX-License-Identifier: MIT */
/*
 * The token bucket; see core/token_bucket.h.
 */
#include "core/token_bucket.h"

#define TAKEN_BITS  16
#define TAKEN_MASK  0xffffUL
#define LAST_PERIOD (UINT64_MAX >> TAKEN_BITS)

bool token_bucket_take(token_bucket_t before, struct token_bucket_rate rate, uint64_t now_ns,
                       token_bucket_t *after)
{
    uint64_t taken = before & TAKEN_MASK;
    uint64_t since = before >> TAKEN_BITS;
    uint64_t now = min(now_ns / rate.period_ns, LAST_PERIOD);

    if (now > since) {
        uint64_t gained = now - since;

        taken = gained < taken ? taken - gained : 0;
        since = now;
    }

    bool allowed = taken < rate.tokens;

    if (allowed)
        taken++;
    *after = since << TAKEN_BITS | taken;
    return allowed;
}
