/* SPDX-License-Identifier: MIT */
/*
 * core/runqueue.c: order, turns and credit.
 */
#include "runqueue_world.h"

static void test_order(void **state)
{
    (void)state;
    start();
    assert_true(runqueue_is_empty(&queue));
    assert_null(runqueue_take(&queue));
    /* Group 1 has used more than group 0; in each, entry 1 more than entry 0. */
    groups[1].used = 100 * US;
    entries[0][1].used = entries[1][1].used = 200 * US;
    add(1, 1);
    add(1, 0);
    add(0, 1);
    add(0, 0);
    assert_int_equal(queue.length, 4);
    assert_ptr_equal(runqueue_take(&queue), &entries[0][0]);
    assert_ptr_equal(runqueue_take(&queue), &entries[0][1]);
    assert_ptr_equal(runqueue_take(&queue), &entries[1][0]);
    runqueue_remove(&queue, &groups[1], &entries[1][1]);
    assert_true(runqueue_is_empty(&queue));
    assert_null(runqueue_take(&queue));
    /* The group left with its last entry, and comes back. */
    add(1, 1);
    add(2, 0);
    runqueue_remove(&queue, &groups[2], &entries[2][0]);
    assert_ptr_equal(runqueue_take(&queue), &entries[1][1]);
    assert_null(runqueue_take(&queue));
}

/* What who comes in has used is brought to within its credit of the floor. */
static void test_newcomers(void **state)
{
    static const struct {
        const char *name;
        uint64_t used, expect_group, expect_entry;
    } cases[] = {
        { "slept for ages", 0, 10000 * US - RUNQUEUE_CREDIT_NS, 10000 * US - RUNQUEUE_CREDIT_NS },
        { "slept a little", 9900 * US, 9900 * US, 9900 * US },
        { "just ran", 10400 * US, 10400 * US, 10400 * US },
        { "comes from a queue far ahead", 50 * MS, 50 * MS, 10000 * US + RUNQUEUE_DEBT_NS },
        { "was away for a year", 10000 * US + UINT64_MAX / 3, 10000 * US + RUNQUEUE_GROUP_DEBT_NS,
          10000 * US + RUNQUEUE_DEBT_NS },
        { "was away for longer", 10000 * US + UINT64_MAX / 3 * 2, 10000 * US - RUNQUEUE_CREDIT_NS,
          10000 * US - RUNQUEUE_CREDIT_NS },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        start();
        queue.floor = groups[0].floor = 10000 * US;
        groups[0].used = entries[0][0].used = cases[i].used;
        add(0, 0);
        check_number(cases[i].name, groups[0].used, cases[i].expect_group);
        check_number(cases[i].name, entries[0][0].used, cases[i].expect_entry);
    }
}

