/* SPDX-License-Identifier: MIT */
/* hexdump [FILE...]: bytes as numbers and, where they can be shown, as characters. */
#include <ctype.h>
#include <unistd.h>

#include "user/lib/tool.h"

static void show_line(unsigned long at, const unsigned char *bytes, size_t count)
{
    printf("%08lx ", at);
    for (size_t i = 0; i < 16; i++) {
        if (i < count)
            printf("%s%02x", i == 8 ? "  " : " ", bytes[i]);
        else
            printf("%s", i == 8 ? "    " : "   ");
    }
    printf("  |");
    for (size_t i = 0; i < count; i++)
        putchar(isprint(bytes[i]) ? bytes[i] : '.');
    printf("|\n");
}

static void dump(FILE *file, const char *name)
{
    unsigned char bytes[16];
    unsigned long at = 0;
    size_t count;

    (void)name;
    while ((count = fread(bytes, 1, sizeof(bytes), file)) > 0) {
        show_line(at, bytes, count);
        at += count;
    }
    printf("%08lx\n", at);
}

int main(int count, char *words[])
{
    tool_begin(count, words, "hexdump", "[FILE...]");
    no_options(count, words);
    return for_each_file(words + optind, dump);
}
