/* SPDX-License-Identifier: MIT */
/*
 * What the moments and periods that guests pass mean.
 */
#include "unit.h"

#include "core/guest_timer.h"

#define NOW 5000000000UL
#define FAR (1L << 50)

static void deadlines(void **state)
{
    static const struct {
        const char *name;
        int64_t deadline;
        bool expect;
        uint64_t when;
    } cases[] = {
        { "zero stops", 0, false, 0 },
        { "the next nanosecond", NOW + 1, true, NOW + 1 },
        { "now", NOW, true, NOW },
        { "past fires at its moment, which is over", 1, true, 1 },
        { "negative: in 100 ms", -1, true, NOW + 100000000UL },
        { "most negative: in 100 ms", INT64_MIN, true, NOW + 100000000UL },
        { "just below 13 days", NOW + FAR - 1, true, NOW + FAR - 1 },
        { "13 days: in 100 ms", NOW + FAR, true, NOW + 100000000UL },
        { "largest: in 100 ms", INT64_MAX, true, NOW + 100000000UL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        uint64_t when = 0;

        check_number(cases[i].name, guest_deadline(cases[i].deadline, NOW, &when), cases[i].expect);
        check_number(cases[i].name, when, cases[i].when);
    }
}

static void periods(void **state)
{
    static const struct {
        const char *name;
        uint64_t period;
        enum rule_id expect;
    } cases[] = {
        { "nothing", 0, RULE_TIME_1 },
        { "one nanosecond", 1, RULE_TIME_1 },
        { "just below a millisecond", 999999, RULE_TIME_1 },
        { "a millisecond", 1000000, RULE_NONE },
        { "the longest", UINT64_MAX / 4, RULE_NONE },
        { "beyond the longest", UINT64_MAX / 4 + 1, RULE_TIME_4 },
        { "all ones", UINT64_MAX, RULE_TIME_4 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_number(cases[i].name, guest_period_check(cases[i].period), cases[i].expect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deadlines),
        cmocka_unit_test(periods),
    };

    return RUN_TESTS(tests);
}
