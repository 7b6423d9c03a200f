/* SPDX-License-Identifier: MIT */
/*
 * guest-kernel/kernel/: tty.c. What is typed, what a program then reads, and what the terminal
 * shows.
 */
#include "guest_files.h"

#define C(letter) ((letter)&0x1f)

static void set_mode(uint32_t mode, uint8_t minimum, uint8_t tenths)
{
    struct api_tty settings = {
        .mode = mode, .rows = 25, .columns = 90, .minimum = minimum, .tenths = tenths
    };

    check_number("set", CALL(tty, 0, API_TTY_SET, &settings), 0);
}

#define LINES (API_TTY_LINES | API_TTY_ECHO | API_TTY_SIGNALS | API_TTY_CR_NL)

/* Descriptor 0 is the terminal, with nothing in it. */
static void start(uint32_t mode, uint8_t minimum, uint8_t tenths)
{
    int32_t group = 0;
    char text[64];

    kernel_reset();
    check_number("open", CALL(open, "/dev/console", API_O_RDWR | API_O_NONBLOCK), 0);
    check_number("group", CALL(tty, 0, API_TTY_SET_GROUP, &group), 0);
    set_mode(0, 1, 0);
    while (CALL(read, 0, text, sizeof(text)) > 0)
        ;
    set_mode(mode, minimum, tenths);
}

static void type(const char *text)
{
    kernel.typed = text;
    tty_input();
}

/* Reads once; "-" for EAGAIN, "." for the end. */
static const char *reads(size_t size)
{
    static char text[2048];
    long count = CALL(read, 0, text, size);

    if (count == -API_EAGAIN)
        return "-";
    if (count == 0)
        return ".";
    check("read", count > 0);
    text[count] = '\0';
    return text;
}

static void test_lines(void **state)
{
    static const struct {
        const char *name, *typed, *first, *second, *shown;
    } cases[] = {
        { "a line", "abc\r", "abc\n", "-", "abc\n" },
        { "not yet", "abc", "-", "-", "abc" },
        { "two lines", "a\nb\n", "a\n", "b\n", "a\nb\n" },
        { "erase",
          "abx\x7f"
          "c\r",
          "abc\n", "-", "abx\b \bc\n" },
        { "erase by backspace", "x\b\r", "\n", "-", "x\b \b\n" },
        { "nothing to erase", "\x7f\r", "\n", "-", "\n" },
        { "not the line before",
          "a\r\x7f\x7f"
          "b\r",
          "a\n", "b\n", "a\nb\n" },
        { "kill the line",
          "abc\x15"
          "d\r",
          "d\n", "-", "abc\b \b\b \b\b \bd\n" },
        { "kill a word",
          "ab cd \x17"
          "e\r",
          "ab e\n", "-", "ab cd \b \b\b \b\b \be\n" },
        { "kill the only word", "ab\x17\r", "\n", "-", "ab\b \b\b \b\n" },
        { "UTF-8", "a\xc3\xa4\x7f\r", "a\n", "-", "a\xc3\xa4\b \b\n" },
        { "control byte", "a\x01\r", "a\x01\n", "-", "a^A\n" },
        { "control byte erased", "a\x01\x7f\r", "a\n", "-", "a^A\b \b\b \b\n" },
        { "the end", "\x04", ".", "-", "" },
        { "the end behind a line", "a\r\x04", "a\n", ".", "a\n" },
        { "half a line", "abc\x04", "abc", "-", "abc" },
        { "half a line, then the end", "abc\x04\x04", "abc", ".", "abc" },
        { "Ctrl-C forgets the line",
          "ab\x03"
          "c\r",
          "c\n", "-", "ab^Cc\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        start(LINES, 1, 0);
        type(cases[i].typed);
        check_string(cases[i].name, reads(64), cases[i].first);
        check_string(cases[i].name, reads(64), cases[i].second);
        check_string(cases[i].name, kernel.shown, cases[i].shown);
    }
}

static void test_small_reads(void **state)
{
    (void)state;
    start(LINES, 1, 0);
    type("abcd\r");
    check_string("part", reads(3), "abc");
    check_string("rest", reads(3), "d\n");
    type("abc\x04");
    check_string("just before the end mark", reads(3), "abc");
    check_string("which is not seen again", reads(3), "-");
}

static void test_modes(void **state)
{
    (void)state;
    start(LINES & ~(unsigned)API_TTY_ECHO, 1, 0);
    type("secret\r");
    check_string("read", reads(64), "secret\n");
    check_string("not shown", kernel.shown, "");

    start(API_TTY_LINES, 1, 0);
    type("a\x03\rb\n");
    check_string("no signals, \\r as it is", reads(64), "a\x03\rb\n");
    check_number("no signal", kernel.signal, 0);

    start(0, 1, 0);
    type("a\x7f\x04\x03\r");
    check_string("raw", reads(64), "a\x7f\x04\x03\r");
    check_string("raw is not shown", kernel.shown, "");

    start(LINES, 1, 0);
    type("half");
    check_string("no line", reads(64), "-");
    set_mode(0, 1, 0);
    check_string("raw mode gives what was typed", reads(64), "half");
}

static void test_signals(void **state)
{
    int32_t group = 42;

    (void)state;
    start(LINES, 1, 0);
    type("\x03");
    check_number("nobody's", kernel.signal, 0);
    CALL(tty, 0, API_TTY_SET_GROUP, &group);
    type("\x03");
    check_number("SIGINT", kernel.signal, API_SIGINT);
    check_number("to the group", kernel.signal_to, -42);
    type("\x1c");
    check_number("SIGQUIT", kernel.signal, API_SIGQUIT);
    check_string("shown", kernel.shown, "^C^C^\\");

    check_number("background", CALL(read, 0, kernel.shown, 1), -API_EIO);
    group = 0;
    check_number("get", CALL(tty, 0, API_TTY_GET_GROUP, &group), 0);
    check_number("get", group, 42);
    kernel.process.group = 42;
    check_string("foreground", reads(1), "-");
}

/* A line is longer than the ring: its end is lost, Enter still works, and the next is fine. */
static void test_long_line(void **state)
{
    char much[3000];

    (void)state;
    start(LINES & ~(unsigned)API_TTY_ECHO, 1, 0);
    memset(much, 'x', sizeof(much) - 2);
    strcpy(much + sizeof(much) - 2, "\r");
    type(much);
    check_number("the line", strlen(reads(2000)), 1024);
    type("next\r");
    check_string("next", reads(64), "next\n");
}

/* Many bytes are there at once: what has no room waits. */
static void test_much(void **state)
{
    static const uint32_t modes[] = { 0, LINES & ~(unsigned)API_TTY_ECHO };
    char much[8001];

    (void)state;
    for (size_t i = 0; i < sizeof(much) - 1; i++)
        much[i] = i % 100 == 99 ? '\n' : (char)('a' + i % 26);
    much[sizeof(much) - 1] = '\0';
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        size_t done = 0;

        start(modes[i], 1, 0);
        kernel.typed = much;
        while (done < sizeof(much) - 1) {
            const char *text;

            tty_input();
            text = reads(300);
            check("no byte is lost", memcmp(text, much + done, strlen(text)) == 0);
            done += strlen(text);
        }
        check_string("the end", reads(64), "-");
    }
}

