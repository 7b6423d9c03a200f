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
    assert_false(runqueue_should_preempt(&queue));
    runqueue_add(&queue, &entries[0]);
    runqueue_add(&queue, &entries[1]);
    assert_false(runqueue_should_preempt(&queue));
    /* 2 and 3 slept in the middle of their slices: before 0 and 1, in order. */
    assert_false(runqueue_charge(&entries[2], 3 * MS));
    assert_false(runqueue_charge(&entries[3], 9 * MS));
    runqueue_add(&queue, &entries[2]);
    runqueue_add(&queue, &entries[3]);
    assert_true(runqueue_should_preempt(&queue));
    assert_int_equal(queue.length, 4);
    assert_ptr_equal(runqueue_take(&queue), &entries[2]);
    runqueue_remove(&queue, &entries[0]);
    assert_ptr_equal(runqueue_take(&queue), &entries[3]);
    assert_ptr_equal(runqueue_take(&queue), &entries[1]);
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
    /* Far overdrawn is no debt: the clock may have stood still for a while. */
    assert_true(runqueue_charge(&entries[0], UINT64_MAX));
    assert_true(entries[0].slice_left == RUNQUEUE_SLICE_NS);
}

/* Entry 0 runs 1 ms and sleeps until 1 ms later, over and over; 1 to 3 always run. */
static void test_fairness(void **state)
{
    uint64_t ran[4] = { 0 };
    uint64_t now = 0, wakes_at = UINT64_MAX;

    (void)state;
    start();
    for (int i = 0; i < 4; i++)
        runqueue_add(&queue, &entries[i]);
    while (now < 1000 * MS) {
        struct runqueue_entry *entry = runqueue_take(&queue);
        size_t who = (size_t)(entry - entries);
        uint64_t ran_now = 0;
        bool used_up = false;

        while (!used_up && ran_now < (who == 0 ? MS : UINT64_MAX) &&
               !runqueue_should_preempt(&queue)) {
            used_up = runqueue_charge(entry, MS);
            ran_now += MS;
            now += MS;
            if (now >= wakes_at) {
                wakes_at = UINT64_MAX;
                runqueue_add(&queue, &entries[0]);
            }
        }
        ran[who] += ran_now;
        if (who == 0)
            wakes_at = now + MS;
        else
            runqueue_add(&queue, entry);
    }
    /* The others share evenly what is left; to sleep gains nothing. */
    check("the sleeper has its turns", ran[0] >= 50 * MS && ran[0] <= 250 * MS);
    for (int i = 1; i < 4; i++)
        check("within one slice of a third of the rest",
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
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_slices),
        cmocka_unit_test(test_fairness),
        cmocka_unit_test(test_misuse),
    };

    return RUN_TESTS(tests);
}
