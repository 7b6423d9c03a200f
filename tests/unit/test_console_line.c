/* SPDX-License-Identifier: MIT */
/*
 * How a guest's characters become lines.
 */
#include "unit.h"

#include "core/console_line.h"

/* Adds a text, emptying the line whenever it is whole or full; collects what comes out. */
static void feed(struct console_line *line, const char *text, char *out)
{
    size_t length = 0;

    for (; *text != '\0'; text++) {
        assert_true(console_line_add(line, *text));
        if (!console_line_is_whole(line) && !console_line_is_full(line))
            continue;
        memcpy(out + length, line->text, line->length);
        length += line->length;
        console_line_clear(line);
    }
    out[length] = '\0';
}

static void lines(void **state)
{
    static const struct {
        const char *name;
        const char *text;
        const char *out; /* what came out as lines */
        uint16_t left;   /* characters that wait for the rest of their line */
    } cases[] = {
        { "nothing", "", "", 0 },
        { "a line", "hello\n", "hello\n", 0 },
        { "a beginning", "login: ", "", 7 },
        { "two lines and a beginning", "a\nb\nc", "a\nb\n", 1 },
        { "an empty line", "\n", "\n", 0 },
        { "carriage return and newline are one", "a\r\nb\r\n", "a\nb\n", 0 },
        { "several carriage returns, too", "a\r\r\n", "a\n", 0 },
        { "one inside a line stays", "10%\r20%\n", "10%\r20%\n", 0 },
        { "one at the end waits", "10%\r", "", 3 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct console_line line = { .length = 0 };
        char out[64];

        feed(&line, cases[i].text, out);
        check_string(cases[i].name, out, cases[i].out);
        check_number(cases[i].name, line.length, cases[i].left);
    }
}

static void a_full_line_takes_no_more(void **state)
{
    struct console_line line = { .length = 0 };
    unsigned int taken = 0;

    (void)state;
    while (console_line_add(&line, 'x'))
        taken++;
    assert_true(console_line_is_full(&line));
    assert_false(console_line_is_whole(&line));
    assert_int_equal(taken, CONSOLE_LINE_SIZE - 1);
    console_line_clear(&line);
    assert_true(console_line_add(&line, 'x'));
}

/* The carriage return that was held back fits even when its follower comes last. */
static void a_held_return_still_fits(void **state)
{
    struct console_line line = { .length = 0 };

    (void)state;
    for (unsigned int i = 0; i < CONSOLE_LINE_SIZE - 2; i++)
        assert_true(console_line_add(&line, 'x'));
    assert_true(console_line_add(&line, '\r'));
    assert_true(console_line_add(&line, 'y'));
    assert_int_equal(line.length, CONSOLE_LINE_SIZE);
    assert_false(console_line_add(&line, 'z'));
}

static void a_whole_line_takes_no_more(void **state)
{
    struct console_line line = { .length = 0 };

    (void)state;
    assert_true(console_line_add(&line, '\n'));
    assert_false(console_line_add(&line, 'x'));
    assert_int_equal(line.length, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(a_full_line_takes_no_more),
        cmocka_unit_test(a_held_return_still_fits),
        cmocka_unit_test(a_whole_line_takes_no_more),
    };

    return RUN_TESTS(tests);
}
