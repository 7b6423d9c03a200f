/* SPDX-License-Identifier: MIT */
/* tail [-n LINES | -LINES | -n +FIRST] [FILE...]: the last lines, 10 if it is not said how many, or
 * all from the line FIRST on; of several files each with its name above. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static long lines = 10;
static long first; /* 0: the last lines are wanted */
static bool with_names;

static void show_from_first(FILE *file)
{
    char *line;

    for (long number = 1; (line = next_line(file)) != NULL; number++)
        if (number >= first)
            puts(line);
}

/* The lines go into a ring of as many as are wanted. */
static void show_last(FILE *file, const char *name)
{
    char **ring = calloc(lines + 1, sizeof(char *));
    long count = 0;
    char *line;

    if (ring == NULL)
        exit(complain(name));
    while ((line = next_line(file)) != NULL && lines > 0) {
        free(ring[count % lines]);
        if ((ring[count++ % lines] = strdup(line)) == NULL)
            exit(complain(name));
    }
    for (long i = count > lines ? count - lines : 0; i < count; i++) {
        puts(ring[i % lines]);
        free(ring[i % lines]);
    }
    free(ring);
}

static void show(FILE *file, const char *name)
{
    static bool is_second;

    if (with_names)
        printf("%s==> %s <==\n", is_second ? "\n" : "", name);
    is_second = true;
    if (first > 0)
        show_from_first(file);
    else
        show_last(file, name);
}

int main(int count, char *words[])
{
    tool_begin(count, words, "tail", "[-n LINES | -LINES | -n +FIRST] [FILE...]");
    while (line_option(count, words, "", &lines) != -1)
        first = optarg != NULL && optarg[0] == '+' ? lines : 0;
    with_names = count - optind > 1;
    return for_each_file(words + optind, show);
}
