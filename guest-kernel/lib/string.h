/* SPDX-License-Identifier: MIT */
/* The C library's memory and string functions that this kernel uses, with their usual meaning. The
 * compiler calls the first three on its own, too. */
#ifndef GUEST_KERNEL_LIB_STRING_H
#define GUEST_KERNEL_LIB_STRING_H

#include <stdbool.h>
#include <stddef.h>

void *memset(void *to, int byte, size_t size);
void *memcpy(void *to, const void *from, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *s);

/* True if word is one of the blank-separated words of text. */
bool string_has_word(const char *text, const char *word);

#endif
