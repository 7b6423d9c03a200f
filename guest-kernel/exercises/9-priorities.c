/* SPDX-License-Identifier: MIT */
/* Exercise 9, who runs: setpriority(pid, level), 0 (as everybody begins) to 9 (comes last). */
#include <signal.h>
#include <unistd.h>

#include "exercises/exercise.h"
#include "user/lib/proc.h"

static int spin(void)
{
    volatile bool on = true;

    while (on)
        ;
    return 0;
}

static long set_priority(long pid, unsigned long level)
{
    return call("setpriority", (unsigned long)pid, level, 0);
}

static unsigned long milliseconds_of(long pid)
{
    static struct process all[64];
    size_t count = proc_processes(all, 64);

    for (size_t i = 0; i < count; i++) {
        if (all[i].pid == pid)
            return all[i].milliseconds;
    }
    return 0;
}

/* Processor time that two children of these levels get in the same two seconds. */
static void race(unsigned long level, unsigned long times[2])
{
    long first = begin_child(spin), second = begin_child(spin);

    must(set_priority(second, level) == 0, "it fails for a child");
    sleep(2);
    times[0] = milliseconds_of(first);
    times[1] = milliseconds_of(second);
    sys_kill(first, SIGKILL);
    sys_kill(second, SIGKILL);
    end_of_child(first);
    end_of_child(second);
}

void test(void)
{
    unsigned long times[2];
    long long begin;

    must(set_priority(sys_getpid(), 10) == -API_EINVAL, "level 10 is not EINVAL");
    must(set_priority(sys_getpid(), -1ul) == -API_EINVAL, "level -1 is not EINVAL");
    must(set_priority(9999, 0) == -API_ESRCH, "a process that is not there is not ESRCH");
    race(0, times);
    must(times[0] < times[1] * 2 && times[1] < times[0] * 2,
         "at the same level one gets %lu ms and the other %lu", times[0], times[1]);
    race(9, times);
    must(times[0] > times[1] * 3, "at level 0 one gets %lu ms, at level 9 the other %lu", times[0],
         times[1]);
    must(times[1] > 0, "at level 9 a process never runs: it starves");

    begin = now();
    must(set_priority(sys_getpid(), 9) == 0, "it fails for the caller");
    usleep(20000);
    must(now() - begin < 500000000ll, "alone on the machine, level 9 sleeps too long");
}
