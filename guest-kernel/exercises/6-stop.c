/* SPDX-License-Identifier: MIT */
/* Exercise 6, signals with other defaults: SIGSTOP stops a process, SIGCONT lets it go on. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "exercises/exercise.h"
#include "user/lib/proc.h"

static int ends[2];

/* A byte each 10 ms. */
static int tick(void)
{
    while (write(ends[1], "x", 1) == 1)
        usleep(10000);
    return 1;
}

static int spin(void)
{
    volatile bool on = true;

    while (on)
        ;
    return 0;
}

static int come_in(void)
{
    static char buffer[4096];
    long count = sys_read(ends[0], buffer, sizeof(buffer));

    return count < 0 ? 0 : (int)count;
}

static char state_of(long pid)
{
    static struct process all[64];
    size_t count = proc_processes(all, 64);

    for (size_t i = 0; i < count; i++) {
        if (all[i].pid == pid)
            return all[i].state;
    }
    return '-';
}

static void must_stop(long pid, const char *what)
{
    must(sys_kill(pid, SIGSTOP) == 0, "SIGSTOP cannot be sent");
    usleep(50000);
    must(state_of(pid) == 'T', "%s has state %c in /proc/processes after SIGSTOP, not T", what,
         state_of(pid));
}

void test(void)
{
    long ticking, spinning;

    must(pipe(ends) == 0 && sys_setflags(ends[0], API_O_NONBLOCK, 1) >= 0, "there is no pipe");
    ticking = begin_child(tick);
    spinning = begin_child(spin);
    must_stop(ticking, "a process that sleeps");
    must_stop(spinning, "a process that computes");
    come_in();
    usleep(100000);
    must(come_in() == 0, "a stopped process goes on");

    must(sys_kill(ticking, SIGUSR1) == 0, "a stopped process takes no signals");
    usleep(50000);
    must(state_of(ticking) == 'T', "SIGUSR1 ends the stop");
    must(sys_kill(ticking, SIGKILL) == 0 && end_of_child(ticking) == -SIGKILL,
         "a stopped process cannot be killed");

    must(sys_kill(spinning, SIGCONT) == 0, "SIGCONT cannot be sent");
    usleep(50000);
    must(state_of(spinning) == 'R', "SIGCONT does not let it go on");
    sys_kill(spinning, SIGTERM);
    must(end_of_child(spinning) == -SIGTERM, "after SIGCONT, SIGTERM does not end it");
}
