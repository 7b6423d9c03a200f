/* SPDX-License-Identifier: MIT */
/*
 * core/runqueue.c: order, slices, and fairness over a simulated second.
 */
#include "unit.h"

#include "core/runqueue.h"

#define MS 1000000UL

static struct runqueue queue;
static struct runqueue_entry entries[4];

static void start(void)
{
    runqueue_init(&queue);
    for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
        runqueue_entry_init(&entries[i]);
}

static void test_order(void **state)
{
    (void)state;
    start();
    assert_true(runqueue_is_empty(&queue));
    assert_null(runqueue_take(&queue));
    assert_false(runqueue_should_preempt(&queue, &entries[0]));
    /* 0 and 1 have used nothing, 2 has used 3 ms, 3 has used 2 ms. */
    runqueue_charge(&entries[2], 3 * MS);
    runqueue_charge(&entries[3], 2 * MS);
    runqueue_add(&queue, &entries[2]);
    runqueue_add(&queue, &entries[0]);
    runqueue_add(&queue, &entries[3]);
    runqueue_add(&queue, &entries[1]);
    assert_int_equal(queue.length, 4);
    assert_ptr_equal(runqueue_take(&queue), &entries[0]);
    runqueue_remove(&queue, &entries[3]);
    assert_ptr_equal(runqueue_take(&queue), &entries[1]);
    assert_ptr_equal(runqueue_take(&queue), &entries[2]);
    assert_int_equal(queue.length, 0);
    assert_true(runqueue_is_empty(&queue));
}

static void test_slices(void **state)
{
    (void)state;
    start();
    assert_false(runqueue_charge(&entries[0], RUNQUEUE_SLICE_NS - 1));
    assert_true(entries[0].slice_left == 1);
    assert_true(runqueue_charge(&entries[0], 1));
    assert_true(entries[0].slice_left == RUNQUEUE_SLICE_NS);
    assert_true(runqueue_charge(&entries[0], UINT64_MAX));
    assert_true(entries[0].used == UINT64_MAX);
}

/* What an entry has used is brought to within a slice of the queue's floor. */
static void test_newcomers(void **state)
{
    static const struct {
        const char *name;
        uint64_t used, expect;
    } cases[] = {
        { "slept for ages", 0, 990 * MS },
        { "slept a little", 995 * MS, 995 * MS },
        { "just ran", 1004 * MS, 1004 * MS },
        { "from a queue that is far ahead", 5000 * MS, 1010 * MS },
        { "a clock that jumped", UINT64_MAX, 1010 * MS },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        start();
        queue.floor = 1000 * MS;
        entries[0].used = cases[i].used;
        runqueue_add(&queue, &entries[0]);
        check_number(cases[i].name, entries[0].used, cases[i].expect);
    }
}

static void test_preemption(void **state)
{
    (void)state;
    start();
    entries[0].used = 5 * MS;
    runqueue_add(&queue, &entries[0]);
    entries[1].used = 5 * MS;
    assert_false(runqueue_should_preempt(&queue, &entries[1]));
    entries[1].used = 4 * MS;
    assert_false(runqueue_should_preempt(&queue, &entries[1]));
    entries[1].used = 5 * MS + RUNQUEUE_GAIN_NS - 1;
    assert_false(runqueue_should_preempt(&queue, &entries[1]));
    entries[1].used = 5 * MS + RUNQUEUE_GAIN_NS;
    assert_true(runqueue_should_preempt(&queue, &entries[1]));
    /* Changing places is no game without end. */
    assert_ptr_equal(runqueue_take(&queue), &entries[0]);
    runqueue_add(&queue, &entries[1]);
    assert_false(runqueue_should_preempt(&queue, &entries[0]));
}

static void test_yield(void **state)
{
    (void)state;
    start();
    for (size_t i = 1; i < 4; i++) {
        entries[i].used = i * MS;
        runqueue_add(&queue, &entries[i]);
    }
    runqueue_charge(&entries[0], MS / 2);
    runqueue_yield(&queue, &entries[0]);
    assert_true(entries[0].slice_left == RUNQUEUE_SLICE_NS);
    runqueue_add(&queue, &entries[0]);
    for (size_t i = 1; i < 4; i++)
        assert_ptr_equal(runqueue_take(&queue), &entries[i]);
    assert_ptr_equal(runqueue_take(&queue), &entries[0]);
    runqueue_yield(&queue, &entries[0]);
}

/* Entry 0 runs 1 ms and sleeps for 4 ms, over and over; 1 to 3 always want to run. */
static void test_fairness(void **state)
{
    uint64_t ran[4] = { 0 };
    uint64_t now = 0, wakes_at = UINT64_MAX, longest_wait = 0;

    (void)state;
    start();
    for (size_t i = 0; i < 4; i++)
        runqueue_add(&queue, &entries[i]);
    while (now < 1000 * MS) {
        struct runqueue_entry *entry = runqueue_take(&queue);
        size_t who = (size_t)(entry - entries);
        bool over = false;

        if (who == 0 && wakes_at != UINT64_MAX)
            longest_wait = max(longest_wait, now - wakes_at);
        while (!over) {
            over = runqueue_charge(entry, MS) || who == 0;
            ran[who] += MS;
            now += MS;
            if (who != 0 && now == wakes_at)
                runqueue_add(&queue, &entries[0]);
            over = over || runqueue_should_preempt(&queue, entry);
        }
        if (who == 0)
            wakes_at = now + 4 * MS;
        else
            runqueue_add(&queue, entry);
    }
    check("served soon: it asks for less than a quarter", longest_wait <= 2 * RUNQUEUE_GAIN_NS);
    check("the sleeper has what it wants", ran[0] >= 195 * MS);
    for (size_t i = 1; i < 4; i++)
        check("within a slice of a third of the rest",
              ran[i] + 10 * MS >= (now - ran[0]) / 3 && ran[i] <= (now - ran[0]) / 3 + 10 * MS);
}

static void test_misuse(void **state)
{
    (void)state;
    start();
    runqueue_add(&queue, &entries[0]);
    runqueue_add(&queue, &entries[1]);
    expect_assert_failure(runqueue_add(&queue, &entries[0]));
    expect_assert_failure(runqueue_remove(&queue, &entries[2]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),     cmocka_unit_test(test_slices),
        cmocka_unit_test(test_newcomers), cmocka_unit_test(test_preemption),
        cmocka_unit_test(test_yield),     cmocka_unit_test(test_fairness),
        cmocka_unit_test(test_misuse),
    };

    return RUN_TESTS(tests);
}
