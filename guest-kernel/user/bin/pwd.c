/* SPDX-License-Identifier: MIT */
/* pwd: the path of the current directory. */
#include <limits.h>
#include <unistd.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    char path[PATH_MAX];

    tool_begin(count, words, "pwd", "");
    no_operands(count, words);
    if (getcwd(path, sizeof(path)) == NULL)
        return complain("getcwd");
    puts(path);
    return 0;
}
