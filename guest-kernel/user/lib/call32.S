/* SPDX-License-Identifier: MIT */
/*
 * long system_call(number, a, b, c, d): from the stack, where C has them, to the kernel's
 * registers.
 */
    .section .text.system_call, "ax"
    .globl system_call
    .type system_call, @function
system_call:
    pushl %ebx
    pushl %esi
    movl 12(%esp), %eax
    movl 16(%esp), %ebx
    movl 20(%esp), %ecx
    movl 24(%esp), %edx
    movl 28(%esp), %esi
    int $0x80
    popl %esi
    popl %ebx
    ret
    .size system_call, . - system_call

    .section .note.GNU-stack, "", @progbits
