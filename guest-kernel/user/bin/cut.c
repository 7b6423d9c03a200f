/* SPDX-License-Identifier: MIT */
/* cut [-d CHARACTER] -f LIST [FILE...]: fields of each line, or -c LIST: characters. LIST is like
 * 1,3-5. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static const char *list;
static char delimiter = '\t';
static bool characters;

static bool is_wanted(long number)
{
    for (const char *at = list; *at != '\0'; at += strcspn(at, ","), at += *at == ',') {
        char *end;
        long first = strtol(at, &end, 10), last = first;

        if (*end == '-')
            last = end[1] >= '0' && end[1] <= '9' ? strtol(end + 1, NULL, 10) : 0x7fffffff;
        if (first <= number && number <= last)
            return true;
    }
    return false;
}

static void cut_fields(const char *line)
{
    bool any = false;

    for (long number = 1;; number++) {
        size_t length = strcspn(line, (char[]){ delimiter, '\0' });

        if (is_wanted(number)) {
            if (any)
                putchar(delimiter);
            printf("%.*s", (int)length, line);
            any = true;
        }
        if (line[length] == '\0')
            return;
        line += length + 1;
    }
}

static void cut(FILE *file, const char *name)
{
    char *line;

    (void)name;
    while ((line = next_line(file)) != NULL) {
        if (!characters)
            cut_fields(line);
        for (long i = 0; characters && line[i] != '\0'; i++)
            if (is_wanted(i + 1))
                putchar(line[i]);
        putchar('\n');
    }
}

int main(int count, char *words[])
{
    int option;

    tool_begin(count, words, "cut", "[-d CHARACTER] -f LIST | -c LIST [FILE...]");
    while ((option = getopt(count, words, "d:f:c:")) != -1) {
        if (option == '?')
            return usage();
        if (option == 'd')
            delimiter = optarg[0];
        if (option == 'f' || option == 'c')
            list = optarg;
        characters = characters || option == 'c';
    }
    if (list == NULL)
        return usage();
    if (list[0] == '\0' || list[strspn(list, "0123456789,-")] != '\0')
        return complain_of(list, "not a list of numbers") + 1;
    return for_each_file(words + optind, cut);
}
