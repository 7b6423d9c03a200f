/* SPDX-License-Identifier: MIT */
/* time COMMAND...: runs it and says how long that took. */
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    struct timespec begin, end;
    long milliseconds;
    int status;
    pid_t child;

    tool_begin(count, words, "time", "COMMAND...");
    if (count == 1)
        return usage();
    clock_gettime(CLOCK_MONOTONIC, &begin);
    child = fork();
    if (child == 0) {
        execvp(words[1], words + 1);
        complain(words[1]);
        _exit(127);
    }
    if (child == -1 || waitpid(child, &status, 0) == -1)
        return complain("fork");
    clock_gettime(CLOCK_MONOTONIC, &end);
    milliseconds = (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000;
    fprintf(stderr, "real %ld.%03ld s\n", milliseconds / 1000, milliseconds % 1000);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
