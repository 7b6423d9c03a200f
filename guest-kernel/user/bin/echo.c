/* SPDX-License-Identifier: MIT */
/* echo [-n] WORD...: writes the words, with a newline but for -n. */
#include <stdio.h>
#include <string.h>

int main(int count, char *words[])
{
    int first = count > 1 && strcmp(words[1], "-n") == 0 ? 2 : 1;

    for (int i = first; i < count; i++)
        printf("%s%s", i > first ? " " : "", words[i]);
    if (first == 1)
        putchar('\n');
    return 0;
}
