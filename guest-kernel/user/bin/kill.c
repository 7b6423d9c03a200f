/* SPDX-License-Identifier: MIT */
/* kill [-SIGNAL] PID...: sends a signal, given by number or name; -l lists them. */
#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "user/lib/tool.h"

static const struct {
    const char *name;
    int number;
} signals[] = {
    { "HUP", SIGHUP },   { "INT", SIGINT },   { "QUIT", SIGQUIT }, { "ILL", SIGILL },
    { "TRAP", SIGTRAP }, { "ABRT", SIGABRT }, { "FPE", SIGFPE },   { "KILL", SIGKILL },
    { "BUS", SIGBUS },   { "SEGV", SIGSEGV }, { "PIPE", SIGPIPE }, { "ALRM", SIGALRM },
    { "TERM", SIGTERM }, { "CHLD", SIGCHLD }, { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 },
};
#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

/* -1: there is none of that name. */
static int number_of(const char *name)
{
    if (isdigit((unsigned char)name[0]))
        return atoi(name);
    for (size_t i = 0; i < SIGNALS; i++)
        if (strcmp(name, signals[i].name) == 0)
            return signals[i].number;
    return -1;
}

int main(int count, char *words[])
{
    int number = SIGTERM, first = 1, status = 0;

    tool_name = "kill";
    if (count > 1 && strcmp(words[1], "-l") == 0) {
        for (size_t i = 0; i < SIGNALS; i++)
            printf("%d %s\n", signals[i].number, signals[i].name);
        return 0;
    }
    if (count > 1 && words[1][0] == '-')
        number = number_of(words[first++] + 1);
    if (number == -1 || first == count)
        return usage("[-SIGNAL] PID..., or -l");
    for (int i = first; i < count; i++)
        if (kill(atol(words[i]), number) == -1)
            status = complain(words[i]);
    return status;
}
