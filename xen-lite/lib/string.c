/* SPDX-License-Identifier: MIT */
/*
 * Byte and string functions of the hypervisor. Not part of a host build, which has libc's; the
 * unit test compiles this file under other names.
 *
 * Copy and fill use the string instructions, eight bytes a step: they are short, need no vector
 * registers (which belong to the guest), and the compiler cannot turn them back into a call of
 * the function that it is compiling, as gcc does with a plain loop.
 */
#include "lib/string.h"

#include <stdint.h>

void *memcpy(void *to, const void *from, size_t size)
{
    void *to_end = to;
    size_t words = size / 8;
    size_t rest = size % 8;

    __asm__ volatile("rep movsq" : "+D"(to_end), "+S"(from), "+c"(words)::"memory");
    __asm__ volatile("rep movsb" : "+D"(to_end), "+S"(from), "+c"(rest)::"memory");
    return to;
}

void *memset(void *to, int value, size_t size)
{
    void *to_end = to;
    uint64_t pattern = (uint8_t)value * 0x0101010101010101ULL;
    size_t words = size / 8;
    size_t rest = size % 8;

    __asm__ volatile("rep stosq" : "+D"(to_end), "+c"(words) : "a"(pattern) : "memory");
    __asm__ volatile("rep stosb" : "+D"(to_end), "+c"(rest) : "a"(pattern) : "memory");
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    uintptr_t distance = (uintptr_t)to - (uintptr_t)from;

    /* Upwards is safe unless the target begins inside the source (unsigned: a lower target gives
     * a huge distance). */
    if (distance >= size)
        return memcpy(to, from, size);

    char *target = to;
    const char *source = from;

    for (size_t i = size; i > 0; i--)
        ((volatile char *)target)[i - 1] = source[i - 1];
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uint8_t *left = a;
    const uint8_t *right = b;

    for (size_t i = 0; i < size; i++) {
        if (left[i] != right[i])
            return left[i] - right[i];
    }
    return 0;
}

size_t strnlen(const char *s, size_t max)
{
    size_t length = 0;

    while (length < max && s[length] != '\0')
        length++;
    return length;
}

size_t strlen(const char *s)
{
    return strnlen(s, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t max)
{
    for (size_t i = 0; i < max; i++) {
        if (a[i] != b[i])
            return (uint8_t)a[i] - (uint8_t)b[i];
        if (a[i] == '\0')
            break;
    }
    return 0;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *s, int c)
{
    for (; *s != (char)c; s++) {
        if (*s == '\0')
            return NULL;
    }
    return (char *)s;
}
