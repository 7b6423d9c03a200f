/* SPDX-License-Identifier: MIT */
/* Numbers that assembler and C share. Exceptions have the processor's numbers, 0 to 31. */
#ifndef GUEST_KERNEL_NATIVE_VECTORS_H
#define GUEST_KERNEL_NATIVE_VECTORS_H

#define VECTOR_NMI          2
#define VECTOR_DOUBLE_FAULT 8
#define VECTOR_LINES        32 /* of the first of 16 interrupt lines */
#define LINES               16
#define LINE_TIMER          0
#define LINE_CONSOLE        4 /* COM1 */
#define VECTOR_SYSTEM_CALL  0x80

#define OWN_STACKS 2 /* of vectors, at 64 bits */

#define FLAGS_NONE 2 /* a bit that is always set */

#define ENTRY_SIZE 16 /* bytes of code from one vector's entry to the next one's */

/* Places in the GDT. Programs' selectors have their ring, 3, in the low bits. */
#define KERNEL_CS 0x08
#define KERNEL_DS 0x10
#define USER_DS   0x1b
#define USER_CS   0x23
#define TASK      0x28

#endif
