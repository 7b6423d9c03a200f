/* SPDX-License-Identifier: MIT */
/* Numbers that C, assembler and the linker script of the test guests share. */
#ifndef TESTS_GUESTS_SUPPORT_LAYOUT_H
#define TESTS_GUESTS_SUPPORT_LAYOUT_H

/* The domain's page n starts mapped at VIRT_BASE + n * 4096. Other numbers than the guest kernel's,
 * on purpose. The compiler's code model wants 64-bit code in the top 2 GiB. */
#ifdef __x86_64__
#define VIRT_BASE 0xffffffffa0000000
#else
#define VIRT_BASE 0xd0000000
#endif

#define STACK_SIZE 16384

/* Vectors of struct frame beyond the processor's 256. A 32-bit guest's programs call the kernel by
 * int 0x80. */
#define VECTOR_EVENT     256
#define VECTOR_FAILSAFE  258
#define VECTOR_STUB_SIZE 32
#ifdef __x86_64__
#define VECTOR_SYSCALL 257
#else
#define VECTOR_SYSCALL 0x80
#endif

#endif
