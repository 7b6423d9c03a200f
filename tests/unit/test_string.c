/* SPDX-License-Identifier: MIT */
/*
 * lib/string.c, which is not part of the host build: compiled here under other names, so that it
 * can be compared with the host's own functions.
 */
#include "unit.h"

/* The prototypes come from lib/string.h under the new names. */
#define memcpy  our_memcpy
#define memmove our_memmove
#define memset  our_memset
#define memcmp  our_memcmp
#define strlen  our_strlen
#define strnlen our_strnlen
#define strcmp  our_strcmp
#define strncmp our_strncmp
#define strchr  our_strchr
#include "lib/string.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen
#undef strnlen
#undef strcmp
#undef strncmp
#undef strchr

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

static void fill(char *buf, size_t size)
{
    for (size_t i = 0; i < size; i++)
        buf[i] = (char)(i * 7 + 1);
}

/* Every size up to three words, at every alignment: nothing outside the range changes. */
static void test_copy_and_set(void **state)
{
    char from[48], to[48], expected[48];

    (void)state;
    for (size_t offset = 0; offset < 9; offset++) {
        for (size_t size = 0; size <= 25; size++) {
            fill(from, sizeof(from));
            memset(to, 0x55, sizeof(to));
            memset(expected, 0x55, sizeof(expected));
            memcpy(expected + offset, from + 3, size);
            assert_ptr_equal(our_memcpy(to + offset, from + 3, size), to + offset);
            assert_memory_equal(to, expected, sizeof(to));
            memset(expected + offset, 0xa7, size);
            assert_ptr_equal(our_memset(to + offset, 0x1a7, size), to + offset);
            assert_memory_equal(to, expected, sizeof(to));
        }
    }
}

static void test_move_overlapping(void **state)
{
    char ours[64], expected[64];

    (void)state;
    for (size_t from = 0; from < 20; from++) {
        for (size_t to = 0; to < 20; to++) {
            fill(ours, sizeof(ours));
            fill(expected, sizeof(expected));
            our_memmove(ours + to, ours + from, 30);
            memmove(expected + to, expected + from, 30);
            assert_memory_equal(ours, expected, sizeof(ours));
        }
    }
}

static void test_compare(void **state)
{
    static const struct {
        const char *name, *a, *b;
        size_t max;
    } cases[] = {
        { "equal", "abc", "abc", 9 },
        { "first shorter", "ab", "abc", 9 },
        { "second shorter", "abc", "ab", 9 },
        { "differ within the limit", "abc", "abd", 3 },
        { "differ behind the limit", "abc", "abd", 2 },
        { "bytes are unsigned", "\x80", "\x7f", 1 },
        { "empty", "", "", 4 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *a = cases[i].a, *b = cases[i].b;

        check_number(cases[i].name, sign(our_strcmp(a, b)), sign(strcmp(a, b)));
        check_number(cases[i].name, sign(our_strncmp(a, b, cases[i].max)),
                     sign(strncmp(a, b, cases[i].max)));
        check_number(cases[i].name, sign(our_memcmp(a, b, strlen(b))),
                     sign(memcmp(a, b, strlen(b))));
    }
}

static void test_length_and_search(void **state)
{
    const char *text = "a=b=c";

    (void)state;
    assert_int_equal(our_strlen(""), 0);
    assert_int_equal(our_strlen(text), 5);
    assert_int_equal(our_strnlen(text, 3), 3);
    assert_int_equal(our_strnlen(text, 9), 5);
    assert_ptr_equal(our_strchr(text, '='), text + 1);
    assert_ptr_equal(our_strchr(text, '\0'), text + 5);
    assert_null(our_strchr(text, 'x'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copy_and_set),
        cmocka_unit_test(test_move_overlapping),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_length_and_search),
    };

    return RUN_TESTS(tests);
}
