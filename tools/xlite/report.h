/* SPDX-License-Identifier: MIT */
/*
 * How the tool speaks to its user: one line on stderr, and an exit status.
 *
 * A reader of files fills a struct problem (lib/problem.h) and returns false; its caller adds whose
 * file it was and ends the tool with fail().
 */
#ifndef XLITE_REPORT_H
#define XLITE_REPORT_H

/* The exit statuses that xlite promises (docs/xlite.md). */
enum exit_status {
    EXIT_ALL_POWERED_OFF = 0,
    EXIT_DOMAIN_FAILED = 1,
    EXIT_BAD_INPUT = 2,
    EXIT_HYPERVISOR_FAILED = 3,
    EXIT_TIMED_OUT = 124,
};

/* Prints "xlite: TEXT" on stderr and exits with EXIT_BAD_INPUT. */
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Prints "xlite: TEXT" on stderr and returns. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
