/* SPDX-License-Identifier: MIT */
/*
 * The kernel is in ring 1, and its stack segment must stay as it is: exceptions arrive there. So it
 * is a program that has the segment. DS and ES are in use all the time; FS and GS are not, and hold
 * the selector for a while, in which this vCPU may lose its CPU, but not for longer: the way out of
 * a handler loads them, too.
 */
#include "tests/guests/smp-descriptors/segments.h"

#define HELD 50 /* turns of an empty loop */

volatile unsigned landed;
const unsigned rounds = 5000; /* each takes Xen four times as long */
const long code64_result = -XEN_EINVAL;

static unsigned long resume;

#define LOAD(name, selector)                                           \
    ({                                                                 \
        unsigned turns_ = HELD;                                        \
                                                                       \
        fault = (struct fault){ .happened = false };                   \
        __asm__ volatile("movl $7f, %0\n\t"                            \
                         "mov %2, %%" name "\n"                        \
                         "6:\tdecl %1; jnz 6b\n\t"                     \
                         "7:\tmov %3, %%" name "\n\t"                  \
                         "movl $0, %0"                                 \
                         : "+m"(resume), "+r"(turns_)                  \
                         : "r"((uint32_t)(selector)), "r"((uint32_t)0) \
                         : "memory", "cc");                            \
        fault;                                                         \
    })

struct fault load_first(unsigned long selector)
{
    return LOAD("gs", selector);
}

struct fault load_second(unsigned long selector)
{
    return LOAD("fs", selector);
}

void unload(void)
{
    __asm__ volatile("mov %0, %%gs; mov %0, %%fs" : : "r"(0));
}

/* The failsafe callback comes with all segment registers empty. */
void trap_in_kernel(struct frame *frame)
{
    if (resume != 0) {
        fault = (struct fault){ .happened = true, .vector = (unsigned)frame->vector };
        frame->ip = resume;
        frame->ds = FLAT_KERNEL_DS;
        frame->es = FLAT_KERNEL_DS;
        frame->fs = 0;
        frame->gs = 0;
        return;
    }
    if (frame->vector != X_GP && frame->vector != X_NP && frame->vector != X_SS &&
        frame->vector != VECTOR_FAILSAFE)
        failure("exception %lu by an iret", frame->vector);
    frame_leave();
}

static void land(void)
{
    landed++;
    __asm__ volatile(USER_CALL ::: USER_CALL_CLOBBERS);
}

/* What the program meets leaves by itself. */
void iret(unsigned long selector)
{
    struct frame frame = code_frame((const void *)land, true);

    user_sees_kernel();
    frame.ss = selector;
    frame_enter(&frame);
    events_mask();
}
