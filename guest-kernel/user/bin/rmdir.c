/* SPDX-License-Identifier: MIT */
/* rmdir DIRECTORY...: removes empty directories. */
#include <unistd.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    int status = 0;

    tool_name = "rmdir";
    for (int i = 1; i < count; i++)
        if (rmdir(words[i]) == -1)
            status = complain(words[i]);
    return status;
}
