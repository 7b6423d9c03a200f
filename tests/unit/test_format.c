/* SPDX-License-Identifier: MIT */
/*
 * lib/format.c against the host's printf, which implements the same standard: every case's text is
 * compared with what snprintf makes of it.
 */
#include "unit.h"

#include <limits.h>

#include "lib/format.h"

/* Formats with both and compares text and length. */
#define check_same(...)                                                 \
    do {                                                                \
        char ours[160], theirs[160];                                    \
        size_t length = format_string(ours, sizeof(ours), __VA_ARGS__); \
        int expected = snprintf(theirs, sizeof(theirs), __VA_ARGS__);   \
        check_string(#__VA_ARGS__, ours, theirs);                       \
        check_number(#__VA_ARGS__, length, expected);                   \
    } while (0)

static void test_integers(void **state)
{
    (void)state;
    check_same("%d %d %d", 0, 1, -1);
    check_same("%i", INT_MIN);
    check_same("%ld %ld", LONG_MIN, LONG_MAX);
    check_same("%lld", LLONG_MIN);
    check_same("%u %lu %llu", UINT_MAX, ULONG_MAX, ULLONG_MAX);
    check_same("%x %X %o", 0xdeadbeefU, 0xdeadbeefU, 511U);
    check_same("%#x %#X %#o %#x", 255U, 255U, 8U, 0U);
    check_same("%hhd %hhu", (signed char)-1, (unsigned char)255);
    check_same("%hd %hu", (short)-1, (unsigned short)65535);
    check_same("%zu %zx %jd %td", (size_t)-1, (size_t)77, (intmax_t)-5, (ptrdiff_t)-9);
}

static void test_width_and_precision(void **state)
{
    (void)state;
    check_same("[%5d][%-5d][%05d]", 42, 42, 42);
    check_same("[%5d][%-5d][%05d]", -42, -42, -42);
    check_same("[%+d][% d][%+d]", 7, 7, -7);
    check_same("[%.4d][%8.4d][%-8.4d]", 42, 42, 42);
    check_same("[%.0d][%.0d]", 0, 1);
    check_same("[%016lx][%#018lx]", 0xffff800000000000UL, 0xffff800000000000UL);
    check_same("[%*d][%*d][%.*d]", 6, 42, -6, 42, 3, 7);
    check_same("[%40d][%-40d]", 1, 2);
    check_same("[%.*d]", -1, 5);
}

/* What the compiler warns of, unless it cannot see the format: a precision makes the 0 flag void,
 * and an argument that is too large for its length is cut. */
static void test_questionable(void **state)
{
    const char *volatile zeros = "[%08.4d]";
    const char *volatile lengths = "%hhu %hd";
    char buf[16];

    (void)state;
    format_string(buf, sizeof(buf), zeros, 42);
    assert_string_equal(buf, "[    0042]");
    format_string(buf, sizeof(buf), lengths, 511, 70000);
    assert_string_equal(buf, "255 4464");
}

static void test_text(void **state)
{
    const char unterminated[3] = { 'a', 'b', 'c' };

    (void)state;
    check_same("%s", "");
    check_same("plain");
    check_same("100%%, %c%c", 'o', 'k');
    check_same("[%8s][%-8s][%.2s][%8.2s]", "abc", "abc", "abc", "abc");
    check_same("[%.*s]", 3, unterminated);
    check_same("[%3c][%-3c]", 'x', 'y');
    check_same("%p", (void *)0x1234);
}

static void test_missing_string(void **state)
{
    char buf[16];
    const char *volatile missing = NULL;

    (void)state;
    format_string(buf, sizeof(buf), "%s", missing);
    assert_string_equal(buf, "(null)");
}

static void test_cut(void **state)
{
    char buf[8];

    (void)state;
    memset(buf, 'x', sizeof(buf));
    assert_int_equal(format_string(buf, 6, "%s-%d", "abcd", 12345), 10);
    assert_string_equal(buf, "abcd-");
    assert_int_equal(buf[6], 'x');
    assert_int_equal(format_string(NULL, 0, "%d", 123), 3);
    assert_int_equal(format_string(buf, 1, "%d", 123), 3);
    assert_string_equal(buf, "");
}

static void count_pieces(void *ctx, const char *text, size_t size)
{
    int *pieces = ctx;

    assert_non_null(text);
    assert_true(size != 0);
    ++*pieces;
}

static void test_pieces(void **state)
{
    int pieces = 0;

    (void)state;
    assert_int_equal(format_to(count_pieces, &pieces, "ab%scd%d", "ef", 5), 7);
    assert_int_equal(pieces, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers),       cmocka_unit_test(test_width_and_precision),
        cmocka_unit_test(test_questionable),   cmocka_unit_test(test_text),
        cmocka_unit_test(test_missing_string), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_pieces),
    };

    return RUN_TESTS(tests);
}
