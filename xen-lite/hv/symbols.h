/* SPDX-License-Identifier: MIT */
/*
 * Names of the hypervisor's own functions, for backtraces.
 */
#ifndef XEN_LITE_HV_SYMBOLS_H
#define XEN_LITE_HV_SYMBOLS_H

#include <stdint.h>

/* The function that address is in, and how far; null if it is not in the text. */
const char *symbol_find(uint64_t address, uint64_t *offset);

/* Prints the callers by frame pointers: first `rip`, then the return addresses from frame `rbp` on,
 * as long as those lie on this CPU's stacks. */
void backtrace_print(uint64_t rip, uint64_t rbp);

#endif
