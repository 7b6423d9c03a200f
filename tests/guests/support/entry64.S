/* SPDX-License-Identifier: MIT */
/*
 * Every way into a 64-bit test guest's kernel, and the way out.
 *
 * Xen leaves on the stack, lowest address first:
 *
 *     rcx  r11  [error code, some exceptions]  rip  cs  rflags  rsp  ss
 *
 * and the stubs make struct frame (width64.h) of it:
 *
 *     r15 r14 r13 r12 rbp rbx r10 r9 r8 rdi rsi rdx rax vector r11 rcx error rip cs rflags rsp ss
 *
 * All returns go through the iret hypercall. guest-kernel/machine/pv/entry.S does much the same and
 * is not shared: it is an example, to be read and taken by itself.
 */
#include "abi/asm.h"
#include "tests/guests/support/layout.h"

    .text

/* One stub a vector, each VECTOR_STUB_SIZE long. Contract: all registers are the interrupted
 * code's. The error code, if there is one, lies above rcx and r11: the two are lifted over a
 * zero where there is none. */
    .balign 16
    .globl vector_stubs
vector_stubs:
    .set vector, 0
    .rept 256
    .balign VECTOR_STUB_SIZE
    pop %rcx
    pop %r11
    .if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21)
    push $0
    .endif
    push %rcx
    push %r11
    pushq $vector
    jmp frame_save
    .set vector, vector + 1
    .endr

.macro callback name, number, extra
    .globl \name
\name:
    pop %rcx
    pop %r11
    add $\extra, %rsp
    push $0
    push %rcx
    push %r11
    pushq $\number
    jmp frame_save
.endm

    callback event_entry, VECTOR_EVENT, 0
    callback syscall_entry, VECTOR_SYSCALL, 0
    callback failsafe_entry, VECTOR_FAILSAFE, 32    /* ds es fs gs lie above r11 */

frame_save:
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
    call support_trap               /* 22 words on a stack that Xen aligned to 16 */

frame_return:
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
    add $8, %rsp
    pop %r11
    pop %rcx
    movq $0, (%rsp)                 /* the error code's place holds the call's flags */
    jmp hypercall_page + 32 * __HYPERVISOR_iret

/* void frame_enter(struct frame *): goes where the frame says; returns when somebody calls
 * frame_leave. */
    .globl frame_enter
frame_enter:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, frame_enter_stack(%rip)
    mov %rdi, %rsp
    jmp frame_return

/* void frame_leave(void): makes the last frame_enter return. What is on the present stack is
 * forgotten. */
    .globl frame_leave
frame_leave:
    mov frame_enter_stack(%rip), %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret

    .bss
frame_enter_stack:
    .skip 8

    .section .note.GNU-stack, "", @progbits
