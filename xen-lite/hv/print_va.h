/* SPDX-License-Identifier: MIT */
/*
 * Printing with a va_list, for what is built on print().
 */
#ifndef XEN_LITE_HV_PRINT_VA_H
#define XEN_LITE_HV_PRINT_VA_H

#include <stdarg.h>

#include "lib/compiler.h"

/* One line of the hypervisor's, whatever loglvl= says. */
void print_va(const char *format, va_list args) PRINTF_LIKE(1, 0);

#endif
