/* SPDX-License-Identifier: MIT */
#include "user/lib/proc.h"

#include <stdio.h>
#include <stdlib.h>

#include "user/lib/tool.h"

static FILE *open_or_exit(const char *path)
{
    FILE *file = fopen(path, "r");

    if (file == NULL)
        exit(complain(path));
    return file;
}

size_t proc_processes(struct process *out, size_t room)
{
    FILE *file = open_or_exit("/proc/processes");
    size_t count = 0;
    char *line;

    while (count < room && (line = next_line(file)) != NULL) {
        struct process *p = &out[count];

        if (sscanf(line, "%ld %ld %ld %c %lu %lu %31s", &p->pid, &p->parent, &p->group, &p->state,
                   &p->pages, &p->milliseconds, p->name) == 7)
            count++;
    }
    fclose(file);
    return count;
}

void proc_memory(unsigned long *total, unsigned long *unused)
{
    FILE *file = open_or_exit("/proc/memory");

    if (fscanf(file, "total: %lu free: %lu", total, unused) != 2)
        *total = *unused = 0;
    fclose(file);
}
