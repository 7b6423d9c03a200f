/* SPDX-License-Identifier: MIT */
/*
 * Memory and strings, written for shortness; but kernels clear and copy pages all day, so these two
 * go by words, which x86 reads and writes at any address. The compiler calls the first three by
 * itself, for copies of structures and zeroed variables, so they must be there whoever else uses
 * them.
 */
#include "guest-kernel/lib/string.h"

typedef unsigned long __attribute__((may_alias, aligned(1))) chunk;

void *memset(void *to, int byte, size_t size)
{
    chunk pattern = ~0ul / 255 * (unsigned char)byte;
    unsigned char *p = to;

    for (; size >= sizeof(chunk); size -= sizeof(chunk), p += sizeof(chunk))
        *(chunk *)p = pattern;
    while (size--)
        *p++ = (unsigned char)byte;
    return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
    unsigned char *p = to;
    const unsigned char *q = from;

    for (; size >= sizeof(chunk); size -= sizeof(chunk), p += sizeof(chunk), q += sizeof(chunk))
        *(chunk *)p = *(const chunk *)q;
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
