/* SPDX-License-Identifier: MIT */
/*
 * lib/ubsan.c under the compiler that it is made for: each case does what C leaves undefined, and
 * the handler must end in bug_at() with the right words. This file is compiled as the hypervisor of
 * make UBSAN=1 is, and linked with our handlers, not with the compiler's own.
 *
 * The values come from volatile variables, or the compilers would see what is going to happen.
 */
#include "unit.h"

#include <limits.h>
#include <stdbool.h>

#include "lib/assert.h"
#include "lib/compiler.h"

/* What bug_at() was told; then it jumps back. */
static char said[256];
static int said_line;
static jmp_buf back;

void bug_at(const char *what, const char *file, int line)
{
    snprintf(said, sizeof(said), "%s", what);
    said_line = strcmp(file, __FILE__) == 0 ? line : -1;
    longjmp(back, 1);
}

static volatile int zero = 0, one = 1, int_max = INT_MAX, int_min = INT_MIN, forty = 40;
static volatile unsigned int unsigned_forty = 40;
static volatile size_t far_away = SIZE_MAX / 2;
static volatile __int128 wide_min = (__int128)((unsigned __int128)1 << 127);
static volatile union {
    uint8_t byte;
    bool truth;
} torn = { .byte = 2 };
static int *volatile null_pointer;
static const char *volatile null_text;
static char bytes[16] ALIGNED(8);
static char *volatile odd = bytes + 1;
static char *volatile low = (char *)16;
static volatile int numbers[4];
static volatile int sink;

static NOINLINE __attribute__((nonnull)) int length_of(const char *text)
{
    return (int)strlen(text);
}

/* Each keeps the line that it is written in. */
#define CASE(name, statement)       \
    static int name##_line;         \
    static NOINLINE void name(void) \
    {                               \
        name##_line = __LINE__;     \
        statement;                  \
    }

CASE(add, sink = int_max + one)
CASE(subtract, sink = int_min - one)
CASE(multiply, sink = int_max * forty)
CASE(divide, sink = one / zero)
CASE(divide_lowest, sink = int_min / -one)
CASE(negate, sink = -int_min)
CASE(subtract_wide, sink = (int)((wide_min - one) >> 64))
CASE(shift_far, sink = one << forty)
CASE(shift_unsigned_far, sink = (int)(1U >> unsigned_forty))
CASE(shift_negative, sink = one << -one)
CASE(index_high, sink = numbers[forty])
CASE(read_null, sink = *null_pointer)
CASE(write_null, *null_pointer = one)
CASE(read_odd, sink = *(int *)odd)
CASE(bad_bool, sink = torn.truth ? 3 : 4)
CASE(pointer_wraps, sink = (int)(intptr_t)(low + -(ptrdiff_t)far_away))
CASE(null_argument, sink = length_of(null_text))
CASE(zeros_of_zero, sink = __builtin_ctz((unsigned int)zero))
CASE(leading_zeros_of_zero, sink = __builtin_clzl((unsigned long)zero))
CASE(arrives, if (one) __builtin_unreachable())

static const struct {
    const char *name;
    void (*run)(void);
    const int *line;
    const char *expect;
} cases[] = {
/* clang-format off */
#define ENTRY(name, expect) { #name, name, &name##_line, expect }
    /* clang-format on */
    ENTRY(add, "2147483647 + 1 has no result in 'int'"),
    ENTRY(subtract, "-2147483648 - 1 has no result in 'int'"),
    ENTRY(multiply, "2147483647 * 40 has no result in 'int'"),
    ENTRY(divide, "1 / 0 has no result in 'int'"),
    ENTRY(divide_lowest, "-2147483648 / -1 has no result in 'int'"),
    ENTRY(negate, "-(-2147483648) has no result in 'int'"),
    ENTRY(subtract_wide, "0x80000000000000000000000000000000 - 0x00000000000000000000000000000001 "
                         "has no result in '__int128'"),
    ENTRY(shift_far, "shift of 1 by 40 has no result in 'int'"),
    ENTRY(shift_unsigned_far, "shift of 1 by 40 has no result in 'unsigned int'"),
    ENTRY(shift_negative, "shift of 1 by -1 has no result in 'int'"),
    ENTRY(index_high, "index 40 is outside of 'int [4]'"),
    ENTRY(read_null, "load of 'int' at the null pointer"),
    ENTRY(write_null, "store to 'int' at the null pointer"),
    ENTRY(read_odd, "load of 'int' at ADDRESS, which is no multiple of 4"),
    ENTRY(bad_bool, "load of 2, which is no ..."),
    ENTRY(pointer_wraps, "pointer 0x10 moved to ADDRESS"),
    ENTRY(null_argument, "argument 1 must not be null"),
    ENTRY(zeros_of_zero, "__builtin_ctz of 0"),
    ENTRY(leading_zeros_of_zero, "__builtin_clz of 0"),
    ENTRY(arrives, "arrived where it was promised that nobody does"),
};

/* Whether text is what was expected. ADDRESS stands for any number, "..." for what else comes.
 * Blanks do not count, and for 'volatile int' 'int' will do: in these the compilers differ. */
static bool is_as_expected(const char *text, const char *expect)
{
    static const char qualifier[] = "volatile ";

    while (*expect != '\0') {
        text += strspn(text, " ");
        expect += strspn(expect, " ");
        if (strcmp(expect, "...") == 0)
            return true;
        if (strncmp(text, qualifier, sizeof(qualifier) - 1) == 0) {
            text += sizeof(qualifier) - 1;
        } else if (strncmp(expect, "ADDRESS", 7) == 0 && strncmp(text, "0x", 2) == 0) {
            expect += 7;
            text += 2 + strspn(text + 2, "0123456789abcdef");
        } else if (*text++ != *expect++) {
            return false;
        }
    }
    return *text == '\0';
}

/* A function of its own: a longjmp need not keep the caller's variables. */
static NOINLINE bool is_reported(void (*run)(void))
{
    said[0] = '\0';
    if (setjmp(back) != 0)
        return true;
    run();
    return false;
}

static void test_reports(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check(cases[i].name, is_reported(cases[i].run));
        if (!is_as_expected(said, cases[i].expect))
            check_string(cases[i].name, said, cases[i].expect);
        check_number(cases[i].name, said_line, *cases[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reports),
    };

    return RUN_TESTS(tests);
}
