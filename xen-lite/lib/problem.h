/* SPDX-License-Identifier: MIT */
/*
 * Why input was refused, in words, for whoever made the input. Readers of files and boot data
 * take a struct problem and fill it when they return false.
 */
#ifndef LIB_PROBLEM_H
#define LIB_PROBLEM_H

#include <stdbool.h>

#include "lib/compiler.h"

/* A full statement with the numbers that were found, without a newline. Only meaningful after a
 * reader has returned false. */
struct problem {
    char text[160];
};

/* Writes the text (cut to fit) and returns false, so that a reader can say
 * `return problem_say(problem, "...")`. */
PRINTF_LIKE(2, 3) bool problem_say(struct problem *problem, const char *fmt, ...);

#endif
