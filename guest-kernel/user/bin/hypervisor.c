/* SPDX-License-Identifier: MIT */
/*
 * hypervisor: what is below the kernel, as the kernel tells it in /proc/hypervisor, and what its
 * clocks say. A program cannot ask a hypervisor itself: hypercalls are for kernels.
 */
#include <time.h>

#include "user/lib/tool.h"

static void show_clock(const char *name, clockid_t clock)
{
    struct timespec now;

    if (clock_gettime(clock, &now) == -1)
        complain(name);
    else
        printf("%s: %lld.%09ld s\n", name, (long long)now.tv_sec, (long)now.tv_nsec);
}

int main(int count, char *words[])
{
    FILE *file = fopen("/proc/hypervisor", "r");
    char *line;

    tool_begin(count, words, "hypervisor", "");
    no_operands(count, words);
    if (file == NULL)
        return complain("/proc/hypervisor");
    while ((line = next_line(file)) != NULL)
        puts(line);
    fclose(file);
    show_clock("time since 1970", CLOCK_REALTIME);
    show_clock("time since the start", CLOCK_MONOTONIC);
    return 0;
}
