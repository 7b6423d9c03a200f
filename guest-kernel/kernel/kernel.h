/* SPDX-License-Identifier: MIT */
/* What the files of kernel/ know of each other. */
#ifndef GUEST_KERNEL_KERNEL_KERNEL_H
#define GUEST_KERNEL_KERNEL_KERNEL_H

#include "lib/print.h"
#include "machine/machine.h"

/* pages.c: takes over the machine's free pages; how many are free now. */
void pages_init(void);
unsigned long pages_free(void);

/* trap.c: each shows what it is named after, on the console. */
void show_traps(void);

/* clock.c */
void show_timer(void);

/* memory.c */
void show_spaces(void);

/* process.c: runs the built-in user program; ends the running one. */
void show_user(void);
_Noreturn void process_end(const char *how, long code);
bool process_grow(uintptr_t address);

/* echo.c: gives lines back until one is "quit". */
void echo(void);

#endif
