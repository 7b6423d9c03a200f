/* SPDX-License-Identifier: MIT */
/*
 * Threads and the state of programs: the part of machine.h that is the same on every machine of a
 * width, as it needs neither privileged instructions nor hypercalls.
 *
 * The kernel itself does not use the FPU. So its registers always hold what the program of this
 * thread had there, and only a switch to another thread has to save them.
 */
#include "machine/frame.h"

#include "lib/string.h"
#include "machine/layout.h"

/* Places in the 512 bytes that FXSAVE writes. */
#define FPU_CONTROL 0
#define FPU_MXCSR   24

/* What processors start with: all exceptions masked. */
#define FPU_CONTROL_START 0x37f
#define FPU_MXCSR_START   0x1f80
/* Bits of MXCSR that every processor with SSE2 has; another one would be a fault of the kernel. */
#define FPU_MXCSR_BITS    0xffbf

/* The instructions want an address that is a multiple of 16; a 32-bit stack promises only 4. */
struct fpu {
    unsigned char bytes[512 + 15];
};

static unsigned char *aligned(struct fpu *fpu)
{
    return fpu->bytes + (-(uintptr_t)fpu->bytes & 15);
}

static void fpu_save(struct fpu *fpu)
{
    __asm__ volatile("fxsave (%0)" : : "r"(aligned(fpu)) : "memory");
}

static void fpu_load(struct fpu *fpu)
{
    __asm__ volatile("fxrstor (%0)" : : "r"(aligned(fpu)) : "memory");
}

/* ---- Stacks ---- */

_Static_assert(MACHINE_STACK_SIZE == STACK_SIZE && MACHINE_CPUS_MAX == CPUS, "layout.h");

/* The stack that we are on. */
static void *this_stack(void)
{
    return (void *)((uintptr_t)__builtin_frame_address(0) & ~(MACHINE_STACK_SIZE - 1));
}

unsigned machine_cpu(void)
{
    return stack_end(this_stack())->cpu;
}

/* The frame of the program whose kernel stack we are on: the first thing on it. */
static struct trap_frame *frame_of_program(void)
{
    return (struct trap_frame *)machine_stack_top(this_stack()) - 1;
}

/* ---- Threads ---- */

struct context *machine_context_create(void *stack_top, void (*entry)(void *), void *argument)
{
    struct context *context = (struct context *)stack_top - 1;

    *context = (struct context){
        .CONTEXT_ENTRY = (uintptr_t)entry,
        .CONTEXT_ARGUMENT = (uintptr_t)argument,
        .return_address = (uintptr_t)context_begin,
    };
    return context;
}

void machine_context_switch(struct context **from, struct context *to)
{
    struct fpu fpu;

    fpu_save(&fpu);
    context_switch_stacks(from, to);
    fpu_load(&fpu);
}

void machine_user_init(struct user_state *state, uintptr_t pc, uintptr_t sp)
{
    memset(state, 0, sizeof(*state));
    state->pc = pc;
    state->sp = sp;
    memcpy(state->fpu + FPU_CONTROL, &(uint16_t){ FPU_CONTROL_START }, sizeof(uint16_t));
    memcpy(state->fpu + FPU_MXCSR, &(uint32_t){ FPU_MXCSR_START }, sizeof(uint32_t));
}

/* ---- Between a frame and struct user_state ---- */

void machine_user_save(struct user_state *state)
{
    const struct trap_frame *frame = frame_of_program();
    struct fpu fpu;

    memset(state, 0, sizeof(*state)); /* what is not used tells a program nothing */
    frame_save(frame, state);
    state->flags = frame->flags & FLAGS_OF_PROGRAMS;
    fpu_save(&fpu);
    memcpy(state->fpu, aligned(&fpu), sizeof(state->fpu));
}

/* The state may come from a program (sigreturn): nothing in it may do more than a program may. */
void user_load(struct trap_frame *frame, const struct user_state *state)
{
    struct fpu fpu = { .bytes = { 0 } };
    uint32_t mxcsr;

    frame_load(frame, state);
    if (!machine_is_user_range(state->pc, 1))
        frame->ip = 0; /* where the program faults, and not whoever returns to it */
    frame->flags = (state->flags & FLAGS_OF_PROGRAMS) | FLAGS_IF;

    memcpy(aligned(&fpu), state->fpu, sizeof(state->fpu));
    memcpy(&mxcsr, aligned(&fpu) + FPU_MXCSR, sizeof(mxcsr));
    mxcsr &= FPU_MXCSR_BITS;
    memcpy(aligned(&fpu) + FPU_MXCSR, &mxcsr, sizeof(mxcsr));
    fpu_load(&fpu);
}

void machine_user_load(const struct user_state *state)
{
    user_load(frame_of_program(), state);
}
