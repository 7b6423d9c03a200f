/* SPDX-License-Identifier: MIT */
/*
 * Exceptions, interrupts and system calls, after entry64.S or entry32.S has saved the registers.
 *
 * The IDT says where each vector goes. Its gates turn interrupts off on the way in; a program may
 * raise only those by `int n` whose gate says ring 3. Of those there must be none that leads to an
 * entry which is not made for it: it would take the program's registers for something else.
 */
#include "machine/native/instructions.h"
#include "machine/native/native.h"

#define VECTORS 256

/* Page-fault error code. */
#define FAULT_PRESENT (1u << 0)
#define FAULT_WRITE   (1u << 1)

static struct gate idt[VECTORS];

void native_gate_set(unsigned vector, unsigned ring, const char *entry)
{
    idt[vector] = gate_to(vector, ring, entry);
}

/* Breakpoint (3) and overflow (4) may be raised by a program. */
void native_traps_init(void)
{
    const struct {
        uint16_t limit;
        uintptr_t address;
    } __attribute__((packed)) pointer = { sizeof(idt) - 1, (uintptr_t)idt };

    for (unsigned i = 0; i < VECTOR_LINES + LINES; i++)
        native_gate_set(i, i == 3 || i == 4 ? 3 : 0, native_entries + i * ENTRY_SIZE);
    native_system_calls_init();
    __asm__ volatile("lidt %0" : : "m"(pointer));
}

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
        trap.address = read_cr2();
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

void native_trap(struct trap_frame *frame)
{
    if (frame->vector == VECTOR_SYSTEM_CALL) {
        unsigned long arguments[4];
        unsigned long number = frame_call(frame, arguments);

        frame->ax = (unsigned long)kernel_system_call(number, arguments);
    } else if (frame->vector >= VECTOR_LINES) {
        native_interrupt((unsigned)(frame->vector - VECTOR_LINES));
    } else {
        exception(frame);
    }
    if (from_program(frame))
        kernel_return_to_user();
    machine_map_flush();
}
