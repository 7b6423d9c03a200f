/* SPDX-License-Identifier: MIT */
/*
 * Memory and strings, written for shortness. The compiler calls the first three by itself, for
 * copies of structures and zeroed variables, so they must be there whoever else uses them.
 */
#include "guest-kernel/lib/string.h"

void *memset(void *to, int byte, size_t size)
{
    unsigned char *p = to;

    while (size--)
        *p++ = (unsigned char)byte;
    return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
    unsigned char *p = to;
    const unsigned char *q = from;

    while (size--)
        *p++ = *q++;
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *p = a, *q = b;

    for (; size; size--, p++, q++) {
        if (*p != *q)
            return *p - *q;
    }
    return 0;
}

size_t strlen(const char *s)
{
    size_t length = 0;

    while (s[length])
        length++;
    return length;
}

/* Whole words only: "echoes" is not "echo". */
bool string_has_word(const char *text, const char *word)
{
    size_t length = strlen(word);

    while (*text) {
        size_t size = 0;

        while (text[size] && text[size] != ' ')
            size++;
        if (size == length && memcmp(text, word, size) == 0)
            return true;
        text += size;
        while (*text == ' ')
            text++;
    }
    return false;
}
