/* SPDX-License-Identifier: MIT */
/*
 * printf for the hypervisor, into a buffer or piece by piece into a callback. The formats are
 * standard ones, so the compiler checks the arguments: %d %i %u %x %X %o %p %c %s %%, with the
 * flags - 0 # + space, width and precision (also *), and lengths hh h l ll z j t. No floats.
 */
#ifndef LIB_FORMAT_H
#define LIB_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

#include "lib/compiler.h"

/* Receives the text in pieces, in order; a piece is not zero-terminated. */
typedef void format_emit(void *ctx, const char *text, size_t size);

/* Formats into buf, cut to fit, its end always marked (if size is not 0). Returns the length that
 * the whole text has, so a result >= size says that something was cut. */
PRINTF_LIKE(3, 4) size_t format_string(char *buf, size_t size, const char *fmt, ...);
PRINTF_LIKE(3, 0) size_t format_va(char *buf, size_t size, const char *fmt, va_list args);

/* Formats into a callback. Returns the length of the text. */
PRINTF_LIKE(3, 4) size_t format_to(format_emit *emit, void *ctx, const char *fmt, ...);
PRINTF_LIKE(3, 0) size_t format_to_va(format_emit *emit, void *ctx, const char *fmt, va_list args);

#endif