static uint64_t slept_until;

static bool time_is_up(uint64_t until)
{
    slept_until = until;
    return false;
}

static bool two_bytes_come(uint64_t until)
{
    slept_until = until;
    type("xy");
    kernel.asleep = time_is_up;
    return true;
}

static bool just_two_bytes_come(uint64_t until)
{
    two_bytes_come(until);
    kernel.asleep = NULL;
    return true;
}

static bool line_comes(uint64_t until)
{
    (void)until;
    kernel.asleep = NULL;
    type("late\r");
    return true;
}

static bool signal_comes(uint64_t until)
{
    slept_until = until;
    kernel.interrupted = true;
    return false;
}

static void test_waiting(void **state)
{
    static const struct {
        const char *name;
        uint8_t minimum, tenths;
        bool (*asleep)(uint64_t until);
        size_t size;
        long expect;
        uint64_t until; /* of the last sleep; 0: none */
    } cases[] = {
        { "polling", 0, 0, NULL, 8, 0, 0 },
        { "time for the first", 0, 3, time_is_up, 8, 0, 1300000000 },
        { "the first comes", 0, 3, two_bytes_come, 8, 2, 1300000000 },
        { "so many", 2, 0, two_bytes_come, 8, 2, FOR_EVER },
        { "no more than are asked for", 9, 0, just_two_bytes_come, 2, 2, FOR_EVER },
        { "time between two", 9, 2, two_bytes_come, 8, 2, 1200000000 },
        { "no limit for the first", 9, 2, signal_comes, 8, -API_EINTR, FOR_EVER },
        { "a signal", 1, 0, signal_comes, 8, -API_EINTR, FOR_EVER },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[8];

        start(0, cases[i].minimum, cases[i].tenths);
        CALL(setflags, 0, API_O_NONBLOCK, 0);
        kernel.asleep = cases[i].asleep;
        kernel.time = 1000000000;
        slept_until = 0;
        check_number(cases[i].name, CALL(read, 0, text, cases[i].size), cases[i].expect);
        check_number(cases[i].name, slept_until, cases[i].until);
    }

    start(LINES, 0, 1);
    CALL(setflags, 0, API_O_NONBLOCK, 0);
    kernel.asleep = line_comes;
    check_string("a line", reads(64), "late\n");
}

static void test_requests(void **state)
{
    struct api_tty settings = { .mode = 0x80000000 };

    (void)state;
    start(LINES, 3, 4);
    check_number("unknown bits", CALL(tty, 0, API_TTY_SET, &settings), -API_EINVAL);
    check_number("get", CALL(tty, 0, API_TTY_GET, &settings), 0);
    check_number("as before", settings.mode, LINES);
    check_number("as before", settings.columns * 100u + settings.minimum, 9003);
    check_number("unknown", CALL(tty, 0, 4, &settings), -API_EINVAL);
    check_number("unknown", CALL(tty, 0, -1, &settings), -API_EINVAL);
    for (int request = API_TTY_GET; request <= API_TTY_SET_GROUP; request++)
        check_number("bad address", CALL(tty, 0, request, BAD_ADDRESS), -API_EFAULT);
    check_number("write", CALL(write, 0, "out\n", 4), 4);
    check_string("write", kernel.shown, "out\n");
    check_number("nothing", CALL(read, 0, &settings, 0), 0);
    check_number("no place", CALL(lseek, 0, 0, 0), -API_ESPIPE);
    check_number("no file of the tree", CALL(unlink, "/dev/tty"), -API_EBUSY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),     cmocka_unit_test(test_small_reads),
        cmocka_unit_test(test_modes),     cmocka_unit_test(test_signals),
        cmocka_unit_test(test_long_line), cmocka_unit_test(test_much),
        cmocka_unit_test(test_waiting),   cmocka_unit_test(test_requests),
    };

    return RUN_TESTS(tests);
}
