/* SPDX-License-Identifier: MIT */
/* head [-n LINES | -LINES | -c BYTES] [FILE...]: the first lines, 10 if it is not said how many; of
 * several files each with its name above. */
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static long lines = 10, bytes = -1;
static bool with_names;

static void show_bytes(FILE *file)
{
    int c;

    for (long i = 0; i < bytes && (c = getc(file)) != EOF; i++)
        putchar(c);
}

static void show(FILE *file, const char *name)
{
    static bool is_second;
    char *line;

    if (with_names)
        printf("%s==> %s <==\n", is_second ? "\n" : "", name);
    is_second = true;
    if (bytes >= 0)
        show_bytes(file);
    for (long i = 0; bytes < 0 && i < lines && (line = next_line(file)) != NULL; i++)
        puts(line);
}

int main(int count, char *words[])
{
    int option;

    tool_begin(count, words, "head", "[-n LINES | -LINES | -c BYTES] [FILE...]");
    while ((option = line_option(count, words, "c:", &lines)) != -1)
        if (option == 'c')
            bytes = number_of(optarg);
    with_names = count - optind > 1;
    return for_each_file(words + optind, show);
}
