/* SPDX-License-Identifier: MIT */
/*
 * What this layer has to say about the machine. It knows no console: the layer above defines these
 * (hv/print.c, hv/panic.c), as it does bug_at() of lib/assert.h. A format ends without a newline.
 */
#ifndef XEN_LITE_X86_REPORT_H
#define XEN_LITE_X86_REPORT_H

#include "lib/compiler.h"

/* One line at level info, or at level warning. */
void machine_info(const char *format, ...) PRINTF_LIKE(1, 2);
void machine_warn(const char *format, ...) PRINTF_LIKE(1, 2);

/* The machine is unsuitable: says what was found and what is needed. Boot only. */
void machine_panic(const char *format, ...) PRINTF_LIKE(1, 2) NORETURN;

#endif
