/* SPDX-License-Identifier: MIT */
/*
 * From the boot loader to C.
 *
 * The loader enters in 32-bit protected mode without paging, EAX = its magic number, EBX = physical
 * address of what it has to tell. This file checks that the CPU is one that we can run on, builds
 * page tables, and goes on in long mode on CPU 0's final stack, which has its guard pages from here
 * on. A machine that is unsuitable gets one line on the first serial port and on a text screen;
 * what can be lacking where the screen is a graphical one is left to C.
 *
 * Page tables made here (all in .bss; L4, stacks and image stay in use, the others are given back):
 *
 *      slot 0, 262   first 4 GiB of physical memory, by 2 MiB pages; replaced by paging_init()
 *      slot 260      CPU 0's stacks
 *      slot 261      the image, by 2 MiB pages, all rights; replaced by paging_init()
 */
#include "x86/cpu.h"
#include "x86/cpu_bits.h"
#include "x86/layout.h"

#define MB2_MAGIC 0xe85250d6
#define MB2_LOADED 0x36d76289
#define MB1_MAGIC 0x1badb002
#define MB1_LOADED 0x2badb002
/* Modules on page boundaries, memory map wanted, and the load addresses below are to be used. */
#define MB1_FLAGS 0x00010003

#define PTE_TABLE 3   /* present, writable */
#define PTE_LARGE 0x83 /* and a page of 2 MiB */
#define PTE_NX_HIGH 0x80000000 /* in the upper half of an entry */

#define CPUID1_EDX_NEEDED \
    (CPUID1_EDX_TSC | CPUID1_EDX_MSR | CPUID1_EDX_PAE | CPUID1_EDX_APIC | CPUID1_EDX_PAT | \
     CPUID1_EDX_FXSR)

    .section .boot.header, "a"
    .balign 8
mb2_header:
    .long MB2_MAGIC, 0, mb2_end - mb2_header
    .long -(MB2_MAGIC + (mb2_end - mb2_header))
    /* Information request, may be ignored: command line, modules, memory map, ACPI root (both). */
    .balign 8
    .short 1, 1
    .long 28
    .long 1, 3, 6, 14, 15
    /* Console: a text mode is supported, none is required. */
    .balign 8
    .short 4, 1
    .long 12
    .long 2
    /* So is a graphical one, of any size and depth, and none is required of these either. */
    .balign 8
    .short 5, 1
    .long 20
    .long 0, 0, 0
    /* Modules on page boundaries. */
    .balign 8
    .short 6, 0
    .long 8
    .balign 8
    .short 0, 0
    .long 8
mb2_end:

    .balign 4
mb1_header:
    .long MB1_MAGIC, MB1_FLAGS, -(MB1_MAGIC + MB1_FLAGS)
    .long mb1_header, IMAGE_PHYS, load_end_pa, end_pa, boot_entry

    .section .boot.text, "ax"
    .code32
    .globl boot_entry
boot_entry:
    cli
    cld
    movl %eax, %ebp
    movl %ebx, %esi
    /* Loaders differ in whether they clear it. */
    movl $bss_pa, %edi
    movl $end_pa, %ecx
    subl %edi, %ecx
    shrl $2, %ecx
    xorl %eax, %eax
    rep stosl
    movl $boot_stack_pages_pa + 0x8000, %esp

    movl $text_no_loader, %edi
    cmpl $MB2_LOADED, %ebp
    je 1f
    cmpl $MB1_LOADED, %ebp
    jne boot_fail
1:  call check_cpu
    call build_tables

    movl $CR4_PAE | CR4_OSFXSR, %eax
    movl %eax, %cr4
    movl $boot_l4_pa, %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    movl $EFER_SCE | EFER_LME, %eax
    cmpl $0, nx_pa
    je 1f
    orl $EFER_NXE, %eax
1:  xorl %edx, %edx
    wrmsr
    movl $CR0_BOOT, %eax
    movl %eax, %cr0
    lgdt boot_gdt_pointer
    ljmp $8, $boot_long

/* Returns if the CPU has what we need. Else says what it lacks. Keeps EBP, ESI. */
check_cpu:
    movl $text_no_cpuid, %edi
    pushfl
    popl %eax
    movl %eax, %ecx
    xorl $RFLAGS_ID, %eax
    pushl %eax
    popfl
    pushfl
    popl %eax
    cmpl %eax, %ecx
    je boot_fail
    movl $1, %eax
    cpuid
    movl $text_too_old, %edi
    andl $CPUID1_EDX_NEEDED, %edx
    cmpl $CPUID1_EDX_NEEDED, %edx
    jne boot_fail
    movl $text_no_long_mode, %edi
    movl $0x80000000, %eax
    cpuid
    cmpl $0x80000001, %eax
    jb boot_fail
    movl $0x80000001, %eax
    cpuid
    testl $CPUID81_EDX_LM, %edx
    jz boot_fail
    /* A CPU without NX is refused in C, which can write on a graphical screen. */
    testl $CPUID81_EDX_NX, %edx
    jz 1f
    movl $PTE_NX_HIGH, nx_pa
1:  ret

