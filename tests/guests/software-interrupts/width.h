/* SPDX-License-Identifier: MIT */
#ifndef TESTS_GUESTS_SOFTWARE_INTERRUPTS_WIDTH_H
#define TESTS_GUESTS_SOFTWARE_INTERRUPTS_WIDTH_H

#include <stdint.h>

#include "tests/guests/support/trap.h"

/* width64.c, width32.c. */

/* Room for code that the kernel and programs of each kind can run at code_at. Returns where it is
 * written. Once a test. */
uint8_t *code_new(void);
extern const unsigned long code_at;

/* The kinds of program, up to one without a name: how one starts at code_at, and its segment. */
extern const struct program {
    const char *name;
    struct frame (*start)(void);
    unsigned cs;
} programs[];

/* The vector that is the kernel's hypercall, and its `int n` none of the guest's. */
extern const unsigned hypercall_vector;

#endif
