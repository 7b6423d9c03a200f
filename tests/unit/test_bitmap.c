/* SPDX-License-Identifier: MIT */
/*
 * lib/bitmap.h and lib/atomic.h: bits at word borders, and searches that find nothing.
 */
#include "unit.h"

#include "lib/atomic.h"
#include "lib/bitmap.h"
#include "lib/types.h"

#define SIZE 200

static void test_find(void **state)
{
    /* One bit is set (or clear) at bit; searched from from. */
    static const struct {
        const char *name;
        size_t bit, size, from, expect;
    } cases[] = {
        { "first bit", 0, SIZE, 0, 0 },
        { "last bit of a word", 63, SIZE, 0, 63 },
        { "first bit of the next word", 64, SIZE, 1, 64 },
        { "search begins on it", 130, SIZE, 130, 130 },
        { "search begins behind it", 130, SIZE, 131, SIZE },
        { "last bit of the map", 199, SIZE, 100, 199 },
        { "bit beyond the size does not count", 150, 150, 0, 150 },
        { "far beyond the size", 155, 150, 0, 150 },
        { "search begins at the end", 10, SIZE, SIZE, SIZE },
        { "empty map", 0, 0, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        DECLARE_BITMAP(map, SIZE) = { 0 };

        bitmap_set(map, cases[i].bit);
        check_number(cases[i].name, bitmap_find_next_set(map, cases[i].size, cases[i].from),
                     cases[i].expect);
        bitmap_set_range(map, 0, SIZE);
        bitmap_clear(map, cases[i].bit);
        check_number(cases[i].name, bitmap_find_next_clear(map, cases[i].size, cases[i].from),
                     cases[i].expect);
    }
}

static void test_ranges(void **state)
{
    DECLARE_BITMAP(map, SIZE) = { 0 };
    size_t bit, sum = 0;

    (void)state;
    bitmap_set_range(map, 60, 10);
    assert_int_equal(bitmap_count(map, SIZE), 10);
    assert_false(bitmap_test(map, 59));
    assert_true(bitmap_test(map, 60));
    assert_true(bitmap_test(map, 69));
    assert_false(bitmap_test(map, 70));
    bitmap_for_each (bit, map, SIZE)
        sum += bit;
    assert_int_equal(sum, 645);
    bitmap_clear_range(map, 61, 8);
    assert_int_equal(bitmap_find_first_set(map, SIZE), 60);
    assert_int_equal(bitmap_count(map, SIZE), 2);
    assert_int_equal(bitmap_find_first_clear(map, SIZE), 0);
}

/* A bitmap is the same bytes whether the guest's words have 32 or 64 bits. */
static void test_atomic_bits(void **state)
{
    uint64_t words[2] = { 0 };

    (void)state;
    assert_false(atomic_test_and_set_bit(100, words));
    assert_true(atomic_test_and_set_bit(100, words));
    assert_true(words[1] == 1ULL << 36);
    assert_true(atomic_test_bit(100, words));
    assert_false(atomic_test_bit(99, words));
    assert_true(atomic_test_and_clear_bit(100, words));
    assert_false(atomic_test_and_clear_bit(100, words));
    atomic_set_bit(31, words);
    atomic_set_bit(32, words);
    assert_true(words[0] == 3ULL << 31);
    atomic_clear_bit(31, words);
    assert_true(words[0] == 1ULL << 32);
}

static void test_atomic_words(void **state)
{
    uint32_t word = 5;
    uint32_t old = 4;

    (void)state;
    assert_false(atomic_cmpxchg(&word, &old, 9));
    assert_int_equal(old, 5);
    assert_true(atomic_cmpxchg(&word, &old, 9));
    assert_int_equal(atomic_load(&word), 9);
    assert_int_equal(atomic_add_return(&word, 3), 12);
    assert_int_equal(atomic_sub_return(&word, 2), 10);
    assert_int_equal(atomic_exchange(&word, 1), 10);
    atomic_or(&word, 6);
    atomic_and(&word, 3);
    assert_int_equal(word, 3);
    atomic_store(&word, 8);
    assert_int_equal(READ_ONCE(word), 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_atomic_bits),
        cmocka_unit_test(test_atomic_words),
    };

    return RUN_TESTS(tests);
}
