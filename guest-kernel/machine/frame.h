/* SPDX-License-Identifier: MIT */
/*
 * What machine/native and machine/pv have in common: how registers lie on a kernel stack. Two
 * headers, one for each width, with the same names in them.
 *
 *     struct trap_frame        the interrupted code's registers, as entry64.S or entry32.S leaves
 *                              them; also what it returns to
 *     frame_call()             a system call's number, and its arguments
 *     frame_save(), frame_load()
 *                              between a frame and struct user_state: all but cs, ss and flags,
 *                              which are the machine's to choose
 *     struct context           what machine_context_switch pops
 */
#ifndef GUEST_KERNEL_MACHINE_FRAME_H
#define GUEST_KERNEL_MACHINE_FRAME_H

#include "machine/machine.h"

#ifdef __x86_64__
#include "machine/frame64.h"
#else
#include "machine/frame32.h"
#endif

/* ---- Flags that programs may change: carry, parity, adjust, zero, sign, direction, overflow ----
 */
#define FLAGS_OF_PROGRAMS 0xcd5ul
#define FLAGS_IF          (1ul << 9)

/* What lies above the top of a kernel stack. */
struct stack_end {
    unsigned cpu; /* that the thread is on */
};

static inline struct stack_end *stack_end(void *stack)
{
    return machine_stack_top(stack);
}

/* context64.S, context32.S */
void context_begin(void);
void context_switch_stacks(struct context **from, struct context *to);
bool copy_bytes(void *to, const void *from, size_t size);
extern char copy_instruction[], copy_failed[];

/* traps.c, called by the entries; and what the machine has for it: an interrupt (their numbers are
 * the machine's own), the address of a page fault. */
void trap_arrives(struct trap_frame *frame);
void interrupt_arrives(unsigned number);
uintptr_t fault_address(void);

/* threads.c: from a frame of a program to struct user_state. */
void user_load(struct trap_frame *frame, const struct user_state *state);

#endif
