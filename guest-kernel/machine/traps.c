/* SPDX-License-Identifier: MIT */
/*
 * Exceptions, interrupts and system calls on every machine, after its entry64.S or entry32.S has
 * made a struct trap_frame of the registers. What differs is how they come to be sent there
 * (native/traps.c, pv/traps.c), and where the address of a page fault is.
 */
#include "machine/frame.h"
#include "machine/vectors.h"

/* Page-fault error code. */
#define FAULT_PRESENT (1u << 0)
#define FAULT_WRITE   (1u << 1)

static enum trap_kind kind_of(unsigned long vector)
{
    switch (vector) {
    case 0: return TRAP_ARITHMETIC;
    case 1: return TRAP_BREAKPOINT; /* the flag by which each instruction traps */
    case 3: return TRAP_BREAKPOINT;
    case 6: return TRAP_ILLEGAL_INSTRUCTION;
    case 13: return TRAP_PROTECTION;
    case 14: return TRAP_PAGE_FAULT;
    case 16: return TRAP_ARITHMETIC; /* of the FPU; SSE's follows */
    case 19: return TRAP_ARITHMETIC;
    default: return TRAP_OTHER;
    }
}

/* Xen shows us our own code with privilege 0 or 1. */
static bool from_program(const struct trap_frame *frame)
{
    return (frame->cs & 3) == 3;
}

/* An NMI and a double fault may interrupt a program, but it has not made them. They are the end,
 * also because their stacks are none that a thread could stay on. */
static bool is_programs_own(const struct trap_frame *frame)
{
    return from_program(frame) && frame->vector != VECTOR_NMI &&
           frame->vector != VECTOR_DOUBLE_FAULT;
}

/* machine_copy's one instruction may meet any address: an unmapped one, or one that cannot be. */
static bool is_of_copy(const struct trap_frame *frame)
{
    return frame->ip == (uintptr_t)copy_instruction &&
           (kind_of(frame->vector) == TRAP_PAGE_FAULT || kind_of(frame->vector) == TRAP_PROTECTION);
}

/* The kernel decides; where it cannot help, the one kernel instruction that may fault
 * (machine_copy's) goes on at its error exit. */
static void exception(struct trap_frame *frame)
{
    struct trap trap = {
        .kind = kind_of(frame->vector),
        .user = is_programs_own(frame),
        .copying = is_of_copy(frame),
        .pc = frame->ip,
        .frame = frame->bp,
    };

    if (trap.kind == TRAP_PAGE_FAULT) {
        trap.address = fault_address();
        trap.write = frame->error & FAULT_WRITE;
        trap.present = frame->error & FAULT_PRESENT;
    }
    if (!kernel_trap(&trap)) {
        if (!trap.copying)
            machine_crash();
        trap.pc = (uintptr_t)copy_failed;
    }
    frame->ip = trap.pc;
}

void trap_arrives(struct trap_frame *frame)
{
    if (frame->vector == VECTOR_SYSTEM_CALL) {
        unsigned long arguments[4];
        unsigned long number = frame_call(frame, arguments);

        frame->ax = (unsigned long)kernel_system_call(number, arguments);
    } else if (frame->vector >= VECTOR_INTERRUPTS) {
        interrupt_arrives((unsigned)(frame->vector - VECTOR_INTERRUPTS));
    } else {
        exception(frame);
    }
    if (from_program(frame))
        kernel_return_to_user();
    machine_map_flush();
}
