/* SPDX-License-Identifier: MIT */
/*
 * What differs between the two kinds of guest, 64-bit (pv64) and 32-bit PAE (pv32), so that a
 * test's own source seldom has to know which one it is compiled for.
 *
 *     unsigned long   a register, a virtual address
 *     uint64_t        a page-table entry, a machine address, a time: 64 bits at both widths
 *     R(ax)           "%rax" or "%eax" within extended asm
 *     REG(ip)         rip or eip: a field of the ABI's struct cpu_user_regs
 *     W               the suffix of an instruction on a whole register: "mov" W
 *     USER_CALL       how a program calls its kernel: it arrives as VECTOR_SYSCALL
 *     KERNEL_CALL     how a kernel calls the hypervisor, number in R(ax)
 */
#ifndef TESTS_GUESTS_SUPPORT_WIDTH_H
#define TESTS_GUESTS_SUPPORT_WIDTH_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/xen.h"

#ifdef __x86_64__
#include "tests/guests/support/width64.h"
#else
#include "tests/guests/support/width32.h"
#endif

#define WORD_BITS (8 * sizeof(long))

/* The user mode that user_run starts sees the kernel's memory. */
void user_sees_kernel(void);

/* Flags and selectors of a frame of user or kernel mode. */
void frame_fill(struct frame *frame, bool user);

/* Fills in how a new vCPU calls function(argument) on the stack that ends there, which is
 * its kernel stack, too, and where its callbacks go. */
void context_fill(struct vcpu_guest_context *context, void (*function)(unsigned long),
                  unsigned long argument, char *its_stack_end);

/* Handlers beside those of exceptions; returns how many they are. */
unsigned traps_of_width(struct trap_info *table);

/* Registers the callbacks. Not 0 if that failed. */
long callbacks_init(void);

#endif
