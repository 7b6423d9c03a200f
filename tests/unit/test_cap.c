/* SPDX-License-Identifier: MIT */
/*
 * core/cap.c: budgets and refills.
 */
#include "unit.h"

#include "core/cap.h"

#define MS 1000000L

static void test_budget(void **state)
{
    (void)state;
    check_number("one percent", cap_budget(1), 100000);
    check_number("one CPU", cap_budget(100), CAP_PERIOD_NS);
    check_number("no limit", cap_budget(0), 0);
}

static void test_periods(void **state)
{
    (void)state;
    check_number("early", cap_periods(50 * MS, 49 * MS), 1);
    check_number("in time", cap_periods(50 * MS, 50 * MS), 1);
    check_number("late", cap_periods(50 * MS, 59 * MS), 1);
    check_number("a period late", cap_periods(50 * MS, 60 * MS), 2);
    check_number("a long sleep", cap_periods(50 * MS, 1050 * MS), 101);
}

static void test_refill(void **state)
{
    static const struct {
        const char *name;
        int64_t left;
        uint64_t budget, periods;
        int64_t expect;
    } cases[] = {
        { "all is used", 0, 5 * MS, 1, 5 * MS },
        { "some is left, and lost", 2 * MS, 5 * MS, 1, 5 * MS },
        { "overdrawn", -1 * MS, 5 * MS, 1, 4 * MS },
        { "overdrawn by more than a budget", -7 * MS, 5 * MS, 1, -2 * MS },
        { "several periods", -7 * MS, 5 * MS, 2, 3 * MS },
        { "a machine that stood still", -1000000 * MS, 100000, 1, -CAP_DEBT_MAX_NS + 100000 },
        { "for ever", INT64_MIN, 100000, UINT64_MAX, 100000 },
        { "for ever, at once", 0, 12800 * MS / 10, UINT64_MAX, 12800 * MS / 10 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_number(cases[i].name, cap_refill(cases[i].left, cases[i].budget, cases[i].periods),
                     cases[i].expect);
}

static void test_turn(void **state)
{
    (void)state;
    check_number("alone", cap_turn(5 * MS, 1), 5 * MS);
    check_number("shared", cap_turn(5 * MS, 4), 5 * MS / 4);
    check_number("not worth sharing", cap_turn(200000, 32), CAP_SHORTEST_NS);
    check_number("hardly anything", cap_turn(7, 4), 7);
    check_number("nothing", cap_turn(0, 1), 0);
    check_number("a debt", cap_turn(-1, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_refill),
        cmocka_unit_test(test_turn),
    };

    return RUN_TESTS(tests);
}
