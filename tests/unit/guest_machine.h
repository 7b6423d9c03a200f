/* SPDX-License-Identifier: MIT */
/*
 * A machine for the memory half of the teaching kernel (guest-kernel/kernel/: pages.c, heap.c,
 * lock.c, memory.c): some pages, and page tables that are lists. Changes of mappings are delayed
 * until machine_map_flush, as machine.h allows.
 */
#ifndef TESTS_UNIT_GUEST_MACHINE_H
#define TESTS_UNIT_GUEST_MACHINE_H

#include "unit.h"

#include "kernel/memory.h"
#include "kernel/pages.h"
#include "kernel/process.h"

#define MACHINE_FREE_PAGES    64 /* of which the counts take one */
#define MACHINE_RAMDISK_PAGES 8

extern struct fake_machine {
    unsigned long mappings;     /* in all spaces */
    unsigned long mappings_max; /* machine_map fails beyond that */
    unsigned spaces;
    bool irq; /* whether interrupts are on */
    const char *panic;
} fake_machine;

/* No mappings. All pages are free at first; each test gives back what it takes. */
void machine_reset(void);

/* Runs the function, which must panic; the text. */
const char *panic_of(void (*function)(void));

#endif
