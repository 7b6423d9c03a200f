/* SPDX-License-Identifier: MIT */
/* ps: the processes. */
#include "user/lib/proc.h"
#include "user/lib/tool.h"

int main(int count, char *words[])
{
    static struct process all[256];
    size_t found;

    tool_begin(count, words, "ps", "");
    no_operands(count, words);
    found = proc_processes(all, 256);
    printf("  PID PARENT GROUP S    KIB   TIME NAME\n");
    for (size_t i = 0; i < found; i++)
        printf("%5ld %6ld %5ld %c %6lu %3lu.%02lu %s\n", all[i].pid, all[i].parent, all[i].group,
               all[i].state, all[i].pages * 4, all[i].milliseconds / 1000,
               all[i].milliseconds / 10 % 100, all[i].name);
    return 0;
}
