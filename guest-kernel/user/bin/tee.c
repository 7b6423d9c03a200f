/* SPDX-License-Identifier: MIT */
/* tee [-a] FILE...: writes the input to the output and to the files; -a: at their end. */
#include <string.h>

#include "user/lib/tool.h"

#define FILES 16

int main(int count, char *words[])
{
    bool append = count > 1 && strcmp(words[1], "-a") == 0;
    FILE *files[FILES];
    int open_files = 0, c, status = 0;

    tool_name = "tee";
    for (int i = 1 + append; i < count && open_files < FILES; i++) {
        files[open_files] = fopen(words[i], append ? "a" : "w");
        if (files[open_files] == NULL)
            status = complain(words[i]);
        else
            open_files++;
    }
    while ((c = getchar()) != EOF) {
        putchar(c);
        for (int i = 0; i < open_files; i++)
            putc(c, files[i]);
    }
    return status;
}
