/* SPDX-License-Identifier: MIT */
/*
 * Segments are as flat as they can be; what is left of them is the ring in a selector, and the TSS,
 * from which the processor takes the kernel's stack when it leaves ring 3.
 */
#include "machine/native/native.h"

#define RING(segment, ring) ((segment) | (uint64_t)(ring) << 45)
#define TASK_PRESENT        0x890000000000ull

/* All CPUs have the same segments, but each a TSS of its own. */
static uint64_t gdt[TASK / 8 + MACHINE_CPUS_MAX * TASK_WORDS] = {
    [KERNEL_CS / 8] = CODE_SEGMENT,
    [KERNEL_DS / 8] = DATA_SEGMENT,
    [USER_DS / 8] = RING(DATA_SEGMENT, 3),
    [USER_CS / 8] = RING(CODE_SEGMENT, 3),
};

static struct task tasks[MACHINE_CPUS_MAX];
static char own_stacks[MACHINE_CPUS_MAX][OWN_STACKS][MACHINE_STACK_SIZE]
    __attribute__((aligned(MACHINE_STACK_SIZE)));

struct pointer {
    uint16_t limit;
    uintptr_t address;
} __attribute__((packed));

/* A descriptor has the address in pieces: 24 bits from bit 16 on, 8 at bit 56, the rest in the next
 * word. */
static void describe_task(uint64_t *descriptor, const struct task *task)
{
    uint64_t address = (uintptr_t)task;

    descriptor[0] = TASK_PRESENT | (sizeof(*task) - 1) | (address & 0xffffff) << 16 |
                    (address >> 24 & 0xff) << 56;
    if (TASK_WORDS > 1)
        descriptor[TASK_WORDS - 1] = address >> 32;
}

void native_segments_init(void)
{
    const struct pointer pointer = { .limit = sizeof(gdt) - 1, .address = (uintptr_t)gdt };
    unsigned cpu = machine_cpu(), place = TASK / 8 + cpu * TASK_WORDS;

    tasks[cpu].io_map = sizeof(tasks[cpu]); /* no program has a port */
    for (unsigned i = 0; i < OWN_STACKS; i++) {
        stack_end(own_stacks[cpu][i])->cpu = cpu;
        task_set_own_stack(&tasks[cpu], i, machine_stack_top(own_stacks[cpu][i]));
    }
    describe_task(&gdt[place], &tasks[cpu]);
    native_load_segments(&pointer, place * 8);
}

void native_task_stack(void *stack_top)
{
    task_set_stack(&tasks[machine_cpu()], stack_top);
}
