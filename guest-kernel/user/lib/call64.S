/* SPDX-License-Identifier: MIT */
/*
 * long system_call(number, a, b, c, d): C's registers to the kernel's. SYSCALL itself uses rcx (for
 * the way back) and r11 (for the flags).
 */
    .section .text.system_call, "ax"
    .globl system_call
    .type system_call, @function
system_call:
    movq %rdi, %rax
    movq %rsi, %rdi
    movq %rdx, %rsi
    movq %rcx, %rdx
    movq %r8, %r10
    syscall
    ret
    .size system_call, . - system_call

    .section .note.GNU-stack, "", @progbits
