/* SPDX-License-Identifier: MIT */
/* Exercise 2, a file of /proc: /proc/calls has a line "name count" for each system call. */
#include <stdlib.h>
#include <string.h>

#include "exercises/exercise.h"

/* How often the call was made; -1: it has no line. */
static long count_of(const char *name)
{
    const char *text = text_of("/proc/calls");
    size_t length = strlen(name);

    must(text != NULL, "there is no /proc/calls");
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == ' ')
            return atol(line + length);
    }
    return -1;
}

void test(void)
{
    static const char *const names[] = {
#define SYSCALL(number, name, ...) #name,
#include "api/syscalls.def"
#undef SYSCALL
    };
    long before, after;

    must(text_of("/proc/calls") != NULL, "there is no /proc/calls");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        must(count_of(names[i]) >= 0, "there is no line for %s", names[i]);

    before = count_of("getppid");
    for (int i = 0; i < 10; i++)
        sys_getppid();
    after = count_of("getppid");
    must(after - before == 10, "ten calls of getppid are %ld more than before", after - before);
    before = count_of("read");
    must(count_of("read") > before, "reading the file does not count as reads");

    before = count_of("getppid");
    system_call(1000, 0, 0, 0, 0);
    system_call(-1ul, 0, 0, 0, 0);
    must(count_of("getppid") == before, "a number that is no call is counted as another call");
}
