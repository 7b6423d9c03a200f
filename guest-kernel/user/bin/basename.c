/* SPDX-License-Identifier: MIT */
/* basename PATH [SUFFIX]: what is behind the last slash, without the suffix. */
#include <string.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    const char *name;
    size_t length, suffix;

    tool_begin(count, words, "basename", "PATH [SUFFIX]");
    if (count < 2 || count > 3)
        return usage();
    name = last_part(words[1]);
    length = strlen(name);
    suffix = count == 3 ? strlen(words[2]) : 0;
    if (suffix > 0 && suffix < length && strcmp(name + length - suffix, words[2]) == 0)
        length -= suffix;
    printf("%.*s\n", (int)length, name);
    return 0;
}
