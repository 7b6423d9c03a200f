/* SPDX-License-Identifier: MIT */
/*
 * Faults of the hypervisor's own instructions that were expected (ex_table.h).
 */
#ifndef XEN_LITE_X86_FAULT_H
#define XEN_LITE_X86_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "x86/regs.h"

/* For the trap handler: if the faulting instruction has a fix-up, makes regs continue there, notes
 * the address of a page fault, and says true. Must be called before another page fault can happen.
 */
bool ex_table_fixup(struct regs *regs);

/* The address that the last such page fault of this CPU was at; 0 if it was another exception. */
uint64_t fault_last_address(void);

#endif
