/* SPDX-License-Identifier: MIT */
/* A 32-bit kernel with PAE on the bare machine: see width.h. */
#ifndef GUEST_KERNEL_NATIVE_WIDTH32_H
#define GUEST_KERNEL_NATIVE_WIDTH32_H

#include "machine/frame32.h"
#include "machine/native/vectors.h"
#include "machine/vectors.h"

#define NATIVE_KIND "32-bit native"

/* ---- Segments and gates ---- */

#define CODE_SEGMENT 0x00cf9a000000ffffull
#define DATA_SEGMENT 0x00cf92000000ffffull

#define TASK_WORDS 1

struct task {
    uint32_t link, stack, stack_segment;
    uint32_t unused[22];   /* for switching tasks, which nobody does */
    uint16_t trap, io_map; /* io_map: where the bits of ports begin */
};

static inline void task_set_stack(struct task *task, void *stack_top)
{
    task->stack = (uintptr_t)stack_top;
}

/* Vectors can have no stacks of their own here. Weak spot: when the kernel's stack comes to its end
 * the machine resets without a word; a double fault would need a second task to be told. */
static inline void task_set_own_stack(struct task *task, unsigned number, void *stack_top)
{
    (void)number;
    (void)stack_top;
    task->stack_segment = KERNEL_DS;
}

#define GATE_INTERRUPT 0x8e00 /* present, leaves interrupts off */

struct gate {
    uint16_t address_low, selector, options, address_high;
};

/* Interrupts are off behind all gates. */
static inline struct gate gate_to(unsigned vector, unsigned ring, const char *entry)
{
    uintptr_t address = (uintptr_t)entry;

    (void)vector; /* none has a stack of its own */
    return (struct gate){
        .address_low = (uint16_t)address,
        .selector = KERNEL_CS,
        .options = (uint16_t)(GATE_INTERRUPT | ring << 13),
        .address_high = (uint16_t)(address >> 16),
    };
}

static inline struct trap_frame native_user_frame(void)
{
    return (struct trap_frame){ .ds = USER_DS, .es = USER_DS, .cs = USER_CS, .ss = USER_DS };
}

#endif
