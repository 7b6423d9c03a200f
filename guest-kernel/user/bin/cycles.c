/* SPDX-License-Identifier: MIT */
/*
 * cycles [COUNT]: runs /bin/true so often (1000 times), each time in a process of its own, and says
 * whether as much memory is free afterwards as before.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/lib/proc.h"
#include "user/lib/tool.h"

static int run_once(void)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        execl("/bin/true", "true", (char *)NULL);
        _exit(127);
    }
    if (child == -1 || waitpid(child, &status, 0) != child)
        return complain("fork");
    return status != 0;
}

static unsigned long free_memory(void)
{
    unsigned long total, unused;

    proc_memory(&total, &unused);
    return unused;
}

int main(int count, char *words[])
{
    long times = count > 1 ? atol(words[1]) : 1000;
    unsigned long before, after;

    tool_name = "cycles";
    if (run_once() != 0) /* what is taken only the first time does not count */
        return 1;
    free_memory();
    before = free_memory();
    for (long i = 0; i < times; i++)
        if (run_once() != 0)
            return complain("/bin/true");
    after = free_memory();
    printf("cycles: %ld programs ran, %s\n", times,
           after == before ? "no memory is missing" : "the free memory has changed");
    return after != before;
}
