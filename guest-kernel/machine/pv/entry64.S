/* SPDX-License-Identifier: MIT */
/*
 * Where Xen enters a 64-bit kernel after start: exceptions, events and system calls; and the ways
 * out.
 *
 * Xen leaves this on the kernel's stack (lowest address first), for each kind of entry:
 *
 *     rcx  r11  [error code, some exceptions]  rip  cs  rflags  rsp  ss
 *
 * The entry points make it a struct trap_frame. From the error code on that is just what the iret
 * hypercall wants, with its flags in place of the error code; its entry in the hypercall page
 * pushes rcx, r11 and rax itself. All returns go through that call: it restores the event mask from
 * the frame's IF bit, and goes to user mode when the frame's cs asks for ring 3.
 */
#include "abi/asm.h"
#include "machine/entry64.inc"

.macro entry vector
    pop %rcx
    pop %r11
    entry_point \vector
.endm

/* The entry point of vector n is at pv_entries + n * ENTRY_SIZE. */
    entries pv_entries, entry, VECTOR_INTERRUPTS

    .globl pv_entry_event
pv_entry_event:
    entry VECTOR_INTERRUPTS

    .globl pv_entry_system_call
pv_entry_system_call:
    entry VECTOR_SYSTEM_CALL

/* Xen could not load a segment register on its way to us: ds, es, fs, gs lie between r11 and
 * rip. It left them null, which is all that 64-bit code needs, so forget them. */
    .globl pv_entry_failsafe
pv_entry_failsafe:
    pop %rcx
    pop %r11
    add $32, %rsp
    push $0
    entry_point VECTOR_PROTECTION

entry_common:
    cld
    call_c

/* Out again. Contract: %rsp points to a complete struct trap_frame. */
frame_return:
    pop_registers
    movq $0, (%rsp)             /* error code becomes the call's flags: a full return */
    jmp hypercall_page + 32 * __HYPERVISOR_iret

/* void pv_frame_enter(struct trap_frame *): goes to where the frame says, for good. */
    .globl pv_frame_enter
pv_frame_enter:
    mov %rdi, %rsp
    jmp frame_return

    .section .note.GNU-stack, "", @progbits
