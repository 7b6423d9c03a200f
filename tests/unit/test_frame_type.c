/* SPDX-License-Identifier: MIT */
/*
 * core/frame_type: every use wanted of every type in use, and the states of a type word.
 */
#include "unit.h"

#include "core/frame_type.h"

#define VALID(type, count) (FRAME_TYPE_WORD(type) | FRAME_VALIDATED | (count))
#define PARTIAL(type, i) \
    (FRAME_TYPE_WORD(type) | FRAME_PARTIAL | (uint64_t)(i) << FRAME_INDEX_SHIFT | 1)

struct get_case {
    const char *name;
    uint64_t old;
    enum frame_type want;
    enum rule_id rule;
    uint64_t new;
};

static void check_get(const struct get_case *c)
{
    uint64_t new = 0;

    check_number(c->name, frame_type_get(c->old, c->want, &new), c->rule);
    check_number(c->name, new, c->new);
}

static void test_get(void **state)
{
    static const struct get_case cases[] = {
        { "fresh, writable", 0, FRAME_WRITABLE, RULE_NONE, VALID(FRAME_WRITABLE, 1) },
        { "fresh, L1", 0, FRAME_L1, RULE_NONE, FRAME_TYPE_WORD(FRAME_L1) | 1 },
        { "fresh, descriptors", 0, FRAME_DESCRIPTORS, RULE_NONE,
          FRAME_TYPE_WORD(FRAME_DESCRIPTORS) | 1 },
        { "was writable, L4", FRAME_TYPE_WORD(FRAME_WRITABLE), FRAME_L4, RULE_NONE,
          FRAME_TYPE_WORD(FRAME_L4) | 1 },
        { "was L2, writable", FRAME_TYPE_WORD(FRAME_L2), FRAME_WRITABLE, RULE_NONE,
          VALID(FRAME_WRITABLE, 1) },
        { "writable once more", VALID(FRAME_WRITABLE, 0), FRAME_WRITABLE, RULE_NONE,
          VALID(FRAME_WRITABLE, 1) },
        { "was writable, L1", VALID(FRAME_WRITABLE, 0), FRAME_L1, RULE_NONE,
          FRAME_TYPE_WORD(FRAME_L1) | 1 },
        { "writable again", VALID(FRAME_WRITABLE, 7), FRAME_WRITABLE, RULE_NONE,
          VALID(FRAME_WRITABLE, 8) },
        { "pinned L4 again", VALID(FRAME_L4, 1) | FRAME_PINNED, FRAME_L4, RULE_NONE,
          VALID(FRAME_L4, 2) | FRAME_PINNED },
        { "table as writable", VALID(FRAME_L1, 1), FRAME_WRITABLE, RULE_MMU_7, 0 },
        { "partial table as writable", PARTIAL(FRAME_L3, 9), FRAME_WRITABLE, RULE_MMU_7, 0 },
        { "descriptors as writable", VALID(FRAME_DESCRIPTORS, 1), FRAME_WRITABLE, RULE_MMU_8, 0 },
        { "writable as L1", VALID(FRAME_WRITABLE, 1), FRAME_L1, RULE_MMU_10, 0 },
        { "writable as L4", VALID(FRAME_WRITABLE, 3), FRAME_L4, RULE_MMU_10, 0 },
        { "descriptors as L1", VALID(FRAME_DESCRIPTORS, 1), FRAME_L1, RULE_MMU_9, 0 },
        { "L2 as L1: linear", VALID(FRAME_L2, 1), FRAME_L1, RULE_MMU_11, 0 },
        { "L4 as L3: linear", VALID(FRAME_L4, 1), FRAME_L3, RULE_MMU_11, 0 },
        { "L1 as L2", VALID(FRAME_L1, 1), FRAME_L2, RULE_MMU_9, 0 },
        { "L4 as L1", VALID(FRAME_L4, 1), FRAME_L1, RULE_MMU_9, 0 },
        { "writable as descriptors", VALID(FRAME_WRITABLE, 1), FRAME_DESCRIPTORS, RULE_DESC_7, 0 },
        { "L1 as descriptors", VALID(FRAME_L1, 1), FRAME_DESCRIPTORS, RULE_DESC_7, 0 },
        { "partial, the same", PARTIAL(FRAME_L2, 17), FRAME_L2, RULE_NONE,
          PARTIAL(FRAME_L2, 17) & ~FRAME_PARTIAL },
        { "partial at 0, the same", PARTIAL(FRAME_L4, 0), FRAME_L4, RULE_NONE,
          PARTIAL(FRAME_L4, 0) & ~FRAME_PARTIAL },
        { "in somebody's hands", FRAME_TYPE_WORD(FRAME_L1) | 1, FRAME_L1, RULE_MMU_30, 0 },
        { "as many uses as can be counted", VALID(FRAME_WRITABLE, UINT32_MAX), FRAME_WRITABLE,
          RULE_MMU_30, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_get(&cases[i]);
}

/* The L2 table of a 32-bit guest's last GiB. */
static void test_get_last(void **state)
{
    static const struct get_case cases[] = {
        { "L3 as last L2: linear", VALID(FRAME_L3, 1), FRAME_L2_LAST, RULE_MMU_11, 0 },
        { "last L2 as L1: linear", VALID(FRAME_L2_LAST, 1), FRAME_L1, RULE_MMU_11, 0 },
        { "last L2 as L2", VALID(FRAME_L2_LAST, 1), FRAME_L2, RULE_MMU_37, 0 },
        { "L2 as last L2", VALID(FRAME_L2, 1) | FRAME_PINNED, FRAME_L2_LAST, RULE_MMU_37, 0 },
        { "last L2 as L3", VALID(FRAME_L2_LAST, 1), FRAME_L3, RULE_MMU_9, 0 },
        { "last L2 as writable", VALID(FRAME_L2_LAST, 1), FRAME_WRITABLE, RULE_MMU_7, 0 },
        { "was L2, last L2", FRAME_TYPE_WORD(FRAME_L2), FRAME_L2_LAST, RULE_NONE,
          FRAME_TYPE_WORD(FRAME_L2_LAST) | 1 },
        { "partial last L2, the same", PARTIAL(FRAME_L2_LAST, 5), FRAME_L2_LAST, RULE_NONE,
          PARTIAL(FRAME_L2_LAST, 5) & ~FRAME_PARTIAL },
        { "partial last L2 as L2", PARTIAL(FRAME_L2_LAST, 5), FRAME_L2, RULE_MMU_37, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_get(&cases[i]);
}

static void test_put(void **state)
{
    static const struct {
        const char *name;
        uint64_t old;
        enum frame_put result;
        uint64_t new;
    } cases[] = {
        { "one of many", VALID(FRAME_WRITABLE, 5), FRAME_PUT_KEPT, VALID(FRAME_WRITABLE, 4) },
        { "all but the pin", VALID(FRAME_L3, 2) | FRAME_PINNED, FRAME_PUT_KEPT,
          VALID(FRAME_L3, 1) | FRAME_PINNED },
        { "last writable", VALID(FRAME_WRITABLE, 1), FRAME_PUT_UNUSED, VALID(FRAME_WRITABLE, 0) },
        { "last descriptors", VALID(FRAME_DESCRIPTORS, 1), FRAME_PUT_UNUSED,
          FRAME_TYPE_WORD(FRAME_DESCRIPTORS) },
        { "last L1", VALID(FRAME_L1, 1), FRAME_PUT_TAKE_DOWN, PARTIAL(FRAME_L1, 512) },
        { "last L4", VALID(FRAME_L4, 1), FRAME_PUT_TAKE_DOWN, PARTIAL(FRAME_L4, 512) },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        uint64_t new;

        check_number(cases[i].name, frame_type_put(cases[i].old, &new), cases[i].result);
        check_number(cases[i].name, new, cases[i].new);
    }
}

/* A table's life: wanted, interrupted at entry 300, gone on with, done, dropped, taken down. */
static void test_life(void **state)
{
    uint64_t word = FRAME_TYPE_WORD(FRAME_WRITABLE), before = word;

    (void)state;
    assert_int_equal(frame_type_get(word, FRAME_L2, &word), RULE_NONE);
    assert_true(frame_type_changed(before, word));
    assert_int_equal(frame_type_index(word), 0);
    word = frame_type_partial(word, 300);
    assert_int_equal(frame_type_get(word, FRAME_L2, &word), RULE_NONE);
    assert_int_equal(frame_type_index(word), 300);
    word = frame_type_validated(word);
    assert_true(frame_type_is_valid(word, FRAME_L2));
    assert_false(frame_type_is_valid(word, FRAME_L1));
    assert_int_equal(frame_type_put(word, &word), FRAME_PUT_TAKE_DOWN);
    assert_int_equal(frame_type_index(word), PT_ENTRIES);
    word = frame_type_taken_down(frame_type_partial(word, 0));
    assert_int_equal(word, FRAME_TYPE_WORD(FRAME_L2));
    before = word;
    assert_int_equal(frame_type_get(word, FRAME_WRITABLE, &word), RULE_NONE);
    assert_true(frame_type_changed(before, word));
}

static void test_flush_is_due(void **state)
{
    (void)state;
    assert_false(frame_type_changed(0, VALID(FRAME_WRITABLE, 1)));
    assert_false(frame_type_changed(FRAME_TYPE_WORD(FRAME_WRITABLE), VALID(FRAME_WRITABLE, 1)));
    assert_true(frame_type_changed(FRAME_TYPE_WORD(FRAME_WRITABLE), FRAME_TYPE_WORD(FRAME_L1)));
    assert_true(frame_type_changed(FRAME_TYPE_WORD(FRAME_DESCRIPTORS), VALID(FRAME_WRITABLE, 1)));
}

static void test_levels(void **state)
{
    (void)state;
    assert_int_equal(frame_type_level(FRAME_L1), 1);
    assert_int_equal(frame_type_level(FRAME_L4), 4);
    assert_int_equal(frame_type_level(FRAME_L2_LAST), 2);
    assert_true(frame_type_is_table(FRAME_L1));
    assert_true(frame_type_is_table(FRAME_L2_LAST));
    assert_false(frame_type_is_table(FRAME_WRITABLE));
    assert_false(frame_type_is_table(FRAME_NONE));
}

static void test_single(void **state)
{
    (void)state;
    assert_true(frame_type_is_single(VALID(FRAME_L2_LAST, 1), FRAME_L2_LAST));
    assert_false(frame_type_is_single(VALID(FRAME_L2, 1), FRAME_L2));
    /* Of whom the use is whose validation is going on. */
    assert_false(frame_type_is_single(PARTIAL(FRAME_L2_LAST, 5), FRAME_L2_LAST));
    assert_false(frame_type_is_single(FRAME_TYPE_WORD(FRAME_L2_LAST), FRAME_L2_LAST));
}

static void test_count(void **state)
{
    uint64_t new;

    (void)state;
    assert_false(frame_count_get(0, &new));
    assert_true(frame_count_get(1, &new));
    assert_int_equal(new, 2);
    assert_true(frame_count_get(FRAME_ALLOCATED | 1, &new));
    assert_int_equal(new, FRAME_ALLOCATED | 2);
}

static void test_foreign(void **state)
{
    uint64_t new;

    (void)state;
    assert_false(frame_count_get_foreign(0, false, &new));
    assert_true(frame_count_get_foreign(FRAME_ALLOCATED | 3, false, &new));
    assert_true(frame_count_get_foreign(new, true, &new));
    check_number("references", new &FRAME_COUNT, 5);
    check_number("of others", frame_foreign_count(new, false), 2);
    check_number("of others, writable", frame_foreign_count(new, true), 1);
    new -= 1 + frame_foreign_part(true);
    new -= 1 + frame_foreign_part(false);
    check_number("as before", new, FRAME_ALLOCATED | 3);
    assert_false(frame_count_get_foreign(FRAME_FOREIGN_MASK | 9000, false, &new));
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(frame_type_name(FRAME_NONE), "untyped");
    assert_string_equal(frame_type_name(FRAME_L1), "L1 table");
    assert_string_equal(frame_type_name(FRAME_L2), "L2 table");
    assert_string_equal(frame_type_name(FRAME_L3), "L3 table");
    assert_string_equal(frame_type_name(FRAME_L4), "L4 table");
    assert_string_equal(frame_type_name(FRAME_L2_LAST), "last L2 table");
    assert_string_equal(frame_type_name(FRAME_WRITABLE), "writable");
    assert_string_equal(frame_type_name(FRAME_DESCRIPTORS), "descriptor page");
    assert_string_equal(frame_type_name((enum frame_type)15), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_get),          cmocka_unit_test(test_get_last),
        cmocka_unit_test(test_put),          cmocka_unit_test(test_life),
        cmocka_unit_test(test_flush_is_due), cmocka_unit_test(test_count),
        cmocka_unit_test(test_names),        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_single),       cmocka_unit_test(test_foreign),
    };

    return RUN_TESTS(tests);
}
