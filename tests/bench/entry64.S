/* SPDX-License-Identifier: MIT */
/*
 * The shortest handlers there can be: they take the frame that the hypervisor left,
 *
 *     rcx  r11  [error code]  rip  cs  rflags  rsp  ss
 *
 * make of it what the iret hypercall takes, and go back. What is measured is then the hypervisor.
 */
#include "abi/asm.h"

/* The iret frame's flags: RCX and R11 may be lost, as after a system call. */
#define IN_SYSCALL 0x100

/* The interrupted instruction is stepped over by so many bytes. Contract: keeps all registers. */
.macro handler name, flags, skip, has_error_code
    .globl \name
\name:
    pop %rcx
    pop %r11
    .if \has_error_code
    movq $\flags, (%rsp)
    .else
    pushq $\flags
    .endif
    .if \skip
    addq $\skip, 8(%rsp)
    .endif
    jmp hypercall_page + 32 * __HYPERVISOR_iret
.endm

    .text
    handler bench_return, 0, 0, 0
    handler bench_ud2, 0, 2, 0              /* ud2 has two bytes */
    handler bench_page_fault, 0, 3, 1       /* and the load in main.c three */
    handler bench_syscall, IN_SYSCALL, 0, 0

/* An event: takes the one port whose word and bit main.c says. */
    .globl bench_event
bench_event:
    pop %rcx
    pop %r11
    push %rax
    movq bench_vcpu_info(%rip), %rax
    movb $0, (%rax)                         /* upcall pending */
    movq $0, 8(%rax)                        /* pending selector */
    movq bench_pending(%rip), %rax
    movq $0, (%rax)
    pop %rax
    pushq $0
    jmp hypercall_page + 32 * __HYPERVISOR_iret

    .section .note.GNU-stack, "", @progbits
