/* SPDX-License-Identifier: MIT */
/* Numbers of what enters the kernel, for assembler and C. Exceptions have the processor's, 0 to 31;
 * the machine's own interrupts follow. */
#ifndef GUEST_KERNEL_MACHINE_VECTORS_H
#define GUEST_KERNEL_MACHINE_VECTORS_H

#define VECTOR_NMI          2
#define VECTOR_DOUBLE_FAULT 8
#define VECTOR_PROTECTION   13
#define VECTOR_INTERRUPTS   32
#define VECTOR_SYSTEM_CALL  0x80

#define ENTRY_SIZE 32 /* bytes of code from one vector's entry point to the next one's */

#endif
