/* SPDX-License-Identifier: MIT */
/* Changing stacks, and the one copy that may fault, for 32-bit kernels on every machine. */

    .text

/* void context_switch_stacks(struct context **from, struct context *to): a context is a stack
 * pointer with the registers that a C function keeps for its caller lying above it. */
    .globl context_switch_stacks
context_switch_stacks:
    mov 4(%esp), %eax
    mov 8(%esp), %edx
    push %ebp
    push %ebx
    push %esi
    push %edi
    mov %esp, (%eax)
    mov %edx, %esp
    pop %edi
    pop %esi
    pop %ebx
    pop %ebp
    ret

/* First instructions of a new thread: machine_context_create left entry in esi and its argument
 * in edi. */
    .globl context_begin
context_begin:
    push %edi
    call *%esi
    ud2                         /* entry never returns */

/* bool copy_bytes(void *to, const void *from, size_t size): machine_copy's work. The trap handler
 * sends a fault at copy_instruction on to copy_failed. */
    .globl copy_bytes
    .globl copy_instruction
    .globl copy_failed
copy_bytes:
    push %edi
    push %esi
    mov 12(%esp), %edi
    mov 16(%esp), %esi
    mov 20(%esp), %ecx
copy_instruction:
    rep movsb
    mov $1, %eax
    pop %esi
    pop %edi
    ret
copy_failed:
    xor %eax, %eax
    pop %esi
    pop %edi
    ret

    .section .note.GNU-stack, "", @progbits