static void test_turns(void **state)
{
    static const struct {
        const char *name;
        bool sibling, other;
        uint64_t ran, expect;
        uint32_t weight;
    } cases[] = {
        { "nobody waits", false, false, 50 * MS, UINT64_MAX, RUNQUEUE_WEIGHT },
        { "another group waits", false, true, 0, RUNQUEUE_GAIN_NS, RUNQUEUE_WEIGHT },
        { "a sibling waits", true, false, 100 * US, RUNQUEUE_GAIN_NS - 100 * US, RUNQUEUE_WEIGHT },
        { "both wait", true, true, 300 * US, RUNQUEUE_GAIN_NS - 300 * US, RUNQUEUE_WEIGHT },
        { "hardly anything is left", false, true, RUNQUEUE_GAIN_NS - 1, RUNQUEUE_SHORTEST_NS,
          RUNQUEUE_WEIGHT },
        { "all is used up", false, true, RUNQUEUE_GAIN_NS, 0, RUNQUEUE_WEIGHT },
        { "more is used up, a sibling waits", true, false, 50 * MS, 0, RUNQUEUE_WEIGHT },
        { "a clock that jumped", false, true, UINT64_MAX, 0, RUNQUEUE_WEIGHT },
        { "a light one beside a heavy one", false, true, 0, RUNQUEUE_LONGEST_NS, 65535 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        start();
        groups[0].weight = cases[i].weight;
        add(0, 0);
        assert_ptr_equal(runqueue_take(&queue), &entries[0][0]);
        if (cases[i].sibling)
            add(0, 1);
        if (cases[i].other)
            add(1, 0);
        runqueue_charge(&queue, &entries[0][0], cases[i].ran);
        check_number(cases[i].name, runqueue_turn(&queue, &entries[0][0]), cases[i].expect);
    }
}

/* Nobody else is there: the one that runs goes on, and its group counts on. */
static void test_go_on(void **state)
{
    (void)state;
    start();
    add(0, 0);
    assert_ptr_equal(runqueue_take(&queue), &entries[0][0]);
    runqueue_charge(&queue, &entries[0][0], MS);
    assert_null(runqueue_take(&queue));
    runqueue_go_on(&queue, &groups[0]);
    runqueue_charge(&queue, &entries[0][0], MS);
    check_number("group", groups[0].used, 2 * MS);
    check_number("floor", queue.floor, 2 * MS);
}

static void test_yield(void **state)
{
    (void)state;
    start();
    add(0, 0);
    assert_ptr_equal(runqueue_take(&queue), &entries[0][0]);
    /* Alone it has nobody to give way to. */
    runqueue_yield(&queue, &entries[0][0]);
    check_number("alone", groups[0].used, 0);
    /* Its siblings first, at no cost for the group. */
    entries[0][1].used = entries[0][2].used = 300 * US;
    add(0, 1);
    add(0, 2);
    add(1, 0);
    runqueue_yield(&queue, &entries[0][0]);
    assert_ptr_equal(runqueue_take(&queue), &entries[1][0]);
    add(0, 0);
    assert_ptr_equal(runqueue_take(&queue), &entries[0][1]);
    assert_ptr_equal(runqueue_take(&queue), &entries[0][2]);
    assert_ptr_equal(runqueue_take(&queue), &entries[0][0]);
    /* Without siblings the group stands back. */
    groups[1].used = 700 * US;
    add(1, 0);
    runqueue_yield(&queue, &entries[0][0]);
    check_number("group", groups[0].used, 700 * US);
}

static bool is_wanted(const struct runqueue_entry *entry)
{
    return entry == &entries[1][1] || entry == &entries[0][1];
}

static void test_find(void **state)
{
    (void)state;
    start();
    assert_null(runqueue_find(&queue, is_wanted));
    add(0, 0);
    add(1, 0);
    assert_null(runqueue_find(&queue, is_wanted));
    assert_ptr_equal(runqueue_take(&queue), &entries[0][0]);
    add(0, 1);
    assert_ptr_equal(runqueue_find(&queue, is_wanted), &entries[0][1]);
    add(1, 1);
    assert_ptr_equal(runqueue_find(&queue, is_wanted), &entries[1][1]);
}

/* Groups of all counts come out in order, wherever they were put in. */
static void test_insertion(void **state)
{
    static struct runqueue_group many[64];
    static struct runqueue_entry each[64];
    uint64_t before = 0;

    (void)state;
    runqueue_init(&queue);
    for (unsigned i = 0; i < ARRAY_SIZE(many); i++) {
        runqueue_group_init(&many[i], RUNQUEUE_WEIGHT);
        runqueue_entry_init(&each[i]);
        many[i].used = i * 37 % 64 / 2;
        runqueue_add(&queue, &many[i], &each[i]);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(many); i++) {
        struct runqueue_entry *entry = runqueue_take(&queue);
        uint64_t used = many[entry - each].used;

        check("in order", used >= before);
        before = used;
    }
}

/* What who moves takes along, and a queue's clock beside another's. */
static void test_moves(void **state)
{
    static struct runqueue other;
    static struct runqueue_group there;

    (void)state;
    start();
    runqueue_init(&other);
    runqueue_group_init(&there, RUNQUEUE_WEIGHT);
    queue.shift = 70 * MS;
    groups[0].used = 5 * MS;
    add(0, 0);
    check_number("clock of who waits", runqueue_clock(&queue), 75 * MS);
    check_number("behind", runqueue_behind(&queue, 80 * MS), 5 * MS);
    check_number("ahead", runqueue_behind(&queue, 70 * MS), 0);
    assert_ptr_equal(runqueue_first(&queue), &entries[0][0]);
    assert_true(runqueue_has(&queue, &groups[0]));
    runqueue_remove(&queue, &groups[0], &entries[0][0]);
    assert_false(runqueue_has(&queue, &groups[0]));
    assert_null(runqueue_first(&queue));
    check_number("nobody", runqueue_behind(&queue, 80 * MS), 0);
    runqueue_leave(&queue, &groups[0], &entries[0][0], RUNQUEUE_LAG_NS);
    /* Sent on before it was queued: nothing changes. */
    runqueue_leave(&other, &there, &entries[0][0], RUNQUEUE_LAG_NS);
    runqueue_add(&other, &there, &entries[0][0]);
    check_number("an empty queue takes over the clock", runqueue_clock(&other), 75 * MS);

    /* A busy one keeps its own: there it is behind by its lag at most. */
    assert_ptr_equal(runqueue_take(&other), &entries[0][0]);
    runqueue_charge(&other, &entries[0][0], 50 * MS);
    groups[1].used = 30 * MS;
    runqueue_leave(&queue, &groups[1], &entries[1][0], RUNQUEUE_CREDIT_NS);
    runqueue_group_init(&groups[2], RUNQUEUE_WEIGHT);
    runqueue_add(&other, &groups[2], &entries[1][0]);
    check_number("behind by the credit", runqueue_clock(&other), 125 * MS - RUNQUEUE_CREDIT_NS);

    runqueue_catch_up(&other, 200 * MS);
    check_number("caught up but for the lag", runqueue_clock(&other), 200 * MS - RUNQUEUE_LAG_NS);
    runqueue_catch_up(&other, 200 * MS);
    check_number("once", runqueue_clock(&other), 200 * MS - RUNQUEUE_LAG_NS);
    runqueue_align(&other, 300 * MS);
    check_number("aligned from below", runqueue_clock(&other), 300 * MS - RUNQUEUE_MARGIN_NS);
    runqueue_align(&other, 100 * MS);
    check_number("aligned from above", runqueue_clock(&other), 100 * MS + RUNQUEUE_LAG_NS);
    there.weight = RUNQUEUE_WEIGHT / 4;
    runqueue_align(&other, 10 * MS);
    check_number("a light one", runqueue_clock(&other), 10 * MS + 4 * RUNQUEUE_LAG_NS);
}

/* Of one that runs and its siblings the one that has been in the queue longest. */
static void test_oldest(void **state)
{
    struct runqueue other;
    struct runqueue_group there;

    (void)state;
    start();
    runqueue_init(&other);
    runqueue_group_init(&there, RUNQUEUE_WEIGHT);
    for (size_t i = 0; i < 3; i++)
        add(0, i);
    assert_ptr_equal(runqueue_take(&queue), &entries[0][0]);
    check_number("of the group", runqueue_count(&queue, &groups[0]), 3);
    /* All were here from the beginning. */
    assert_ptr_equal(runqueue_oldest(&queue, &entries[0][0]), &entries[0][2]);
    for (size_t i = 1; i < 3; i++) {
        runqueue_remove(&queue, &groups[0], &entries[0][i]);
        runqueue_leave(&queue, &groups[0], &entries[0][i], RUNQUEUE_LAG_NS);
        runqueue_add(&other, &there, &entries[0][i]);
    }
    assert_ptr_equal(runqueue_take(&other), &entries[0][1]);
    runqueue_add(&other, &there, &entries[0][1]);
    (void)runqueue_take(&other);
    assert_ptr_equal(runqueue_oldest(&other, &entries[0][2]), &entries[0][1]);
}

/* How long the first that waits is not much worse off than beside one that runs alone elsewhere. */
static void test_content(void **state)
{
    static const struct {
        const char *name;
        uint64_t clock;
        uint32_t weight;
        uint64_t expect;
    } cases[] = {
        { "as far", 10 * MS, 256, RUNQUEUE_MARGIN_NS },
        { "a light one", 10 * MS, 64, RUNQUEUE_MARGIN_NS / 4 },
        { "a heavy one", 10 * MS, 512, RUNQUEUE_MARGIN_NS * 2 },
        { "it is behind", 6 * MS, 256, RUNQUEUE_MARGIN_NS + 4 * MS },
        { "it is ahead", 12 * MS, 256, 0 },
    };

    (void)state;
    start();
    check_number("nobody waits", runqueue_content(&queue, 0, 256), UINT64_MAX);
    queue.shift = 7 * MS;
    groups[0].used = 3 * MS;
    add(0, 0);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_number(cases[i].name, runqueue_content(&queue, cases[i].clock, cases[i].weight),
                     cases[i].expect);
}

static void test_misuse(void **state)
{
    (void)state;
    start();
    add(0, 0);
    add(0, 1);
    expect_assert_failure(add(0, 0));
    expect_assert_failure(runqueue_remove(&queue, &groups[0], &entries[0][2]));
    expect_assert_failure(runqueue_go_on(&queue, &groups[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),  cmocka_unit_test(test_newcomers),
        cmocka_unit_test(test_turns),  cmocka_unit_test(test_go_on),
        cmocka_unit_test(test_yield),  cmocka_unit_test(test_find),
        cmocka_unit_test(test_misuse), cmocka_unit_test(test_insertion),
        cmocka_unit_test(test_moves),  cmocka_unit_test(test_content),
        cmocka_unit_test(test_oldest),
    };

    return RUN_TESTS(tests);
}
