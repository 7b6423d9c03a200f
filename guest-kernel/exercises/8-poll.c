/* SPDX-License-Identifier: MIT */
/* Exercise 8, to wait for several things: poll(list, count, milliseconds). */
#include <signal.h>
#include <unistd.h>

#include "exercises/exercise.h"

#define IN    1
#define OUT   4
#define HANGS 16

static struct api_poll {
    int32_t descriptor;
    uint16_t wanted, found;
} list[2];

static int one[2], two[2];

static long poll_both(long milliseconds)
{
    return call("poll", POINTER(list), 2, (unsigned long)milliseconds);
}

static int write_later(void)
{
    usleep(100000);
    return write(two[1], "x", 1) != 1;
}

static void handle(int signal)
{
    (void)signal;
}

static void must_wait(void)
{
    long long begin = now();
    long child;

    must(poll_both(50) == 0, "with nothing there, it is not 0");
    must(now() - begin >= 50000000ll, "it does not wait for 50 milliseconds");
    begin = now();
    must(poll_both(0) == 0 && now() - begin < 20000000ll, "0 milliseconds: it waits");

    child = begin_child(write_later);
    begin = now();
    must(poll_both(5000) == 1, "one has something: it is not 1");
    must(now() - begin < 2000000000ll, "it sleeps on when something has come");
    must(list[0].found == 0 && list[1].found == IN, "it does not say which has something");
    end_of_child(child);
}

static void must_be_interrupted(void)
{
    long result;
    char byte;

    read(two[0], &byte, 1);
    signal(SIGALRM, handle);
    sys_alarm(50);
    result = poll_both(-1);
    must(result == -API_EINTR, "a signal that is caught does not end it with EINTR");
}

void test(void)
{
    must(pipe(one) == 0 && pipe(two) == 0, "there are no pipes");
    list[0] = (struct api_poll){ one[0], IN, 0 };
    list[1] = (struct api_poll){ two[0], IN, 0 };
    must_wait();
    must_be_interrupted();

    list[0] = (struct api_poll){ one[1], OUT, 0 };
    must(poll_both(-1) == 1 && list[0].found == OUT, "a pipe with room is not found for writing");
    close(one[1]);
    list[0] = (struct api_poll){ one[0], IN, 0 };
    must(poll_both(-1) == 1 && (list[0].found & HANGS), "a pipe without a writer is not found");
    must(call("poll", BAD_POINTER, 2, 0) == -API_EFAULT, "a bad pointer is not EFAULT");
    must(call("poll", POINTER(list), -1ul / 4, 0) < 0, "a count beyond all bounds is not refused");
}
