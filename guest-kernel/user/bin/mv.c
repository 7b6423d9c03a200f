/* SPDX-License-Identifier: MIT */
/* mv FILE NAME, or mv FILE... DIRECTORY: gives files and directories other names. */
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    const char *target = words[count - 1];
    bool into = false;
    struct stat facts;
    char path[PATH_MAX];
    int status = 0;

    tool_begin(count, words, "mv", "FILE NAME, or FILE... DIRECTORY");
    no_options(count, words);
    if (count - optind < 2)
        return usage();
    into = stat(target, &facts) == 0 && S_ISDIR(facts.st_mode);
    if (count - optind > 2 && !into)
        return complain_of(target, "is not a directory");
    for (int i = optind; i < count - 1; i++) {
        if (into && !join_path(path, sizeof(path), target, last_part(words[i])))
            status = 1;
        else if (rename(words[i], into ? path : target) == -1)
            status = complain(words[i]);
    }
    return status;
}
