/* SPDX-License-Identifier: MIT */
/* wc [-l] [-w] [-c] [FILE...]: counts lines, words and bytes. */
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static bool lines_wanted, words_wanted, bytes_wanted;
static long totals[3];

static void show(const long counts[3], const char *name)
{
    const bool wanted[3] = { lines_wanted, words_wanted, bytes_wanted };
    bool alone = lines_wanted + words_wanted + bytes_wanted == 1;

    for (int i = 0; i < 3; i++)
        if (wanted[i])
            printf(alone ? "%ld" : "%7ld ", counts[i]);
    printf("%s%s\n", alone && name[0] != '\0' ? " " : "", name);
}

static void count_in(FILE *file, const char *name)
{
    long counts[3] = { 0, 0, 0 };
    bool in_word = false;
    int c;

    while ((c = getc(file)) != EOF) {
        counts[0] += c == '\n';
        counts[1] += !isspace(c) && !in_word;
        counts[2]++;
        in_word = !isspace(c);
    }
    show(counts, strcmp(name, "-") == 0 ? "" : name);
    for (int i = 0; i < 3; i++)
        totals[i] += counts[i];
}

int main(int count, char *words[])
{
    int option, status;

    tool_begin(count, words, "wc", "[-l] [-w] [-c] [FILE...]");
    while ((option = getopt(count, words, "lwc")) != -1) {
        if (option == '?')
            return usage();
        lines_wanted = lines_wanted || option == 'l';
        words_wanted = words_wanted || option == 'w';
        bytes_wanted = bytes_wanted || option == 'c';
    }
    if (!lines_wanted && !words_wanted && !bytes_wanted)
        lines_wanted = words_wanted = bytes_wanted = true;
    status = for_each_file(words + optind, count_in);
    if (count - optind > 1)
        show(totals, "total");
    return status;
}
