/* SPDX-License-Identifier: MIT */
/* head [-n LINES] [FILE...]: the first lines, 10 if it is not said how many. */
#include <stdlib.h>
#include <unistd.h>

#include "user/lib/tool.h"

static long lines = 10;

static void show(FILE *file, const char *name)
{
    char *line;

    (void)name;
    for (long i = 0; i < lines && (line = next_line(file)) != NULL; i++)
        puts(line);
}

int main(int count, char *words[])
{
    int option;

    tool_name = "head";
    while ((option = getopt(count, words, "n:")) != -1) {
        if (option == '?')
            return usage("[-n LINES] [FILE...]");
        lines = atol(optarg);
    }
    return for_each_file(words + optind, show);
}
