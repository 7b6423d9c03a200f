/* SPDX-License-Identifier: MIT */
/* Formatted output. Conversions: %c %s %d %u %x %%, with l for long, ll for long long and a width
 * (0 in front pads with zeros); %p is a pointer with 0x. */
#ifndef GUEST_KERNEL_LIB_PRINT_H
#define GUEST_KERNEL_LIB_PRINT_H

#include <stdarg.h>
#include <stddef.h>

/* Where the console's output goes: each program that links print.c defines it. */
void print_out(const char *text, size_t length);

/* To the console. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* To a buffer of size bytes, cut there, always ended by a zero. Returns the length written. */
size_t print_to(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a list of arguments, of which it uses up what the format names. */
size_t print_list_to(char *buffer, size_t size, const char *format, va_list *arguments);

#endif
