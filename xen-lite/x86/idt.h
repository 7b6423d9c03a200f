/* SPDX-License-Identifier: MIT */
/*
 * The interrupt descriptor table: one for all CPUs. Every vector leads to its stub in entry.S.
 */
#ifndef XEN_LITE_X86_IDT_H
#define XEN_LITE_X86_IDT_H

/* Fills the table; once, on the boot CPU. The gates of int3, into and of the vectors that existing
 * guests raise by `int n` all the time may be used from ring 3; `int n` with any other vector
 * arrives as #GP. */
void idt_init(void);

/* Loads it on this CPU. */
void idt_load(void);

/* From which ring on `int vector` is allowed: 0 or 3. For tests and for a guest's own vectors. */
void idt_set_dpl(unsigned int vector, unsigned int dpl);

#endif
