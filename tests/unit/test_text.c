/* SPDX-License-Identifier: MIT */
/*
 * lib/text.c: numbers with units and limits, switches, words.
 */
#include "unit.h"

#include "lib/text.h"
#include "lib/types.h"

#define UNTOUCHED 0x5a5a

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        uint64_t expect;
    } cases[] = {
        { "0", true, 0 },
        { "42", true, 42 },
        { "0x2a", true, 42 },
        { "0XFF", true, 255 },
        { "017", true, 15 },
        { "18446744073709551615", true, UINT64_MAX },
        { "18446744073709551616", false, 0 },
        { "99999999999999999999999", false, 0 },
        { "0xffffffffffffffff", true, UINT64_MAX },
        { "0x10000000000000000", false, 0 },
        { "", false, 0 },
        { "0x", false, 0 },
        { "08", false, 0 },
        { "-1", false, 0 },
        { " 1", false, 0 },
        { "1 ", false, 0 },
        { "12a", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        uint64_t value = UNTOUCHED;

        check_number(cases[i].text, text_to_u64(cases[i].text, &value), cases[i].ok);
        check_number(cases[i].text, value, cases[i].ok ? cases[i].expect : UNTOUCHED);
    }
}

static void test_sizes(void **state)
{
    static const struct {
        const char *text;
        uint64_t unit;
        bool ok;
        uint64_t expect;
    } cases[] = {
        { "32", MIB, true, 32 * MIB },
        { "32", 1, true, 32 },
        { "4k", MIB, true, 4 * KIB },
        { "2M", 1, true, 2 * MIB },
        { "3g", MIB, true, 3 * GIB },
        { "1T", MIB, true, 1024 * GIB },
        { "0x10k", 1, true, 16 * KIB },
        { "1kb", 1, false, 0 },
        { "1x", 1, false, 0 },
        { "k", 1, false, 0 },
        { "", 1, false, 0 },
        { "17592186044416", MIB, false, 0 },
        { "16777216T", 1, false, 0 },
        { "0", 0, true, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        uint64_t value = UNTOUCHED;

        check_number(cases[i].text, text_to_size(cases[i].text, cases[i].unit, &value),
                     cases[i].ok);
        check_number(cases[i].text, value, cases[i].ok ? cases[i].expect : UNTOUCHED);
    }
}

static void test_switches(void **state)
{
    bool value = false;

    (void)state;
    assert_true(text_to_bool("on", &value) && value);
    assert_true(text_to_bool("no", &value) && !value);
    assert_true(text_to_bool("1", &value) && value);
    assert_true(text_to_bool("disable", &value) && !value);
    assert_false(text_to_bool("", &value));
    assert_false(text_to_bool("ON", &value));
    assert_false(text_to_bool("onn", &value));
}

static void test_words(void **state)
{
    const char *line = "  one\ttwo=2  a-long-word \n";
    char word[6];

    (void)state;
    assert_true(text_next_word(&line, word, sizeof(word)));
    assert_string_equal(word, "one");
    assert_true(text_next_word(&line, word, sizeof(word)));
    assert_string_equal(word, "two=2");
    assert_true(text_next_word(&line, word, sizeof(word)));
    assert_string_equal(word, "a-lon");
    assert_false(text_next_word(&line, word, sizeof(word)));
    assert_string_equal(line, "");
}

static void test_copies(void **state)
{
    char buf[4];

    (void)state;
    assert_true(text_copy(buf, sizeof(buf), "abc"));
    assert_string_equal(buf, "abc");
    assert_false(text_copy(buf, sizeof(buf), "abcd"));
    assert_string_equal(buf, "abc");
    assert_false(text_copy(buf, 1, "x"));
    assert_string_equal(buf, "");
    assert_true(text_copy_bytes(buf, sizeof(buf), "xyz", 2));
    assert_string_equal(buf, "xy");
    assert_true(text_starts_with("generic", "gen"));
    assert_false(text_starts_with("ge", "gen"));
    assert_true(text_equal("a", "a"));
    assert_false(text_equal("a", "ab"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),  cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_switches), cmocka_unit_test(test_words),
        cmocka_unit_test(test_copies),
    };

    return RUN_TESTS(tests);
}
