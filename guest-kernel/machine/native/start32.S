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

    paging_on EFER_NXE
    mov $high, %eax
    jmp *%eax
high:
    movl $0, boot_top           /* the mapping at 0 is the programs' from now on */
    mov %cr3, %eax
    mov %eax, %cr3
    mov $boot_stack_top, %esp
    xor %ebp, %ebp              /* ends backtraces */
    push %esi
    push %edi
    call native_start           /* what GRUB said */
    ud2                         /* native_start never returns */

    .bss
    .balign 4096
    .globl boot_top
boot_top:
    .skip 4096
    .globl boot_level2
boot_level2:
    .skip 4096
boot_stack:
    .skip BOOT_STACK_SIZE
boot_stack_top:

    .section .note.GNU-stack, "", @progbits
