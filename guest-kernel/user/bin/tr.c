/* SPDX-License-Identifier: MIT */
/* tr [-d] FROM [TO]: replaces characters of the input, or removes them. a-z is a range, \n a
 * newline, \t a tab; the last character of TO stands for all that FROM has more. */
#include <string.h>

#include "user/lib/tool.h"

/* Writes the characters that text stands for into out; how many. */
static size_t characters_of(const char *text, unsigned char out[256])
{
    size_t count = 0;

    for (; *text != '\0' && count < 256; text++) {
        unsigned char c = *text;

        if (c == '\\' && text[1] != '\0') {
            text++;
            c = *text == 'n' ? '\n' : *text == 't' ? '\t' : *text;
        } else if (text[1] == '-' && text[2] != '\0') {
            for (; c < (unsigned char)text[2] && count < 255; c++)
                out[count++] = c;
            text += 2;
        }
        out[count++] = c;
    }
    return count;
}

int main(int count, char *words[])
{
    bool removes = count > 1 && strcmp(words[1], "-d") == 0;
    unsigned char from[256], to[256];
    size_t from_count, to_count = 0;
    int table[256], c;

    tool_begin(count, words, "tr", "[-d] FROM [TO]");
    if (count != 3 || (!removes && words[2][0] == '\0'))
        return usage();
    from_count = characters_of(words[1 + removes], from);
    if (!removes)
        to_count = characters_of(words[2], to);
    for (int i = 0; i < 256; i++)
        table[i] = i;
    for (size_t i = 0; i < from_count; i++)
        table[from[i]] = to_count == 0 ? -1 : to[i < to_count ? i : to_count - 1];
    while ((c = getchar()) != EOF)
        if (table[c] != -1)
            putchar(table[c]);
    return 0;
}
