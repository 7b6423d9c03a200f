/* SPDX-License-Identifier: MIT */
/*
 * A growing list of words: command lines of child processes, and text that is built piece by piece.
 */
#ifndef XLITE_WORDS_H
#define XLITE_WORDS_H

#include "lib/problem.h"

#include <stddef.h>
#include <stdio.h>

/* words.list[words.count] is always NULL, so that the list can be an argv. */
struct words {
    char **list;
    size_t count;
};

/* Adds one word, printf style. */
void words_add(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds the words of a line, which are split as a shell does: blanks separate; '...', "..." and
 * \ quote. False if a quote does not end. */
bool words_add_line(struct words *words, const char *line, struct problem *problem);

/* True if a word has this text in it. */
bool words_contain(const struct words *words, const char *text);

/* Puts another text in place of each occurrence of a text. */
void words_replace(struct words *words, const char *from, const char *to);

/* Prints the words so that a shell reads them back unchanged, and a newline. */
void words_print_shell(const struct words *words, FILE *file);

/* A new string, printf style. Ends the tool if there is no memory. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
