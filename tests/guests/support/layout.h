/* SPDX-License-Identifier: MIT */
/* Numbers that C, assembler and the linker script of the test guests share. */
#ifndef TESTS_GUESTS_SUPPORT_LAYOUT_H
#define TESTS_GUESTS_SUPPORT_LAYOUT_H

/* The domain's page n starts mapped at VIRT_BASE + n * 4096. */
#define VIRT_BASE 0xffffffffa0000000

#define STACK_SIZE 16384

/* Vectors of struct frame beyond the processor's 256. */
#define VECTOR_EVENT     256
#define VECTOR_SYSCALL   257
#define VECTOR_FAILSAFE  258
#define VECTOR_STUB_SIZE 32

#endif
