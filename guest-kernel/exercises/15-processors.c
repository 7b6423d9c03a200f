/* SPDX-License-Identifier: MIT */
/* Exercise 15, the last: more than one processor. */
/* Options: --cpus 2 --vcpus 2 */
#include <signal.h>
#include <unistd.h>

#include "exercises/exercise.h"
#include "user/lib/proc.h"

#define CHILDREN 2

static int spin(void)
{
    long long end = now() + 2000000000ll;

    while (now() < end)
        for (volatile int i = 0; i < 100000; i++)
            ;
    return 0;
}

/* Processor time of all living processes. */
static unsigned long milliseconds(void)
{
    static struct process all[64];
    size_t count = proc_processes(all, 64);
    unsigned long sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += all[i].milliseconds;
    return sum;
}

void test(void)
{
    long children[CHILDREN];
    unsigned long before, used;

    for (int i = 0; i < CHILDREN; i++)
        children[i] = begin_child(spin);
    usleep(200000);
    before = milliseconds();
    sleep(1);
    used = milliseconds() - before;
    for (int i = 0; i < CHILDREN; i++)
        must(end_of_child(children[i]) == 0, "a child ends badly");
    must(used > 1500, "in a second, two processes that compute get %lu ms of processor time", used);
}
