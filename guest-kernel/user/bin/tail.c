/* SPDX-License-Identifier: MIT */
/* tail [-n LINES] [FILE...]: the last lines, 10 if it is not said how many. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static long lines = 10;

/* The lines go into a ring of as many as are wanted. */
static void show(FILE *file, const char *name)
{
    char **ring = calloc(lines + 1, sizeof(char *));
    long count = 0;
    char *line;

    if (ring == NULL)
        exit(complain(name));
    while ((line = next_line(file)) != NULL && lines > 0) {
        free(ring[count % lines]);
        ring[count++ % lines] = strdup(line);
    }
    for (long i = count > lines ? count - lines : 0; i < count; i++) {
        puts(ring[i % lines]);
        free(ring[i % lines]);
    }
    free(ring);
}

int main(int count, char *words[])
{
    int option;

    tool_name = "tail";
    while ((option = getopt(count, words, "n:")) != -1) {
        if (option == '?')
            return usage("[-n LINES] [FILE...]");
        lines = atol(optarg) > 0 ? atol(optarg) : 0;
    }
    return for_each_file(words + optind, show);
}
