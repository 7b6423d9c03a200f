/* SPDX-License-Identifier: MIT */
#include "user/lib/signal_names.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int signal_number(const char *word)
{
    if (isdigit((unsigned char)word[0]))
        return atoi(word);
    for (size_t i = 0; i < SIGNALS; i++)
        if (strcmp(word, signals[i].name) == 0)
            return signals[i].number;
    return -1;
}

void signal_list(void)
{
    for (size_t i = 0; i < SIGNALS; i++)
        printf("%d %s\n", signals[i].number, signals[i].name);
}
