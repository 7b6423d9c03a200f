/* SPDX-License-Identifier: MIT */
/*
 * Words, numbers and bounded copies: what the parsers of command lines and notes need beyond the
 * standard string functions. Nothing here allocates or keeps state.
 */
#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies the string from, cut to fit in size bytes, its end always marked. Says whether all of it
 * fitted. size is at least 1. */
bool text_copy(char *to, size_t size, const char *from);

/* The same for length bytes that need not end in a zero. */
bool text_copy_bytes(char *to, size_t size, const char *from, size_t length);

bool text_starts_with(const char *s, const char *prefix);
bool text_equal(const char *a, const char *b);

/* Reads a whole string as an unsigned number in C notation (decimal, 0x hexadecimal, 0 octal).
 * False, and *value untouched, if it is empty, has anything else in it or does not fit. */
bool text_to_u64(const char *s, uint64_t *value);

/* The same followed by an optional unit: K, M, G or T (powers of 1024, either case); without one
 * the number is multiplied by unit. */
bool text_to_size(const char *s, uint64_t unit, uint64_t *value);

/* Reads yes/no, on/off, true/false, enable/disable, 1/0. */
bool text_to_bool(const char *s, bool *value);

/* Takes the next word (separated by white space) off *line into word, cut to fit; *line moves
 * behind it. False at the end of the line. */
bool text_next_word(const char **line, char *word, size_t size);

#endif
