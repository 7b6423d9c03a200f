/* SPDX-License-Identifier: MIT */
/* Registers on the stack of a 32-bit kernel: see frame.h. */
#ifndef GUEST_KERNEL_MACHINE_FRAME32_H
#define GUEST_KERNEL_MACHINE_FRAME32_H

#include "machine/machine.h"

/* The last two are there only if a program was interrupted. */
struct trap_frame {
    unsigned long di, si, bp, bx, dx, cx, ax;
    unsigned long ds, es;
    unsigned long vector;
    unsigned long error, ip, cs, flags, sp, ss;
};

/* Number in eax, arguments in ebx, ecx, edx, esi. */
static inline unsigned long frame_call(const struct trap_frame *frame, unsigned long arguments[4])
{
    arguments[0] = frame->bx;
    arguments[1] = frame->cx;
    arguments[2] = frame->dx;
    arguments[3] = frame->si;
    return frame->ax;
}

/* ds and es of a program are always the same; it has no use for fs and gs. */
static inline void frame_save(const struct trap_frame *f, struct user_state *state)
{
    const unsigned long rest[] = { f->di, f->si, f->bp, f->bx, f->dx, f->cx };

    state->pc = f->ip;
    state->sp = f->sp;
    state->result = f->ax;
    for (unsigned i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
        state->rest[i] = rest[i];
}

static inline void frame_load(struct trap_frame *f, const struct user_state *state)
{
    unsigned long *const rest[] = { &f->di, &f->si, &f->bp, &f->bx, &f->dx, &f->cx };

    f->ip = state->pc;
    f->sp = state->sp;
    f->ax = state->result;
    for (unsigned i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
        *rest[i] = state->rest[i];
}

struct context {
    unsigned long di, si, bx, bp;
    unsigned long return_address;
    unsigned long end_of_backtrace;
};

/* context_begin finds them there. */
#define CONTEXT_ENTRY    si
#define CONTEXT_ARGUMENT di

#endif
