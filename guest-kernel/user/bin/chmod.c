/* SPDX-License-Identifier: MIT */
/* chmod MODE FILE...: MODE is octal; what counts is whether a file may be run. */
#include <stdlib.h>
#include <sys/stat.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    int status = 0;

    tool_name = "chmod";
    if (count < 3)
        return usage("MODE FILE...");
    for (int i = 2; i < count; i++)
        if (chmod(words[i], strtoul(words[1], NULL, 8)) == -1)
            status = complain(words[i]);
    return status;
}
