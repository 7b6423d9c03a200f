/* SPDX-License-Identifier: MIT */
/* Numbers that assembler and C share; those of vectors are in machine/vectors.h. */
#ifndef GUEST_KERNEL_NATIVE_VECTORS_H
#define GUEST_KERNEL_NATIVE_VECTORS_H

#define LINES        16 /* of interrupts: their vectors begin at VECTOR_INTERRUPTS */
#define LINE_TIMER   0
#define LINE_CONSOLE 4 /* COM1 */

#define OWN_STACKS 2 /* of vectors, at 64 bits */

#define FLAGS_NONE 2 /* a bit that is always set */

/* Places in the GDT. Programs' selectors have their ring, 3, in the low bits. */
#define KERNEL_CS 0x08
#define KERNEL_DS 0x10
#define USER_DS   0x1b
#define USER_CS   0x23
#define TASK      0x28

#endif
