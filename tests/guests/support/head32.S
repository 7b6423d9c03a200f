/* SPDX-License-Identifier: MIT */
/* The notes and the first instructions of every 32-bit test guest, and its stacks. */
#include "abi/asm.h"
#include "tests/guests/support/layout.h"

    note_string XEN_ELFNOTE_GUEST_OS, "xen-lite test guest"
    note_string XEN_ELFNOTE_XEN_VERSION, "xen-3.0"
    note_string XEN_ELFNOTE_LOADER, "generic"
    note_string XEN_ELFNOTE_PAE_MODE, "yes"
    note_number XEN_ELFNOTE_VIRT_BASE, VIRT_BASE
    note_number XEN_ELFNOTE_PADDR_OFFSET, 0
    note_number XEN_ELFNOTE_ENTRY, start
    note_number XEN_ELFNOTE_HYPERCALL_PAGE, hypercall_page

    .section .text.start, "ax", @progbits
    .globl start
start:
    /* What the registers held is a claim of its own, start-registers: nothing may change before. */
    mov %eax, start_registers+0
    mov %ebx, start_registers+4
    mov %ecx, start_registers+8
    mov %edx, start_registers+12
    mov %esi, start_registers+16
    mov %edi, start_registers+20
    mov %ebp, start_registers+24
    mov %esp, start_registers+28
    mov $stack_end, %esp
    pushf
    pop start_registers+32
    mov %cs, start_registers+36
    mov %ss, start_registers+40
    mov %ds, start_registers+44
    mov %es, start_registers+48
    cld
    xor %ebp, %ebp
    push %esi
    call support_start
    ud2

    .balign 4096
    .globl hypercall_page
hypercall_page:
    .skip 4096

    .bss
    .balign 4096
    .skip STACK_SIZE
    .globl stack_end
stack_end:
    .skip STACK_SIZE
    .globl trap_stack_end           /* what arrives from user mode begins here */
trap_stack_end:
    .skip STACK_SIZE
    .globl user_stack_end
user_stack_end:

    .globl start_registers
start_registers:
    .skip 13 * 4

    .section .note.GNU-stack, "", @progbits
