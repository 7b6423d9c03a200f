/* SPDX-License-Identifier: MIT */
/* Registers on the stack of a 64-bit kernel: see frame.h. */
#ifndef GUEST_KERNEL_MACHINE_FRAME64_H
#define GUEST_KERNEL_MACHINE_FRAME64_H

#include "machine/machine.h"

struct trap_frame {
    unsigned long r15, r14, r13, r12, bp, bx, r10, r9, r8, di, si, dx, ax;
    unsigned long vector;
    unsigned long r11, cx, error, ip, cs, flags, sp, ss;
};

/* Number in rax, arguments in rdi, rsi, rdx, r10 (SYSCALL itself uses rcx). */
static inline unsigned long frame_call(const struct trap_frame *frame, unsigned long arguments[4])
{
    arguments[0] = frame->di;
    arguments[1] = frame->si;
    arguments[2] = frame->dx;
    arguments[3] = frame->r10;
    return frame->ax;
}

static inline void frame_save(const struct trap_frame *f, struct user_state *state)
{
    const unsigned long rest[] = { f->r15, f->r14, f->r13, f->r12, f->bp, f->bx,  f->r10,
                                   f->r9,  f->r8,  f->di,  f->si,  f->dx, f->r11, f->cx };

    state->pc = f->ip;
    state->sp = f->sp;
    state->result = f->ax;
    for (unsigned i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
        state->rest[i] = rest[i];
}

static inline void frame_load(struct trap_frame *f, const struct user_state *state)
{
    unsigned long *const rest[] = { &f->r15, &f->r14, &f->r13, &f->r12, &f->bp, &f->bx,  &f->r10,
                                    &f->r9,  &f->r8,  &f->di,  &f->si,  &f->dx, &f->r11, &f->cx };

    f->ip = state->pc;
    f->sp = state->sp;
    f->ax = state->result;
    for (unsigned i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
        *rest[i] = state->rest[i];
}

struct context {
    unsigned long r15, r14, r13, r12, bx, bp;
    unsigned long return_address;
    unsigned long end_of_backtrace[2]; /* two make the stack of context_begin aligned to 16 */
};

/* context_begin finds them there. */
#define CONTEXT_ENTRY    r12
#define CONTEXT_ARGUMENT r13

#endif
