/* SPDX-License-Identifier: MIT */
/*
 * Where Xen enters a 32-bit kernel after start: exceptions, events and system calls; and the ways
 * out.
 *
 * Xen leaves on the kernel's stack what the CPU would (lowest address first); esp and ss only if a
 * program in ring 3 was interrupted:
 *
 *     [error code, some exceptions]  eip  cs  eflags  [esp  ss]
 *
 * The entry points make it a struct trap_frame. All returns go through the iret hypercall, which
 * wants what lies from eip on: it restores the event mask from the frame's IF bit, and goes to user
 * mode when the frame's cs asks for ring 3.
 */
#include "abi/asm.h"
#include "machine/entry32.inc"

/* The entry point of vector n is at pv_entries + n * ENTRY_SIZE. */
    entries pv_entries, entry_point, VECTOR_INTERRUPTS

    .globl pv_entry_event
pv_entry_event:
    entry_point VECTOR_INTERRUPTS

    .globl pv_entry_system_call
pv_entry_system_call:
    entry_point VECTOR_SYSTEM_CALL

/* Xen could not load a segment register on its way to us: ds, es, fs, gs lie below eip. They are
 * null now; the program, if it needs them, will fault. */
    .globl pv_entry_failsafe
pv_entry_failsafe:
    add $16, %esp
    push $0
    entry_point VECTOR_PROTECTION

entry_common:
    cld
    call_c

/* Out again. Contract: %esp points to a struct trap_frame, complete if it is a program's. */
frame_return:
    pop_registers
    jmp hypercall_page + 32 * __HYPERVISOR_iret

/* void pv_frame_enter(struct trap_frame *): goes to where the frame says, for good. */
    .globl pv_frame_enter
pv_frame_enter:
    mov 4(%esp), %esp
    jmp frame_return

    .section .note.GNU-stack, "", @progbits
