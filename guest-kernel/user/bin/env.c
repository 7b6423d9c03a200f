/* SPDX-License-Identifier: MIT */
/* env [NAME=VALUE...] [COMMAND...]: runs a command with these in its environment, or shows it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

extern char **environ;

int main(int count, char *words[])
{
    int i;

    tool_begin(count, words, "env", "[NAME=VALUE...] [COMMAND...]");
    for (i = 1; i < count && strchr(words[i], '=') != NULL; i++) {
        char *value = strchr(words[i], '=');

        *value = '\0';
        setenv(words[i], value + 1, 1);
    }
    if (i < count) {
        execvp(words[i], words + i);
        complain(words[i]);
        return errno == ENOENT ? 127 : 126;
    }
    for (char **variable = environ; *variable != NULL; variable++)
        puts(*variable);
    return 0;
}
