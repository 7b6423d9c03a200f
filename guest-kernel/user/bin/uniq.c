/* SPDX-License-Identifier: MIT */
/* uniq [-c] [FILE...]: of equal lines in a row one; with -c how many there were. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static bool with_count;
static char *last;
static long repeats;

static void show_last(void)
{
    if (last == NULL)
        return;
    if (with_count)
        printf("%7ld ", repeats);
    puts(last);
    free(last);
    last = NULL;
}

static void filter(FILE *file, const char *name)
{
    char *line;

    (void)name;
    while ((line = next_line(file)) != NULL) {
        if (last == NULL || strcmp(line, last) != 0) {
            show_last();
            last = strdup(line);
            repeats = 0;
        }
        repeats++;
    }
}

int main(int count, char *words[])
{
    int option, status;

    tool_begin(count, words, "uniq", "[-c] [FILE...]");
    while ((option = getopt(count, words, "c")) != -1) {
        if (option == '?')
            return usage();
        with_count = true;
    }
    status = for_each_file(words + optind, filter);
    show_last();
    return status;
}
