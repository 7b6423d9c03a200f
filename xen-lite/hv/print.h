/* SPDX-License-Identifier: MIT */
/*
 * What the hypervisor says, and how it ends.
 *
 * Every line goes out whole and begins with "(xen-lite) ". Formats are those of lib/format.h; a
 * line ends with '\n'.
 */
#ifndef XEN_LITE_HV_PRINT_H
#define XEN_LITE_HV_PRINT_H

#include <stdbool.h>

#include "hv/options.h"
#include "lib/assert.h"
#include "lib/compiler.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Printed if level passes loglvl=. Never blocks: output is buffered, and what does not fit is
 * counted and said later. */
void print(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

/* The same about what a guest does, by guest_loglvl=. The caller limits how often
 * (domain/refuse.h); it may ask first whether the line would be printed at all. */
static inline bool print_guest_wanted(enum log_level level)
{
    return level < options.guest_loglvl.limited;
}
void print_guest(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

/* Writes one line on the status channel (status=com2), if there is one. */
void status_line(const char *format, ...) PRINTF_LIKE(1, 2);

/* The machine is unsuitable or we are wrong: prints reason, registers and backtrace, stops all
 * CPUs, halts or resets. */
void panic(const char *format, ...) PRINTF_LIKE(1, 2) NORETURN;

/* The same for a trap that the hypervisor took: shows the registers and the backtrace of what was
 * interrupted. */
struct regs;
void panic_regs(const struct regs *regs, const char *format, ...) PRINTF_LIKE(2, 3) NORETURN;

/* For "we are wrong" there are BUG, BUG_ON and ASSERT (lib/assert.h), which lead to a panic. */

#endif
