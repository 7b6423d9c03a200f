/* SPDX-License-Identifier: MIT */
/* What must not happen, and how the way to it is shown. */
#ifndef GUEST_KERNEL_KERNEL_PANIC_H
#define GUEST_KERNEL_KERNEL_PANIC_H

#include <stdbool.h>
#include <stdint.h>

/* The kernel is broken: says why and where, and stops the machine. */
_Noreturn void kernel_panic(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same out of an exception: the way to pc, where rbp or ebp was frame. */
_Noreturn void kernel_panic_at(uintptr_t pc, uintptr_t frame, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether that has begun. If it is another CPU's, this one stays here: what is printed from then on
 * is about the end. */
bool kernel_is_ending(void);

/* The functions on the way to pc in the current process's program, a line each. */
void backtrace_program(uintptr_t pc, uintptr_t frame);

#endif
