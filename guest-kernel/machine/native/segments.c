/* SPDX-License-Identifier: MIT */
/*
 * Segments are as flat as they can be; what is left of them is the ring in a selector, and the TSS,
 * from which the processor takes the kernel's stack when it leaves ring 3.
 */
#include "machine/native/native.h"

#define RING(segment, ring) ((segment) | (uint64_t)(ring) << 45)
#define TASK_PRESENT        0x890000000000ull

static uint64_t gdt[TASK / 8 + TASK_WORDS] = {
    [KERNEL_CS / 8] = CODE_SEGMENT,
    [KERNEL_DS / 8] = DATA_SEGMENT,
    [USER_DS / 8] = RING(DATA_SEGMENT, 3),
    [USER_CS / 8] = RING(CODE_SEGMENT, 3),
};

static struct task task;
static char own_stacks[OWN_STACKS][PAGE_SIZE] __attribute__((aligned(16)));

struct pointer {
    uint16_t limit;
    uintptr_t address;
} __attribute__((packed));

/* A descriptor has the address in pieces: 24 bits from bit 16 on, 8 at bit 56, the rest in the next
 * word. */
static void describe_task(void)
{
    uint64_t address = (uintptr_t)&task;

    gdt[TASK / 8] = TASK_PRESENT | (sizeof(task) - 1) | (address & 0xffffff) << 16 |
                    (address >> 24 & 0xff) << 56;
    if (TASK_WORDS > 1)
        gdt[TASK / 8 + TASK_WORDS - 1] = address >> 32;
}

void native_segments_init(void)
{
    const struct pointer pointer = { .limit = sizeof(gdt) - 1, .address = (uintptr_t)gdt };

    task.io_map = sizeof(task); /* no program has a port */
    task_init(&task, own_stacks);
    describe_task();
    native_load_segments(&pointer, TASK);
}

void native_kernel_stack(void *stack_top)
{
    task_set_stack(&task, stack_top);
}
