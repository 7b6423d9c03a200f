/* SPDX-License-Identifier: MIT */
/*
 * The first instructions of a 32-bit program, and those of a signal.
 */
    .section .text.start, "ax"

/* esp points to argc, the arguments, NULL, the environment, NULL; all other registers are 0. esp is
 * a multiple of 16, which the ABI wants it to be before a call, arguments included. */
    .globl _start
_start:
    xorl %ebp, %ebp /* where backtraces end */
    movl %esp, %eax
    subl $12, %esp
    pushl %eax
    call program_start
    ud2

/* eax is the signal's number, esp points to the state that it interrupted. */
    .globl signal_trampoline
signal_trampoline:
    movl %esp, %edx
    subl $8, %esp
    pushl %edx
    pushl %eax
    call signal_arrived
    ud2

    .section .note.GNU-stack, "", @progbits
