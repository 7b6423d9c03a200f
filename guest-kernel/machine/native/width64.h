/* SPDX-License-Identifier: MIT */
/* A 64-bit kernel on the bare machine: see width.h. */
#ifndef GUEST_KERNEL_NATIVE_WIDTH64_H
#define GUEST_KERNEL_NATIVE_WIDTH64_H

#include "machine/frame64.h"
#include "machine/native/vectors.h"
#include "machine/vectors.h"

#define NATIVE_KIND "64-bit native"

/* ---- Segments and gates ---- */

#define CODE_SEGMENT 0x00af9a000000ffffull
#define DATA_SEGMENT 0x00cf92000000ffffull

/* Words of the GDT that describe the TSS: its address has 64 bits. */
#define TASK_WORDS 2

struct task {
    uint32_t reserved;
    uint64_t stacks[3]; /* for entries to rings 0, 1 and 2 */
    uint64_t reserved1;
    uint64_t interrupt_stacks[7];
    uint64_t reserved2;
    uint16_t reserved3, io_map; /* where the bits of ports begin */
} __attribute__((packed));

static inline void task_set_stack(struct task *task, void *stack_top)
{
    task->stacks[0] = (uintptr_t)stack_top;
}

/* Two vectors have stacks of their own. A double fault may happen because the kernel's has come to
 * its end; and an NMI may arrive just behind SYSCALL, where the stack is still the program's. */
static inline unsigned own_stack(unsigned vector)
{
    return vector == VECTOR_DOUBLE_FAULT ? 1 : vector == VECTOR_NMI ? 2 : 0;
}

static inline void task_set_own_stack(struct task *task, unsigned number, void *stack_top)
{
    task->interrupt_stacks[number] = (uintptr_t)stack_top;
}

#define GATE_INTERRUPT 0x8e00 /* present, leaves interrupts off */

struct gate {
    uint16_t address_low, selector, options, address_middle;
    uint32_t address_high, reserved;
};

/* Interrupts are off behind all gates. */
static inline struct gate gate_to(unsigned vector, unsigned ring, const char *entry)
{
    uintptr_t address = (uintptr_t)entry;

    return (struct gate){
        .address_low = (uint16_t)address,
        .selector = KERNEL_CS,
        .options = (uint16_t)(GATE_INTERRUPT | ring << 13 | own_stack(vector)),
        .address_middle = (uint16_t)(address >> 16),
        .address_high = (uint32_t)(address >> 32),
    };
}

static inline struct trap_frame native_user_frame(void)
{
    return (struct trap_frame){ .cs = USER_CS, .ss = USER_DS };
}

#endif
