/* SPDX-License-Identifier: MIT */
/* The first instructions of a 64-bit kernel. */
#include "machine/native/start.inc"

#define ENTRY_TABLE 0x3  /* present, writable */

    .section .text.start, "ax", @progbits
    .code32
    .globl start
start:
    cli
    cld
    mov %eax, %edi
    mov %ebx, %esi

    /* The first gigabyte by large pages: at 0, where we still are, and at VIRT_BASE. */
    mov $PHYSICAL(boot_level2), %ebx
    mov $ENTRY_LARGE, %eax
1:  mov %eax, (%ebx)
    add $8, %ebx
    add $0x200000, %eax
    cmp $0x40000000, %eax
    jb 1b
    movl $PHYSICAL(boot_level2) + ENTRY_TABLE, PHYSICAL(boot_level3)
    movl $PHYSICAL(boot_level2) + ENTRY_TABLE, PHYSICAL(boot_level3) + 510 * 8
    movl $PHYSICAL(boot_level3) + ENTRY_TABLE, PHYSICAL(boot_top)
    movl $PHYSICAL(boot_level3) + ENTRY_TABLE, PHYSICAL(boot_top) + KERNEL_SLOT * 8

paging:
    paging_on (EFER_SCE | EFER_LME | EFER_NXE)
    lgdt PHYSICAL(boot_gdt_pointer)
    ljmp $KERNEL_CS, $PHYSICAL(long_mode)

    .code64
long_mode:
    movabs $high, %rax
    jmp *%rax
high:
    movabs $boot_top, %rax
    movq $0, (%rax)             /* the mapping at 0 is the programs' from now on */
    mov %cr3, %rax
    mov %rax, %cr3
    mov native_first(%rip), %rsp
    xor %ebp, %ebp              /* ends backtraces */
    call *native_first + 8(%rip) /* edi, esi: what GRUB said to native_start */
    ud2                         /* it never returns */

    .data
    .globl native_first
native_first:                   /* CPU 0's; cpus.c writes another one's there */
    .quad boot_stack + STACK_SIZE - 16, native_start

    .section .rodata, "a", @progbits
    .balign 8
boot_gdt:
    .quad 0, 0x00af9a000000ffff, 0x00cf92000000ffff
boot_gdt_pointer:
    .short . - boot_gdt - 1
    .long PHYSICAL(boot_gdt)

    .bss
    .balign 4096
    .globl boot_top
boot_top:
    .skip 4096
boot_level3:
    .skip 4096
    .globl boot_level2
boot_level2:
    .skip 4096
    .balign STACK_SIZE
boot_stack:
    .skip STACK_SIZE

    .section .note.GNU-stack, "", @progbits
