/* SPDX-License-Identifier: MIT */
/* Numbers that assembler and C share; those of vectors are in machine/vectors.h. */
#ifndef GUEST_KERNEL_NATIVE_VECTORS_H
#define GUEST_KERNEL_NATIVE_VECTORS_H

/* Interrupts; their vectors begin at VECTOR_INTERRUPTS. From LINE_CPU on they come from a CPU's own
 * controller. */
#define LINES        32
#define LINE_TIMER   0
#define LINE_CONSOLE 4 /* COM1 */
#define LINE_CPU     16
#define LINE_NOTHING 31

#define TRAMPOLINE 0x8000 /* where other CPUs begin: a page below 1 MiB that nobody uses */

#define OWN_STACKS 2 /* of vectors, at 64 bits */

#define FLAGS_NONE 2 /* a bit that is always set */

/* Places in the GDT. Programs' selectors have their ring, 3, in the low bits. */
#define KERNEL_CS 0x08
#define KERNEL_DS 0x10
#define USER_DS   0x1b
#define USER_CS   0x23
#define TASK      0x28

#endif
