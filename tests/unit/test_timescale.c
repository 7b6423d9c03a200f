/* SPDX-License-Identifier: MIT */
/*
 * core/timescale.c: against exact arithmetic, against the guest's own formula, and at the ends of
 * the number line.
 */
#include "unit.h"

#include "core/timescale.h"

/* What a guest computes from vcpu_time_info. */
static uint64_t guest_formula(struct timescale scale, uint64_t ticks)
{
    if (scale.shift < 0)
        ticks >>= -scale.shift;
    else
        ticks <<= scale.shift;
    return (uint64_t)(((unsigned __int128)ticks * scale.mul) >> 32);
}

static void test_make(void **state)
{
    static const struct {
        const char *name;
        uint64_t from, to;
        uint32_t mul;
        int shift;
    } cases[] = {
        { "1 GHz to ns: one to one", 1000000000, 1000000000, 0x80000000, 1 },
        { "2 GHz to ns: half", 2000000000, 1000000000, 0x80000000, 0 },
        { "500 MHz to ns: twice", 500000000, 1000000000, 0x80000000, 2 },
        { "3 GHz to ns: a third", 3000000000, 1000000000, 0xaaaaaaaa, -1 },
        { "4 GHz to ns: a quarter", 4000000000, 1000000000, 0x80000000, -1 },
        { "PM timer to ns", 3579545, 1000000000, 0x8baebc15, 9 },
        { "1 Hz to ns", 1, 1000000000, 0xee6b2800, 30 },
        { "ns to 1 Hz", 1000000000, 1, 0x89705f41, -29 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct timescale scale = timescale_make(cases[i].from, cases[i].to);

        check_number(cases[i].name, scale.mul, cases[i].mul);
        check_number(cases[i].name, scale.shift, cases[i].shift);
    }
    expect_assert_failure(timescale_make(0, 1));
    expect_assert_failure(timescale_make(1, 0));
}

static void test_accuracy(void **state)
{
    static const uint64_t clocks[] = { 1000,       3579545,    14318180,   62500000, 999999999,
                                       1000000000, 2399987654, 4200000000, 1UL << 40 };
    static const uint64_t seconds[] = { 1, 60, 86400 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(clocks); i++) {
        struct timescale scale = timescale_to_ns(clocks[i]);

        for (size_t k = 0; k < ARRAY_SIZE(seconds); k++) {
            uint64_t ns = timescale_apply(scale, clocks[i] * seconds[k]);
            uint64_t exact = seconds[k] * NS_PER_SECOND;

            check("never too fast", ns <= exact);
            /* 2^-31 of the time, and the ticks that the shift to the right cuts off. */
            check("hardly too slow", exact - ns <= (exact >> 31) + 2);
            check_number("as the guest", ns, guest_formula(scale, clocks[i] * seconds[k]));
        }
        struct timescale back = timescale_from_ns(clocks[i]);
        uint64_t ticks = timescale_apply(back, NS_PER_SECOND);

        check("inverse", ticks <= clocks[i] && clocks[i] - ticks <= (clocks[i] >> 31) + 2);
    }
}

static void test_saturation(void **state)
{
    struct timescale slow = timescale_to_ns(1000); /* 1 tick = 10^6 ns */
    struct timescale half = { .mul = 0x80000000, .shift = 0 };
    struct timescale tiny = { .mul = 0x80000000, .shift = -100 };

    (void)state;
    assert_true(timescale_apply(slow, 0) == 0);
    assert_true(timescale_apply(slow, UINT64_MAX) == UINT64_MAX);
    assert_true(timescale_apply(half, UINT64_MAX) == UINT64_MAX / 2);
    assert_true(timescale_apply(tiny, UINT64_MAX) == 0);
    assert_true(time_add(UINT64_MAX, 0) == UINT64_MAX);
    assert_true(time_add(UINT64_MAX - 1, 5) == UINT64_MAX);
    assert_true(time_add(2, 3) == 5);
    assert_true(time_until(5, 3) == 2);
    assert_true(time_until(3, 5) == 0);
}

static void test_deadlines(void **state)
{
    static const struct {
        const char *name;
        uint64_t deadline, base_ns, base_ticks, expect;
    } cases[] = {
        { "in the past", 5, 10, 1000, 1000 },
        { "at once", 10, 10, 1000, 1000 },
        { "in 1 us", 1010, 10, 1000, 1000 + 2000 + 1 },
        { "never", UINT64_MAX, 10, UINT64_MAX - 100, UINT64_MAX },
        { "beyond the counter", UINT64_MAX, 0, 0, UINT64_MAX },
    };
    struct timescale scale = timescale_from_ns(2 * NS_PER_SECOND);

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_number(
            cases[i].name,
            time_deadline_ticks(scale, cases[i].deadline, cases[i].base_ns, cases[i].base_ticks),
            cases[i].expect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_make),
        cmocka_unit_test(test_accuracy),
        cmocka_unit_test(test_saturation),
        cmocka_unit_test(test_deadlines),
    };

    return RUN_TESTS(tests);
}
