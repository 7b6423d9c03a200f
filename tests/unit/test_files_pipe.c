/* SPDX-License-Identifier: MIT */
/*
 * guest-kernel/kernel/: pipe.c. What would be another process happens in kernel.asleep, while the
 * one that there is waits.
 */
#include "guest_files.h"

static int ends[2];
static char big[8192];

static void make_pipe(void)
{
    kernel_reset();
    check_number("pipe", CALL(pipe, ends), 0);
}

static void test_bytes(void **state)
{
    struct api_stat stat;
    char text[8] = "";

    (void)state;
    make_pipe();
    check_number("reader", ends[0], 0);
    check_number("writer", ends[1], 1);
    check_number("write", CALL(write, ends[1], "abcde", 5), 5);
    check_number("read part", CALL(read, ends[0], text, 2), 2);
    check_string("read part", text, "ab");
    check_number("write more", CALL(write, ends[1], "fg", 2), 2);
    check_number("read all", CALL(read, ends[0], text, 8), 5);
    check_string("read all", text, "cdefg");
    check_number("wrong end", CALL(read, ends[1], text, 1), -API_EBADF);
    check_number("wrong end", CALL(write, ends[0], text, 1), -API_EBADF);
    check_number("no place", CALL(lseek, ends[0], 0, 1), -API_ESPIPE);
    check_number("no size", CALL(ftruncate, ends[1], 0), -API_EINVAL);
    check_number("no directory", CALL(readdir, ends[0], big, 1), -API_ENOTDIR);
    check_number("no terminal", CALL(tty, ends[0], API_TTY_GET, big), -API_ENOTTY);
    check_number("stat", CALL(fstat, ends[0], &stat), 0);
    check_number("stat", stat.mode, API_S_FIFO | 0600);
    check_number("nothing", CALL(read, ends[0], text, 0), 0);
}

/* The ring goes round and round, with all lengths. */
static void test_ring(void **state)
{
    char text[2048];
    unsigned char sent = 0, got = 0;

    (void)state;
    make_pipe();
    for (size_t size = 1; size <= 2048; size += 97) {
        for (size_t i = 0; i < size; i++)
            text[i] = (char)sent++;
        check_number("write", CALL(write, ends[1], text, size), size);
        memset(text, 0, sizeof(text));
        check_number("read", CALL(read, ends[0], text, sizeof(text)), size);
        for (size_t i = 0; i < size; i++)
            check_number("byte", (unsigned char)text[i], got++);
    }
}

static void test_nonblocking(void **state)
{
    char text[2048];

    (void)state;
    make_pipe();
    CALL(setflags, ends[0], API_O_NONBLOCK, 1);
    CALL(setflags, ends[1], API_O_NONBLOCK, 1);
    check_number("empty", CALL(read, ends[0], text, 1), -API_EAGAIN);
    check_number("more than it holds", CALL(write, ends[1], big, sizeof(big)), 4096);
    check_number("full", CALL(write, ends[1], big, 1), -API_EAGAIN);
    CALL(read, ends[0], text, 100);
    check_number("whole or not at all", CALL(write, ends[1], big, 101), -API_EAGAIN);
    check_number("whole", CALL(write, ends[1], big, 100), 100);
    CALL(setflags, ends[0], API_O_NONBLOCK, 0);
    check_number("flag off", CALL(read, ends[0], text, 1), 1);
}

static void test_interrupted(void **state)
{
    (void)state;
    make_pipe();
    check_number("reading", CALL(read, ends[0], big, 1), -API_EINTR);
    check_number("some was written", CALL(write, ends[1], big, sizeof(big)), 4096);
    check_number("none was written", CALL(write, ends[1], big, 1), -API_EINTR);
}

static bool write_some(uint64_t until)
{
    (void)until;
    check_number("write", CALL(write, ends[1], "late", 4), 4);
    return true;
}

static bool read_some(uint64_t until)
{
    static char text[1000];

    (void)until;
    check_number("read", CALL(read, ends[0], text, sizeof(text)), sizeof(text));
    return true;
}

static bool close_writer(uint64_t until)
{
    (void)until;
    CALL(close, ends[1]);
    return true;
}

static bool close_reader(uint64_t until)
{
    (void)until;
    CALL(close, ends[0]);
    return true;
}

static void test_waiting(void **state)
{
    char text[8] = "";

    (void)state;
    make_pipe();
    kernel.asleep = write_some;
    check_number("bytes come", CALL(read, ends[0], text, 8), 4);
    check_string("bytes come", text, "late");
    check("the reader is woken", kernel.wakes > 0);
    kernel.asleep = read_some;
    check_number("room comes", CALL(write, ends[1], big, sizeof(big)), sizeof(big));
}

static void test_ends(void **state)
{
    unsigned long pages, pieces;
    char text[8];

    (void)state;
    make_pipe();
    CALL(write, ends[1], "rest", 4);
    CALL(close, ends[1]);
    check_number("what is left", CALL(read, ends[0], text, 8), 4);
    check_number("the end", CALL(read, ends[0], text, 8), 0);
    check_number("and again", CALL(read, ends[0], text, 8), 0);

    make_pipe();
    kernel.asleep = close_writer;
    check_number("the end comes", CALL(read, ends[0], text, 8), 0);

    make_pipe();
    CALL(close, ends[0]);
    check_number("no reader", CALL(write, ends[1], "x", 1), -API_EPIPE);
    check_number("signal", kernel.signal, API_SIGPIPE);
    check_number("to the writer", kernel.signal_to, 7);

    make_pipe();
    kernel.asleep = close_reader;
    check_number("the reader goes", CALL(write, ends[1], big, sizeof(big)), 4096);
    check_number("signal", kernel.signal, API_SIGPIPE);

    make_pipe();
    CALL(dup, ends[1]);
    CALL(close, ends[1]);
    CALL(setflags, ends[0], API_O_NONBLOCK, 1);
    check_number("one of two writers is left", CALL(read, ends[0], text, 8), -API_EAGAIN);

    kernel_reset();
    pages = kernel.pages;
    pieces = kernel.pieces;
    make_pipe();
    kernel_reset();
    check_number("all back", kernel.pages, pages);
    check_number("all back", kernel.pieces, pieces);
}

static void test_no_pipe(void **state)
{
    (void)state;
    kernel_reset();
    for (long fail_at = 0; fail_at < 4; fail_at++) {
        unsigned long pages = kernel.pages, pieces = kernel.pieces;

        kernel.fail_at = fail_at;
        check_number("no memory", CALL(pipe, ends), -API_ENOMEM);
        kernel.fail_at = -1;
        check_number("all back", kernel.pages, pages);
        check_number("all back", kernel.pieces, pieces);
    }
    check_number("bad address", CALL(pipe, BAD_ADDRESS), -API_EFAULT);
    check_number("descriptors are free", CALL(open, "/dev/null", API_O_RDONLY), 0);
    while (CALL(dup, 0) < DESCRIPTORS - 2)
        ;
    check_number("one descriptor left", CALL(pipe, ends), -API_EMFILE);
    check_number("it is still free", CALL(dup, 0), DESCRIPTORS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),       cmocka_unit_test(test_ring),
        cmocka_unit_test(test_nonblocking), cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_waiting),     cmocka_unit_test(test_ends),
        cmocka_unit_test(test_no_pipe),
    };

    return RUN_TESTS(tests);
}
