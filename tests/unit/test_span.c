/* SPDX-License-Identifier: MIT */
/*
 * lib/span.c: what lies inside a range, with offsets and sizes near the end of the number line.
 */
#include "unit.h"

#include "lib/span.h"
#include "lib/types.h"

static void test_has(void **state)
{
    static const struct {
        const char *name;
        uint64_t offset, size;
        bool expect;
    } cases[] = {
        { "everything", 0, 10, true },
        { "nothing, at the start", 0, 0, true },
        { "nothing, at the end", 10, 0, true },
        { "nothing, behind the end", 11, 0, false },
        { "the last byte", 9, 1, true },
        { "one too many", 9, 2, false },
        { "longer than all", 0, 11, false },
        { "offset near the end of numbers", UINT64_MAX, 1, false },
        { "sum wraps to inside", UINT64_MAX - 3, 8, false },
        { "size near the end of numbers", 4, UINT64_MAX, false },
    };
    uint8_t bytes[10] = { 0 };
    struct span span = SPAN(bytes, sizeof(bytes));
    struct span sub;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        check_number(cases[i].name, span_has(span, cases[i].offset, cases[i].size),
                     cases[i].expect);
        check_number(cases[i].name, span_sub(span, cases[i].offset, cases[i].size, &sub),
                     cases[i].expect);
        check_number(cases[i].name, sub.size, cases[i].expect ? cases[i].size : 0);
    }
}

static void test_numbers(void **state)
{
    static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
    struct span span = SPAN(bytes, sizeof(bytes));
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;

    (void)state;
    assert_true(span_read_u8(span, 8, &u8));
    assert_int_equal(u8, 9);
    assert_true(span_read_u16(span, 7, &u16));
    assert_int_equal(u16, 0x0908);
    assert_true(span_read_u32(span, 1, &u32));
    assert_int_equal(u32, 0x05040302);
    assert_true(span_read_u64(span, 1, &u64));
    assert_true(u64 == 0x0908070605040302);
    assert_false(span_read_u64(span, 2, &u64));
    assert_true(u64 == 0);
    assert_false(span_read_u8(span, 9, &u8));
    assert_int_equal(u8, 0);
}

static void test_string(void **state)
{
    struct span span = SPAN("ab\0cd", 5);

    (void)state;
    assert_string_equal(span_string(span, 0), "ab");
    assert_string_equal(span_string(span, 2), "");
    assert_null(span_string(span, 3));
    assert_null(span_string(span, 5));
    assert_null(span_string(span, UINT64_MAX));
    assert_null(span_string(SPAN(NULL, 0), 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_has),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_string),
    };

    return RUN_TESTS(tests);
}
