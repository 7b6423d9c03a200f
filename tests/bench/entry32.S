/* SPDX-License-Identifier: MIT */
/*
 * The shortest handlers there can be, at 32 bits: they take the frame that the hypervisor left,
 *
 *     [error code]  eip  cs  eflags  [esp  ss: of a program]
 *
 * and go back by the iret hypercall, which takes the same. From ring 1 to ring 1 a kernel could use
 * the instruction; what is measured here is the hypervisor.
 */
#include "abi/asm.h"

/* The interrupted instruction is stepped over by so many bytes. Contract: keeps all registers. */
.macro handler name, skip, has_error_code
    .globl \name
\name:
    .if \has_error_code
    addl $4, %esp
    .endif
    .if \skip
    addl $\skip, (%esp)
    .endif
    jmp hypercall_page + 32 * __HYPERVISOR_iret
.endm

    .text
    handler bench_return, 0, 0
    handler bench_ud2, 2, 0                 /* ud2 has two bytes */
    handler bench_page_fault, 2, 1          /* and so has the load in main.c */
    handler bench_syscall, 0, 0

/* An event: takes the one port whose word and bit main.c says. */
    .globl bench_event
bench_event:
    push %eax
    movl bench_vcpu_info, %eax
    movb $0, (%eax)                         /* upcall pending */
    movl $0, 4(%eax)                        /* pending selector */
    movl bench_pending, %eax
    movl $0, (%eax)
    pop %eax
    jmp hypercall_page + 32 * __HYPERVISOR_iret

    .section .note.GNU-stack, "", @progbits
