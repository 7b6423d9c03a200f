/* SPDX-License-Identifier: MIT */
/* mkdir [-p] DIRECTORY...: makes directories; with -p those above them as well. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "user/lib/tool.h"

static void make_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
}

int main(int count, char *words[])
{
    bool parents = count > 1 && strcmp(words[1], "-p") == 0;
    int status = 0;

    tool_name = "mkdir";
    for (int i = 1 + parents; i < count; i++) {
        if (parents)
            make_parents(words[i]);
        if (mkdir(words[i], 0777) == -1 && !(parents && errno == EEXIST))
            status = complain(words[i]);
    }
    return status;
}
