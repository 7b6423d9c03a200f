/* SPDX-License-Identifier: MIT */
/*
 * Exceptions, events and system calls, after entry64.S or entry32.S has saved the registers.
 *
 * Xen takes the real exception and hands it on to the address in our trap table, on our stack. Its
 * flags: the privilege level from which `int n` may raise the vector, and 4 to mask events on the
 * way in, as an interrupt gate would.
 */
#include "machine/pv/traps.h"

#include "machine/pv/pv_asm.h"

/* Page-fault error code. */
#define FAULT_PRESENT (1u << 0)
#define FAULT_WRITE   (1u << 1)

extern char pv_entry_divide[], pv_entry_debug[], pv_entry_nmi[], pv_entry_breakpoint[],
    pv_entry_overflow[], pv_entry_bound[], pv_entry_illegal[], pv_entry_no_fpu[],
    pv_entry_bad_tss[], pv_entry_no_segment[], pv_entry_stack[], pv_entry_protection[],
    pv_entry_page_fault[], pv_entry_fpu[], pv_entry_alignment[], pv_entry_simd[];

/* All gates mask events: while a handler runs, nothing interrupts it, and the frame restores the
 * mask. Only breakpoint and overflow may be raised by a program. Vectors that are missing here are
 * none that Xen hands on, or none that this kernel could survive: without a handler Xen ends the
 * domain. */
void pv_traps_init(void)
{
    const struct trap_info gates[] = {
        GATE(0, 0, pv_entry_divide),
        GATE(1, 0, pv_entry_debug),
        GATE(VECTOR_NMI, 0, pv_entry_nmi),
        GATE(3, TRAP_FROM_USER, pv_entry_breakpoint),
        GATE(4, TRAP_FROM_USER, pv_entry_overflow),
        GATE(5, 0, pv_entry_bound),
        GATE(6, 0, pv_entry_illegal),
        GATE(7, 0, pv_entry_no_fpu),
        GATE(10, 0, pv_entry_bad_tss),
        GATE(11, 0, pv_entry_no_segment),
        GATE(12, 0, pv_entry_stack),
        GATE(13, 0, pv_entry_protection),
        GATE(14, 0, pv_entry_page_fault),
        GATE(16, 0, pv_entry_fpu),
        GATE(17, 0, pv_entry_alignment),
        GATE(19, 0, pv_entry_simd),
        { .address = 0 }, /* ends the table */
    };

    if (hypercall_set_trap_table(gates) != 0 || pv_entries_init() != 0)
        machine_crash();
}

static enum trap_kind kind_of(unsigned long vector)
{
    switch (vector) {
    case 0: return TRAP_ARITHMETIC;
    case 1: return TRAP_BREAKPOINT; /* the flag by which each instruction traps */
    case 3: return TRAP_BREAKPOINT;
    case 6: return TRAP_ILLEGAL_INSTRUCTION;
    case 13: return TRAP_PROTECTION;
    case VECTOR_FAILSAFE: return TRAP_PROTECTION;
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

/* An NMI may interrupt a program, but it has not made it: it is the end. */
static bool is_programs_own(const struct trap_frame *frame)
{
    return from_program(frame) && frame->vector != VECTOR_NMI;
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
        trap.address = pv_vcpu()->arch.cr2;
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

void pv_trap(struct trap_frame *frame)
{
    if (frame->vector == VECTOR_SYSTEM_CALL) {
        unsigned long arguments[4];
        unsigned long number = frame_call(frame, arguments);

        frame->ax = (unsigned long)kernel_system_call(number, arguments);
    } else if (frame->vector == VECTOR_EVENT) {
        pv_events_serve();
    } else {
        exception(frame);
    }
    if (from_program(frame))
        kernel_return_to_user();
    machine_map_flush();
}
