/* SPDX-License-Identifier: MIT */
/* Exercise 15, who runs where: setaffinity(pid, mask), whose bit n is for processor n. */
/* Options: --cpus 2 --vcpus 2 */
#include <signal.h>
#include <unistd.h>

#include "exercises/exercise.h"
#include "user/lib/proc.h"

#define CHILDREN 2

static long set_affinity(long pid, unsigned long mask)
{
    return call("setaffinity", (unsigned long)pid, mask, 0);
}

static int spin(void)
{
    volatile bool on = true;

    while (on)
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

static unsigned long used_in_a_second(void)
{
    unsigned long before;

    usleep(200000); /* whoever has to move has moved */
    before = milliseconds();
    sleep(1);
    return milliseconds() - before;
}

static void bind(const long children[CHILDREN], unsigned long mask)
{
    for (int i = 0; i < CHILDREN; i++)
        must(set_affinity(children[i], mask) == 0, "mask %lu cannot be set for a child", mask);
}

void test(void)
{
    long children[CHILDREN], inheriting;
    unsigned long used;

    must(set_affinity(sys_getpid(), 0) == -API_EINVAL, "no processor at all is not EINVAL");
    must(set_affinity(sys_getpid(), 1ul << 20) == -API_EINVAL,
         "a processor that is not there is not EINVAL");
    must(set_affinity(9999, 1) == -API_ESRCH, "a process that is not there is not ESRCH");

    for (int i = 0; i < CHILDREN; i++)
        children[i] = begin_child(spin);
    used = used_in_a_second();
    must(used > 1500, "before it is asked for, two that compute get %lu ms in a second", used);
    for (unsigned long mask = 1; mask <= 2; mask++) {
        bind(children, mask);
        used = used_in_a_second();
        must(used < 1200, "both with mask %lu get %lu ms in a second", mask, used);
    }
    bind(children, 3);
    used = used_in_a_second();
    must(used > 1500, "with both processors allowed again they get %lu ms in a second", used);
    for (int i = 0; i < CHILDREN; i++) {
        sys_kill(children[i], SIGKILL);
        end_of_child(children[i]);
    }

    must(set_affinity(sys_getpid(), 2) == 0, "it fails for the caller");
    inheriting = begin_child(spin);
    children[0] = begin_child(spin);
    used = used_in_a_second();
    sys_kill(inheriting, SIGKILL);
    sys_kill(children[0], SIGKILL);
    must(used < 1200, "children do not inherit it: they get %lu ms in a second", used);
}
