/* SPDX-License-Identifier: MIT */
/*
 * The byte and string functions that freestanding C code expects to find, under their standard
 * names because the compiler itself emits calls to the first four. lib/string.c defines them for
 * the hypervisor; a host build takes its libc's.
 */
#ifndef LIB_STRING_H
#define LIB_STRING_H

#include <stdbool.h>
#include <stddef.h>

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t max);
char *strchr(const char *s, int c);

#endif
