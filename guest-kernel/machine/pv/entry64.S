/* SPDX-License-Identifier: MIT */
/*
 * Where Xen enters a 64-bit kernel after start: exceptions, events and system calls; and the ways
 * out.
 *
 * Xen leaves this on the kernel's stack (lowest address first), for each kind of entry:
 *
 *     rcx  r11  [error code, some exceptions]  rip  cs  rflags  rsp  ss
 *
 * The stubs turn it into struct trap_frame of width64.h:
 *
 *     r15 r14 r13 r12 rbp rbx r10 r9 r8 rdi rsi rdx rax vector | r11 rcx error rip cs rflags rsp ss
 *
 * From the error code on this is just what the iret hypercall wants, with its flags in place of the
 * error code; its stub in the hypercall page pushes rcx, r11 and rax itself. All returns go through
 * that call: it restores the event mask from the frame's IF bit, and goes to user mode when the
 * frame's cs asks for ring 3.
 */
#include "abi/asm.h"
#include "machine/pv/pv_asm.h"

    .text

/* Contract of every stub: all registers hold the interrupted code's values, rcx and r11 are on
 * the stack. */
.macro entry name, vector, has_error
    .globl pv_entry_\name
pv_entry_\name:
    pop %rcx
    pop %r11
    .if \has_error == 0
    push $0
    .endif
    push %rcx
    push %r11
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

/* Xen could not load a segment register on its way to us: ds, es, fs, gs lie between r11 and
 * rip. It left them null, which is all that 64-bit code needs, so forget them. */
    .globl pv_entry_failsafe
pv_entry_failsafe:
    pop %rcx
    pop %r11
    add $32, %rsp
    push $0
    push %rcx
    push %r11
    push $VECTOR_FAILSAFE
    jmp entry_common

entry_common:
    push %rax
    push %rdx
    push %rsi
    push %rdi
    push %r8
    push %r9
    push %r10
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    cld
    mov %rsp, %rdi
    call pv_trap                /* 22 words on a stack that Xen aligned to 16: aligned here too */

/* Out again. Contract: %rsp points to a complete struct trap_frame. */
    .globl pv_frame_return
pv_frame_return:
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    pop %r10
    pop %r9
    pop %r8
    pop %rdi
    pop %rsi
    pop %rdx
    pop %rax
    add $8, %rsp                /* vector */
    pop %r11
    pop %rcx
    movq $0, (%rsp)             /* error code becomes the call's flags: a full return */
    jmp hypercall_page + 32 * __HYPERVISOR_iret

/* void pv_frame_enter(struct trap_frame *): goes to where the frame says, for good. */
    .globl pv_frame_enter
pv_frame_enter:
    mov %rdi, %rsp
    jmp pv_frame_return

    .section .note.GNU-stack, "", @progbits
