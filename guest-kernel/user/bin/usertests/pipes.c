/* SPDX-License-Identifier: MIT */
/* Pipes: order, ends, full and empty ones. */
#include <string.h>

#include "check.h"

static int ends[2];

static long pipe_to(void *pointer)
{
    return sys_pipe(pointer);
}

static long read_to(void *pointer)
{
    return sys_read(ends[0], pointer, 3);
}

static long write_from(void *pointer)
{
    return sys_write(ends[1], pointer, 3);
}

static void writes_to_nobody(void)
{
    sys_pipe(ends);
    sys_close(ends[0]);
    sys_write(ends[1], "x", 1);
    sys_exit(3);
}

static void writes_to_nobody_and_ignores(void)
{
    sys_sigaction(API_SIGPIPE, API_SIG_IGN, 0);
    sys_pipe(ends);
    sys_close(ends[0]);
    sys_exit(sys_write(ends[1], "x", 1) == -API_EPIPE ? 3 : 4);
}

/* More than a pipe holds, through it: the writer waits for the reader. */
static void sends_much(void)
{
    static char block[10000];
    long got, all = 0;

    sys_pipe(ends);
    if (sys_fork() == 0) {
        for (int i = 0; i < 10; i++) {
            memset(block, 'a' + i, sizeof(block));
            sys_write(ends[1], block, sizeof(block));
        }
        sys_exit(0);
    }
    sys_close(ends[1]);
    while ((got = sys_read(ends[0], block, 777)) > 0) {
        for (long i = 0; i < got; i++)
            if (block[i] != 'a' + (all + i) / 10000)
                sys_exit(4);
        all += got;
    }
    sys_exit(all == 100000 ? 3 : 5);
}

/* The last end that writes is closed by the end of the process that has it. */
static void sees_the_end(void)
{
    char byte;

    sys_pipe(ends);
    if (sys_fork() == 0) {
        sys_yield();
        sys_exit(0);
    }
    sys_close(ends[1]);
    sys_exit(sys_read(ends[0], &byte, 1) == 0 ? 3 : 4);
}

static void test_without_waiting(void)
{
    static char block[512];
    long all = 0, done;

    check("setflags: O_NONBLOCK", (sys_setflags(ends[0], API_O_NONBLOCK, 1) & API_O_NONBLOCK) != 0);
    check_result("read: an empty pipe, O_NONBLOCK", sys_read(ends[0], block, 1), -API_EAGAIN);
    sys_setflags(ends[1], API_O_NONBLOCK, 1);
    while ((done = sys_write(ends[1], block, sizeof(block))) > 0)
        all += done;
    check_result("write: a full pipe, O_NONBLOCK", done, -API_EAGAIN);
    check("a pipe holds at least 512 bytes", all >= 512);
    while ((done = sys_read(ends[0], block, sizeof(block))) > 0)
        all -= done;
    check_result("a pipe gives back what it took", all, 0);
}

void test_pipes(void)
{
    struct api_stat facts;
    char bytes[8];

    check_unwritable("pipe", pipe_to);
    check_result("pipe", sys_pipe(ends), 0);
    check_result("write: a pipe", sys_write(ends[1], "hello", 5), 5);
    check_result("read: less than there is", sys_read(ends[0], bytes, 2), 2);
    check("read: in order", memcmp(bytes, "he", 2) == 0);
    check_result("read: what there is", sys_read(ends[0], bytes, 8), 3);
    check_result("write: the end that reads", sys_write(ends[0], "x", 1), -API_EBADF);
    check_result("read: the end that writes", sys_read(ends[1], bytes, 1), -API_EBADF);
    check_result("lseek: a pipe", sys_lseek(ends[0], 0, 0), -API_ESPIPE);
    check("ftruncate: a pipe", sys_ftruncate(ends[1], 0) < 0);
    check("fstat: a pipe", sys_fstat(ends[0], &facts) == 0 && (facts.mode & 0170000) == API_S_FIFO);
    sys_write(ends[1], "abcdef", 6);
    check_unwritable("read, a pipe", read_to);
    check("read: a bad pointer takes nothing",
          sys_read(ends[0], bytes, 8) == 6 && memcmp(bytes, "abcdef", 6) == 0);
    check_unreadable("write, a pipe", write_from);
    test_without_waiting();
    sys_close(ends[0]);
    sys_close(ends[1]);
    check_result("PIPE", in_child(writes_to_nobody), API_SIGPIPE);
    check_result("EPIPE", in_child(writes_to_nobody_and_ignores), ENDED_WITH(3));
    check_result("100,000 bytes", in_child(sends_much), ENDED_WITH(3));
    check_result("the end of a pipe", in_child(sees_the_end), ENDED_WITH(3));
}
