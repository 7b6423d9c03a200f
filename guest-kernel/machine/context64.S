/* SPDX-License-Identifier: MIT */
/* Changing stacks, and the one copy that may fault, for 64-bit kernels on every machine. */

    .text

/* void context_switch_stacks(struct context **from, struct context *to): a context is a stack
 * pointer with the registers that a C function keeps for its caller lying above it. */
    .globl context_switch_stacks
context_switch_stacks:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret

/* First instructions of a new thread: machine_context_create left entry in r12 and its argument
 * in r13. */
    .globl context_begin
context_begin:
    mov %r13, %rdi
    call *%r12
    ud2                         /* entry never returns */

/* bool copy_bytes(void *to, const void *from, size_t size): machine_copy's work. The trap handler
 * sends a fault at copy_instruction on to copy_failed. */
    .globl copy_bytes
    .globl copy_instruction
    .globl copy_failed
copy_bytes:
    mov %rdx, %rcx
copy_instruction:
    rep movsb
    mov $1, %eax
    ret
copy_failed:
    xor %eax, %eax
    ret

    .section .note.GNU-stack, "", @progbits
