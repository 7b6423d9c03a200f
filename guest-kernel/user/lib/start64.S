/* SPDX-License-Identifier: MIT */
/*
 * The first instructions of a 64-bit program, and those of a signal.
 */
    .section .text.start, "ax"

/* rsp points to argc, the arguments, NULL, the environment, NULL; all other registers are 0. rsp is
 * a multiple of 16, as the ABI wants it before a call. */
    .globl _start
_start:
    xorl %ebp, %ebp /* where backtraces end */
    movq %rsp, %rdi
    call program_start
    ud2

/* eax is the signal's number, rsp points to the state that it interrupted. */
    .globl signal_trampoline
signal_trampoline:
    movl %eax, %edi
    movq %rsp, %rsi
    call signal_arrived
    ud2

    .section .note.GNU-stack, "", @progbits