/* Fills the tables named at the top of this file. Keeps EBP, ESI. */
build_tables:
    movl $boot_low_l3_pa + PTE_TABLE, boot_l4_pa
    movl $boot_low_l3_pa + PTE_TABLE, boot_l4_pa + L4_SLOT(DIRECT_MAP_BASE) * 8
    movl $boot_image_l3_pa + PTE_TABLE, boot_l4_pa + L4_SLOT(IMAGE_BASE) * 8
    movl $boot_stack_l3_pa + PTE_TABLE, boot_l4_pa + L4_SLOT(STACKS_BASE) * 8
    movl $boot_image_l2_pa + PTE_TABLE, boot_image_l3_pa
    movl $IMAGE_PHYS + PTE_LARGE, boot_image_l2_pa
    movl $IMAGE_PHYS + 0x200000 + PTE_LARGE, boot_image_l2_pa + 8
    movl $boot_stack_l2_pa + PTE_TABLE, boot_stack_l3_pa + L3_INDEX(STACKS_BASE) * 8
    movl $boot_stack_l1_pa + PTE_TABLE, boot_stack_l2_pa

    /* Four L2 tables: 4 GiB. */
    movl $boot_low_l2_pa + PTE_TABLE, %eax
    movl $boot_low_l3_pa, %edi
1:  movl %eax, (%edi)
    addl $0x1000, %eax
    addl $8, %edi
    cmpl $boot_low_l3_pa + 32, %edi
    jne 1b
    movl $PTE_LARGE, %eax
    movl $boot_low_l2_pa, %edi
1:  movl %eax, (%edi)
    addl $8, %edi
    addl $0x200000, %eax
    jnc 1b

    /* The mapped pages of the stack block, not executable where there is NX. */
    movl nx_pa, %edx
    movl $boot_stack_pages_pa + PTE_TABLE, %eax
    xorl %ecx, %ecx
1:  btl %ecx, stack_pages
    jnc 2f
    movl %eax, boot_stack_l1_pa(, %ecx, 8)
    movl %edx, boot_stack_l1_pa + 4(, %ecx, 8)
    addl $0x1000, %eax
2:  incl %ecx
    cmpl $16, %ecx
    jne 1b
    ret

/* Says the line at EDI on COM1 and on a text screen, and stops. */
boot_fail:
    movl $0xb8000, %ebx
1:  movb (%edi), %al
    testb %al, %al
    jz 3f
    movb %al, (%ebx)
    movb $0x4f, 1(%ebx)
    addl $2, %ebx
    movb %al, %cl
    movl $100000, %esi
2:  movw $0x3fd, %dx
    inb %dx, %al
    decl %esi
    jz 4f
    testb $0x20, %al
    jz 2b
4:  movw $0x3f8, %dx
    movb %cl, %al
    outb %al, %dx
    incl %edi
    jmp 1b
3:  hlt
    jmp 3b

text_no_loader:
    .asciz "(xen-lite) panic: not started by a Multiboot loader\r\n"
text_no_cpuid:
    .asciz "(xen-lite) panic: this CPU has no CPUID\r\n"
text_too_old:
    .asciz "(xen-lite) panic: this CPU lacks TSC, MSRs, PAE, APIC, PAT or FXSAVE\r\n"
text_no_long_mode:
    .asciz "(xen-lite) panic: this CPU has no 64-bit mode\r\n"

    .balign 8
stack_pages:
    .long STACK_PAGES
boot_gdt:
    .quad 0
    .quad 0x00af9b000000ffff
boot_gdt_pointer:
    .short boot_gdt_pointer - boot_gdt - 1
    .long boot_gdt

    .code64
boot_long:
    xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl %eax, %fs
    movl %eax, %gs
    movabsq $boot_high, %rax
    jmp *%rax

    .text
boot_high:
    movabsq $STACKS_BASE + STACK_BLOCK_SIZE - CPU_TOP_SIZE, %rsp
    movl %ebp, %edi
    movl %esi, %esi
    /* Backtraces end at a null frame pointer. */
    xorl %ebp, %ebp
    call hypervisor_main
    ud2

/* In use for good: the hypervisor's own L4 table, and CPU 0's stacks. */
    .section .bss.pages, "aw", @nobits
    .balign 4096
    .globl boot_l4
boot_l4:
    .skip 4096
    .globl boot_stack_l3
boot_stack_l3:
    .skip 4096
    .globl boot_stack_l2
boot_stack_l2:
    .skip 4096
    .globl boot_stack_l1
boot_stack_l1:
    .skip 4096
    .globl boot_stack_pages
boot_stack_pages:
    .skip 8 * 4096

    .section .bss.init, "aw", @nobits
    .balign 4096
    .globl boot_image_l3, boot_image_l2, boot_low_l3, boot_low_l2, boot_nx
boot_image_l3:
    .skip 4096
boot_image_l2:
    .skip 4096
boot_low_l3:
    .skip 4096
boot_low_l2:
    .skip 4 * 4096
/* PTE_NX_HIGH where the CPU has it, else 0. */
boot_nx:
    .skip 4

    .section .note.GNU-stack, "", @progbits
