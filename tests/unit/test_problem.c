/* SPDX-License-Identifier: MIT */
/*
 * lib/problem.c: the text, what becomes of a long one, and the result that callers hand on.
 */
#include "unit.h"

#include "lib/problem.h"

static void test_text(void **state)
{
    struct problem problem = { "what was here before" };

    (void)state;
    assert_false(problem_say(&problem, "section %u at 0x%llx is %s", 7, 0x1234ULL, "broken"));
    assert_string_equal(problem.text, "section 7 at 0x1234 is broken");
    assert_false(problem_say(&problem, "later"));
    assert_string_equal(problem.text, "later");
}

/* The longest text that fits has 159 characters; the byte behind the struct is not ours. */
static void test_long_text(void **state)
{
    static const struct {
        const char *name;
        int length;
        size_t expect;
    } cases[] = {
        { "empty", 0, 0 },        { "fits", 158, 158 },       { "just fits", 159, 159 },
        { "one more", 160, 159 }, { "a lot more", 500, 159 },
    };
    char given[512];

    (void)state;
    memset(given, 'x', sizeof(given));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct {
            struct problem problem;
            char behind;
        } area = { .behind = 'b' };

        check(cases[i].name, !problem_say(&area.problem, "%.*s", cases[i].length, given));
        check_number(cases[i].name, strlen(area.problem.text), cases[i].expect);
        check_number(cases[i].name, strspn(area.problem.text, "x"), cases[i].expect);
        check_number(cases[i].name, area.behind, 'b');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_long_text),
    };

    return RUN_TESTS(tests);
}
