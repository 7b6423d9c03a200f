/* SPDX-License-Identifier: MIT */
/* rmdir DIRECTORY...: removes empty directories. */
#include <unistd.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    int status = 0;

    tool_begin(count, words, "rmdir", "DIRECTORY...");
    no_options(count, words);
    if (optind == count)
        return usage();
    for (int i = optind; i < count; i++)
        if (rmdir(words[i]) == -1)
            status = complain(words[i]);
    return status;
}
