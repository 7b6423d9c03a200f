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
 * The stubs turn it into struct trap_frame of width32.h, of which the last two words are missing
 * where the kernel itself was interrupted:
 *
 *     edi esi ebp ebx edx ecx eax  ds es  vector  error eip cs eflags [esp ss]
 *
 * All returns go through the iret hypercall, which wants what lies from eip on: it restores the
 * event mask from the frame's IF bit, and goes to user mode when the frame's cs asks for ring 3.
 */
#include "abi/asm.h"
#include "machine/pv/pv_asm.h"

    .text

/* Contract of every stub: all registers hold the interrupted code's values. */
.macro entry name, vector, has_error
    .globl pv_entry_\name
pv_entry_\name:
    .if \has_error == 0
    push $0
    .endif
    push $\vector
    jmp entry_common
.endm

    entry divide, 0, 0
    entry debug, 1, 0
    entry nmi, 2, 0
    entry breakpoint, 3, 0
    entry overflow, 4, 0
    entry bound, 5, 0
    entry illegal, 6, 0
    entry no_fpu, 7, 0
    entry bad_tss, 10, 1
    entry no_segment, 11, 1
    entry stack, 12, 1
    entry protection, 13, 1
    entry page_fault, 14, 1
    entry fpu, 16, 0
    entry alignment, 17, 1
    entry simd, 19, 0
    entry event, VECTOR_EVENT, 0
    entry system_call, VECTOR_SYSTEM_CALL, 0

/* Xen could not load a segment register on its way to us: ds, es, fs, gs lie below eip. They are
 * null now; the program, if it needs them, will fault. */
    .globl pv_entry_failsafe
pv_entry_failsafe:
    add $16, %esp
    push $0
    push $VECTOR_FAILSAFE

/* A program may have anything in ds and es; the kernel needs its own, which are like ss. */
entry_common:
    push %es
    push %ds
    push %eax
    push %ecx
    push %edx
    push %ebx
    push %ebp
    push %esi
    push %edi
    mov %ss, %eax
    mov %eax, %ds
    mov %eax, %es
    cld
    push %esp                   /* struct trap_frame * */
    call pv_trap
    add $4, %esp

/* Out again. Contract: %esp points to a struct trap_frame, complete if it is a program's. */
frame_return:
    pop %edi
    pop %esi
    pop %ebp
    pop %ebx
    pop %edx
    pop %ecx
    pop %eax
    pop %ds
    pop %es
    add $8, %esp                /* vector, error code */
    jmp hypercall_page + 32 * __HYPERVISOR_iret

/* void pv_frame_enter(struct trap_frame *): goes to where the frame says, for good. */
    .globl pv_frame_enter
pv_frame_enter:
    mov 4(%esp), %esp
    jmp frame_return

    .section .note.GNU-stack, "", @progbits
