/* SPDX-License-Identifier: MIT */
/* The first instructions of a 32-bit kernel. */
#include "machine/native/start.inc"

#define ENTRY_TOP   0x1  /* present */

/* What is linear, up to the hole. */
#define LINEAR_SIZE (KERNEL_HOLE - VIRT_BASE)

    .section .text.start, "ax", @progbits
    .globl start
start:
    cli
    cld
    mov %eax, %edi
    mov %ebx, %esi

    /* The linear part by large pages: at 0, where we still are, and at VIRT_BASE. */
    mov $PHYSICAL(boot_level2), %ebx
    mov $ENTRY_LARGE, %eax
1:  mov %eax, (%ebx)
    add $8, %ebx
    add $0x200000, %eax
    cmp $LINEAR_SIZE, %eax
    jb 1b
    movl $PHYSICAL(boot_level2) + ENTRY_TOP, PHYSICAL(boot_top)
    movl $PHYSICAL(boot_level2) + ENTRY_TOP, PHYSICAL(boot_top) + KERNEL_SLOT * 8

paging:
    paging_on EFER_NXE
    mov $high, %eax
    jmp *%eax
high:
    movl $0, boot_top           /* the mapping at 0 is the programs' from now on */
    mov %cr3, %eax
    mov %eax, %cr3
    mov native_first, %esp
    xor %ebp, %ebp              /* ends backtraces */
    push %esi
    push %edi
    call *native_first + 4      /* what GRUB said, to native_start */
    ud2                         /* it never returns */

    .data
    .globl native_first
native_first:                   /* CPU 0's; cpus.c writes another one's there */
    .long boot_stack + STACK_SIZE - 16, native_start

    .bss
    .balign 4096
    .globl boot_top
boot_top:
    .skip 4096
    .globl boot_level2
boot_level2:
    .skip 4096
    .balign STACK_SIZE
boot_stack:
    .skip STACK_SIZE

    .section .note.GNU-stack, "", @progbits
