/* SPDX-License-Identifier: MIT */
/* sort [-n] [-r] [-u] [FILE...]: all lines in order; -n: as numbers, -r: backwards, -u: each once.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static bool as_numbers, backwards, once;
static char **lines;
static size_t line_count, room;

static int compare(const void *a, const void *b)
{
    const char *left = *(char *const *)a, *right = *(char *const *)b;
    long x = as_numbers ? atol(left) : 0, y = as_numbers ? atol(right) : 0;
    int order = x != y ? (x < y ? -1 : 1) : strcmp(left, right);

    return backwards ? -order : order;
}

static void collect(FILE *file, const char *name)
{
    char *line, **larger;

    while ((line = next_line(file)) != NULL) {
        if (line_count == room) {
            room = room * 2 + 64;
            larger = realloc(lines, room * sizeof(char *));
            if (larger == NULL)
                exit(complain(name));
            lines = larger;
        }
        if ((lines[line_count++] = strdup(line)) == NULL)
            exit(complain(name));
    }
}

int main(int count, char *words[])
{
    int option, status;

    tool_begin(count, words, "sort", "[-n] [-r] [-u] [FILE...]");
    while ((option = getopt(count, words, "nru")) != -1) {
        if (option == '?')
            return usage();
        as_numbers = as_numbers || option == 'n';
        backwards = backwards || option == 'r';
        once = once || option == 'u';
    }
    status = for_each_file(words + optind, collect);
    if (line_count > 1)
        qsort(lines, line_count, sizeof(char *), compare);
    for (size_t i = 0; i < line_count; i++)
        if (!once || i == 0 || strcmp(lines[i], lines[i - 1]) != 0)
            puts(lines[i]);
    return status;
}
