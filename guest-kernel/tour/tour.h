/* SPDX-License-Identifier: MIT */
/* The tour of the machine: what its files know of each other. */
#ifndef GUEST_KERNEL_TOUR_TOUR_H
#define GUEST_KERNEL_TOUR_TOUR_H

#include "lib/print.h"
#include "machine/machine.h"

/* tour.c: everything, one stop a line. */
void tour(void);
bool tour_is_running(void);

/* trap.c: each shows what it is named after, on the console. */
void show_traps(void);

bool tour_trap(struct trap *trap);

/* clock.c */
void show_timer(void);

/* memory.c */
void show_spaces(void);

/* user.c: runs the built-in user program; ends the running one. */
void show_user(void);
_Noreturn void process_end(const char *how, long code);
bool process_grow(uintptr_t address);
long tour_system_call(unsigned long number, const unsigned long arguments[4]);

/* echo.c: gives lines back until one is "quit". */
void echo(void);

#endif
