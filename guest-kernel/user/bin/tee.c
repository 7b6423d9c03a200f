/* SPDX-License-Identifier: MIT */
/* tee [-a] FILE...: writes the input to the output and to the files; -a: at their end. */
#include <unistd.h>

#include "user/lib/tool.h"

#define FILES 16

int main(int count, char *words[])
{
    FILE *files[FILES];
    const char *names[FILES];
    int open_files = 0, c, status = 0, option;
    bool append = false;

    tool_begin(count, words, "tee", "[-a] FILE...");
    while ((option = getopt(count, words, "a")) != -1) {
        if (option == '?')
            return usage();
        append = true;
    }
    if (count - optind > FILES)
        return complain_of(words[optind + FILES], "too many files");
    for (int i = optind; i < count; i++) {
        names[open_files] = words[i];
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
    for (int i = 0; i < open_files; i++)
        if ((ferror(files[i]) | fclose(files[i])) != 0)
            status = complain(names[i]);
    return status;
}
