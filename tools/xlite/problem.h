/* SPDX-License-Identifier: MIT */
/*
 * Problems: one line of text that says what is wrong and where.
 *
 * A reader of files fills a struct problem and returns false; its caller adds whose file it was.
 * What only the command line can meet ends the tool at once with fail().
 */
#ifndef XLITE_PROBLEM_H
#define XLITE_PROBLEM_H

#include <stdbool.h>

/* The exit statuses that xlite promises (docs/xlite.md). */
enum exit_status {
    EXIT_ALL_POWERED_OFF = 0,
    EXIT_DOMAIN_FAILED = 1,
    EXIT_BAD_INPUT = 2,
    EXIT_HYPERVISOR_FAILED = 3,
    EXIT_TIMED_OUT = 124,
};

struct problem {
    char text[400];
};

/* Writes the text. Always returns false, so that a reader can say `return problem_set(...)`. */
bool problem_set(struct problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints "xlite: TEXT" on stderr and exits with EXIT_BAD_INPUT. */
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Prints "xlite: TEXT" on stderr and returns. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
