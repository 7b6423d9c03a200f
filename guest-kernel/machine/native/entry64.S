/* SPDX-License-Identifier: MIT */
/*
 * Where the processor enters a 64-bit kernel after start, and the ways out.
 *
 * Through a gate of the IDT it leaves this on the kernel's stack (lowest address first):
 *
 *     [error code, some exceptions]  rip  cs  rflags  rsp  ss
 *
 * The entry points make it a struct trap_frame. All returns are by IRETQ, which takes what lies
 * from rip on.
 */
#include "machine/entry64.inc"
#include "machine/layout.h"
#include "machine/native/vectors.h"

/* The entry point of vector n is at native_entries + n * ENTRY_SIZE. */
    entries native_entries, entry_point, VECTOR_INTERRUPTS + LINES

/* SYSCALL changes no stack and leaves no frame: rip is in rcx, rflags in r11, interrupts are off.
 * No register is free to find out which CPU this is: so each has an entry of its own, and a
 * variable in which the program's stack pointer waits. */
    .balign ENTRY_SIZE
    .globl native_entry_system_call
native_entry_system_call:
    .set cpu, 0
    .rept CPUS
    .balign ENTRY_SIZE
    mov %rsp, program_stack + cpu * 8(%rip)
    mov native_stack_top + cpu * 8(%rip), %rsp
    push $USER_DS
    push program_stack + cpu * 8(%rip)
    jmp system_call
    .set cpu, cpu + 1
    .endr

system_call:
    push %r11
    push $USER_CS
    push %rcx
    push $0
    push %rcx
    push %r11
    push $VECTOR_SYSTEM_CALL

/* Flags as C wants them; and no AC, which would switch SMAP off. */
entry_common:
    push $FLAGS_NONE
    popfq
    call_c

/* Out again. Contract: %rsp points to a complete struct trap_frame. */
frame_return:
    pop_registers
    add $8, %rsp                /* error code */
    iretq

/* void native_frame_enter(struct trap_frame *): goes to where the frame says, for good. */
    .globl native_frame_enter
native_frame_enter:
    mov %rdi, %rsp
    jmp frame_return

/* void native_load_segments(const void *gdt_pointer, unsigned task_selector) */
    .globl native_load_segments
native_load_segments:
    lgdt (%rdi)
    ltr %si
    mov $KERNEL_DS, %eax
    mov %eax, %ss
    xor %eax, %eax              /* 64-bit code has no use for the others, and nobody for an LDT */
    lldt %ax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %fs
    mov %eax, %gs
    ret                         /* cs has the same number in the boot GDT */

    .bss
    .balign 8
program_stack:
    .skip CPUS * 8

    .section .note.GNU-stack, "", @progbits
