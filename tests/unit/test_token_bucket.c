/* SPDX-License-Identifier: MIT */
/*
 * The token bucket: a burst, then one a period, whatever the clock does.
 */
#include "unit.h"

#include "core/token_bucket.h"

#define PERIOD 1000UL

static const struct token_bucket_rate rate = { .tokens = 3, .period_ns = PERIOD };

/* Takes as many as there are at this moment. */
static unsigned int drain(token_bucket_t *bucket, uint64_t now)
{
    unsigned int taken = 0;

    while (token_bucket_take(*bucket, rate, now, bucket))
        taken++;
    return taken;
}

static void refills_with_time(void **state)
{
    static const struct {
        const char *name;
        uint64_t now;
        unsigned int expect;
    } steps[] = {
        { "a new bucket is full", 500, 3 },
        { "no time, no token", 999, 0 },
        { "one period, one token", PERIOD, 1 },
        { "two periods, two tokens", 3 * PERIOD, 2 },
        { "never more than fit", 1000 * PERIOD, 3 },
        { "time that goes backwards gives nothing", 10 * PERIOD, 0 },
        { "nor does its way back", 1000 * PERIOD + PERIOD - 1, 0 },
        { "the next period does", 1001 * PERIOD, 1 },
        { "the end of time", UINT64_MAX, 3 },
    };
    token_bucket_t bucket = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
        check_number(steps[i].name, drain(&bucket, steps[i].now), steps[i].expect);
}

/* A refused take must not push the next token away. */
static void refusals_cost_nothing(void **state)
{
    token_bucket_t bucket = 0;

    (void)state;
    (void)drain(&bucket, 0);
    for (uint64_t now = 0; now < PERIOD; now++)
        assert_false(token_bucket_take(bucket, rate, now, &bucket));
    assert_true(token_bucket_take(bucket, rate, PERIOD, &bucket));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refills_with_time),
        cmocka_unit_test(refusals_cost_nothing),
    };

    return RUN_TESTS(tests);
}
