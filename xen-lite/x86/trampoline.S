/* SPDX-License-Identifier: MIT */
/*
 * A started CPU's way to C. It begins in real mode at the start of a page below 1 MiB, where smp.c
 * has put a copy of this code and, at TRAMPOLINE_FAR, what it needs. It goes straight from real to
 * long mode, on a table that maps the low memory one to one, and jumps into the image, where
 * its entry function's first act is to load the hypervisor's own table.
 *
 * Addresses are relative to the page: CS and DS are its segment, and no symbol is used as it is.
 */
#include "x86/cpu_bits.h"
#include "x86/trampoline.h"

    .section .rodata
    .globl trampoline_start, trampoline_64, trampoline_end
    .code16
trampoline_start:
    cli
    cld
    movw %cs, %ax
    movw %ax, %ds
    lgdtl TRAMPOLINE_GDT
    movl $CR4_PAE | CR4_OSFXSR, %eax
    movl %eax, %cr4
    movl TRAMPOLINE_CR3, %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    movl $EFER_SCE | EFER_LME | EFER_NXE, %eax
    xorl %edx, %edx
    wrmsr
    movl $CR0_BOOT, %eax
    movl %eax, %cr0
    ljmpl *TRAMPOLINE_FAR

    .code64
trampoline_64:
    xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl %eax, %fs
    movl %eax, %gs
    leaq trampoline_start(%rip), %rbx
    movq TRAMPOLINE_STACK(%rbx), %rsp
    movq TRAMPOLINE_ENTRY(%rbx), %rax
    /* Backtraces end at a null frame pointer; a call leaves RSP as C expects it. */
    xorl %ebp, %ebp
    call *%rax
    ud2
trampoline_end:

    .section .note.GNU-stack, "", @progbits
