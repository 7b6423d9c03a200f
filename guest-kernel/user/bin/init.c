/* SPDX-License-Identifier: MIT */
/*
 * init: the first process. It runs the script /etc/rc and then a shell on the console; when the
 * shell ends, it powers the machine off.
 *
 * The kernel gives it its own command line in one string. With "run=" in it, all that follows is
 * run by a shell instead, for tests: run=usertests && echo fine
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/lib/tool.h"

/* Runs a shell with these words, and waits until it ends. Processes that lost their parent are
 * children of this one: they are waited for on the way. */
static void run_shell(char *const words[])
{
    pid_t shell = fork(), ended;

    if (shell == 0) {
        execv("/bin/sh", words);
        _exit(complain("/bin/sh"));
    }
    if (shell == -1) {
        complain("fork");
        return;
    }
    do
        ended = wait(NULL);
    while (ended != shell && (ended > 0 || errno == EINTR));
}

/* What follows "run=", or NULL. */
static const char *command_of(const char *line)
{
    const char *found = strstr(line, "run=");

    return found != NULL && (found == line || found[-1] == ' ') ? found + 4 : NULL;
}

int main(int count, char *words[])
{
    const char *command = count > 1 ? command_of(words[1]) : NULL;
    char *rc[] = { "sh", "/etc/rc", NULL };
    char *shell[] = { "sh", NULL };
    char *text[] = { "sh", "-c", (char *)command, NULL };

    tool_begin(count, words, "init", "");
    if (getpid() != 1)
        return complain_of("a second one", "only the kernel starts it");
    setenv("PATH", "/bin", 1);
    setenv("HOME", "/home", 1);
    chdir("/home");
    if (command != NULL) {
        run_shell(text);
    } else {
        run_shell(rc);
        run_shell(shell);
    }
    reboot(RB_POWER_OFF);
    return complain("reboot");
}
