/* SPDX-License-Identifier: MIT */
/*
 * The end (panic() itself is in hv/print.h).
 */
#ifndef XEN_LITE_HV_PANIC_H
#define XEN_LITE_HV_PANIC_H

#include <stdbool.h>

#include "lib/compiler.h"

/* A line of a panic's report: printed whatever loglvl= says. */
void panic_print(const char *format, ...) PRINTF_LIKE(1, 2);

/* True once a CPU panics: nothing else matters any more. */
bool panic_in_progress(void);

/* At boot: other CPUs can be stopped from here on. */
void panic_init(void);

#endif
