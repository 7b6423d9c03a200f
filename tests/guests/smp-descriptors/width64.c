/* SPDX-License-Identifier: MIT */
/* The kernel is in ring 3, so an iret of its own may have the segment; and DS and ES are of no use,
 * so they may hold anything. */
#include "tests/guests/smp-descriptors/segments.h"

volatile unsigned landed;
const unsigned rounds = 20000;
const long code64_result = 0;

struct fault load_first(unsigned long selector)
{
    return TRY("mov %0, %%es", : : "r"(selector) : "memory");
}

struct fault load_second(unsigned long selector)
{
    return TRY("mov %0, %%fs", : : "r"(selector) : "memory");
}

void unload(void)
{
    __asm__ volatile("mov %0, %%es; mov %0, %%fs" : : "r"(0));
}

/* The stack segment may go while the CPU is here: that comes back by trap_in_kernel(), which leaves
 * as well. After frame_leave() there is no second leaving, so the segment is a safe one before. */
static void land(void)
{
    landed++;
    __asm__ volatile("mov %0, %%ss" : : "r"((unsigned long)FLAT_KERNEL_SS));
    frame_leave();
}

void trap_in_kernel(struct frame *frame)
{
    if (frame->vector == VECTOR_FAILSAFE)
        return;
    if (frame->vector != X_GP && frame->vector != X_NP && frame->vector != X_SS)
        failure("exception %lu by an iret", frame->vector);
    frame_leave();
}

void iret(unsigned long selector)
{
    struct frame frame = { .ip = (unsigned long)land,
                           .cs = FLAT_KERNEL_CS & ~3ul,
                           .flags = 0x200,
                           .sp = (unsigned long)user_stack_end - 8,
                           .ss = selector };

    frame_enter(&frame);
    events_mask();
}
