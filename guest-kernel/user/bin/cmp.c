/* SPDX-License-Identifier: MIT */
/* cmp FILE OTHER: says where they begin to differ; 0 if they do not. "-" is the input. */
#include <string.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    FILE *files[2];
    unsigned long byte = 1, line = 1;
    int a, b;

    tool_begin(count, words, "cmp", "FILE OTHER");
    if (count != 3)
        return usage();
    for (int i = 0; i < 2; i++) {
        files[i] = strcmp(words[i + 1], "-") == 0 ? stdin : fopen(words[i + 1], "r");
        if (files[i] == NULL)
            return complain(words[i + 1]) + 1;
    }
    for (;; byte++) {
        a = getc(files[0]);
        b = getc(files[1]);
        if (a != b || a == EOF)
            break;
        line += a == '\n';
    }
    for (int i = 0; i < 2; i++)
        if (ferror(files[i]))
            return complain(words[i + 1]) + 1;
    if (a == b)
        return 0;
    if (a == EOF || b == EOF)
        printf("cmp: %s ends after byte %lu\n", words[a == EOF ? 1 : 2], byte - 1);
    else
        printf("%s %s differ: byte %lu, line %lu\n", words[1], words[2], byte, line);
    return 1;
}
