/* SPDX-License-Identifier: MIT */
/*
 * The header by which GRUB knows the image, and the first instructions.
 *
 * GRUB enters at `start` in 32-bit protected mode without paging: eax says that it was a Multiboot2
 * loader, ebx is the physical address of what it has to tell. Addresses are physical until paging
 * is on, so each is taken minus VIRT_BASE.
 */
#include "machine/layout.h"
#include "machine/native/multiboot.h"
#include "machine/native/vectors.h"

#define PHYSICAL(symbol) ((symbol) - VIRT_BASE)

#define CR0_PE         (1 << 0)
#define CR0_MP         (1 << 1)
#define CR0_EM         (1 << 2)
#define CR0_TS         (1 << 3)
#define CR0_NE         (1 << 5)
#define CR0_WP         (1 << 16)
#define CR0_PG         (1 << 31)
#define CR4_PAE        (1 << 5)
#define CR4_OSFXSR     (1 << 9)
#define CR4_OSXMMEXCPT (1 << 10)
#define MSR_EFER       0xc0000080
#define EFER_SCE       (1 << 0)
#define EFER_LME       (1 << 8)
#define EFER_NXE       (1 << 11)

#define ENTRY_TABLE 0x3  /* present, writable */
#define ENTRY_LARGE 0x83 /* the same, 2 MiB */

    .section .multiboot, "a", @progbits
    .balign 8
header:
    .long MULTIBOOT_HEADER_MAGIC, 0, header_end - header
    .long -(MULTIBOOT_HEADER_MAGIC + 0 + (header_end - header))
    .short MULTIBOOT_HEADER_ENTRY, 0
    .long 12, PHYSICAL(start)
    .balign 8
    .short MULTIBOOT_HEADER_ALIGN_MODULES, 0
    .long 8
    .short MULTIBOOT_HEADER_END, 0
    .long 8
header_end:

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

    mov $(CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT), %eax
    mov %eax, %cr4
    mov $PHYSICAL(boot_top), %eax
    mov %eax, %cr3
    mov $MSR_EFER, %ecx
    rdmsr
    or $(EFER_SCE | EFER_LME | EFER_NXE), %eax
    wrmsr
    mov %cr0, %eax
    and $~(CR0_EM | CR0_TS), %eax
    or $(CR0_PE | CR0_MP | CR0_NE | CR0_WP | CR0_PG), %eax
    mov %eax, %cr0
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
    lea boot_stack_top(%rip), %rsp
    xor %ebp, %ebp              /* ends backtraces */
    call native_start           /* edi, esi: what GRUB said */
    ud2                         /* native_start never returns */

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
boot_stack:
    .skip BOOT_STACK_SIZE
boot_stack_top:

    .section .note.GNU-stack, "", @progbits
