/* SPDX-License-Identifier: MIT */
/* mv FILE NAME, or mv FILE... DIRECTORY: gives files and directories other names. */
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    const char *target = words[count - 1];
    bool into = false;
    struct stat facts;
    char path[PATH_MAX];
    int status = 0;

    tool_name = "mv";
    if (count < 3)
        return usage("FILE NAME, or FILE... DIRECTORY");
    into = stat(target, &facts) == 0 && S_ISDIR(facts.st_mode);
    if (count > 3 && !into)
        return usage("FILE... DIRECTORY");
    for (int i = 1; i < count - 1; i++) {
        if (into && !join_path(path, sizeof(path), target, last_part(words[i])))
            continue;
        if (rename(words[i], into ? path : target) == -1)
            status = complain(words[i]);
    }
    return status;
}
