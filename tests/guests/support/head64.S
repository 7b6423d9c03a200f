/* SPDX-License-Identifier: MIT */
/* The notes and the first instructions of every 64-bit test guest, and its stacks. */
#include "abi/asm.h"
#include "tests/guests/support/layout.h"

    note_string XEN_ELFNOTE_GUEST_OS, "xen-lite test guest"
    note_string XEN_ELFNOTE_XEN_VERSION, "xen-3.0"
    note_string XEN_ELFNOTE_LOADER, "generic"
    note_number XEN_ELFNOTE_VIRT_BASE, VIRT_BASE
    note_number XEN_ELFNOTE_PADDR_OFFSET, 0
    note_number XEN_ELFNOTE_ENTRY, start
    note_number XEN_ELFNOTE_HYPERCALL_PAGE, hypercall_page

    .section .text.start, "ax", @progbits
    .globl start
start:
    /* What the registers held is a claim of its own, start-registers: nothing may change before. */
    mov %rax, start_registers+0(%rip)
    mov %rbx, start_registers+8(%rip)
    mov %rcx, start_registers+16(%rip)
    mov %rdx, start_registers+24(%rip)
    mov %rsi, start_registers+32(%rip)
    mov %rdi, start_registers+40(%rip)
    mov %rbp, start_registers+48(%rip)
    mov %rsp, start_registers+56(%rip)
    lea stack_end(%rip), %rsp
    pushfq
    pop %rax
    mov %rax, start_registers+64(%rip)
    mov %cs, start_registers+72(%rip)
    mov %ss, start_registers+80(%rip)
    mov %ds, start_registers+88(%rip)
    mov %es, start_registers+96(%rip)
    cld
    xor %ebp, %ebp
    mov %rsi, %rdi
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
    .skip 13 * 8

    .section .note.GNU-stack, "", @progbits
