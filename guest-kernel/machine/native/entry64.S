/* SPDX-License-Identifier: MIT */
/*
 * Where the processor enters a 64-bit kernel after start, and the ways out.
 *
 * Through a gate of the IDT it leaves this on the kernel's stack (lowest address first):
 *
 *     [error code, some exceptions]  rip  cs  rflags  rsp  ss
 *
 * The stubs turn it into struct trap_frame of frame64.h:
 *
 *     r15 r14 r13 r12 rbp rbx r10 r9 r8 rdi rsi rdx rax vector | r11 rcx error rip cs rflags rsp ss
 *
 * All returns are by IRETQ, which takes what lies from rip on.
 */
#include "machine/native/vectors.h"

    .text

/* Contract of every stub: all registers hold the interrupted code's values. The stub of vector n is
 * at native_entries + n * ENTRY_SIZE; those of exceptions with an error code push no 0. */
    .balign ENTRY_SIZE
    .globl native_entries
native_entries:
    .set vector, 0
    .rept VECTOR_LINES + LINES
    .balign ENTRY_SIZE
    .if vector != 8 && (vector < 10 || vector > 14) && vector != 17
    push $0
    .endif
    push %rcx
    push %r11
    push $vector
    jmp entry_common
    .set vector, vector + 1
    .endr

/* SYSCALL changes no stack and leaves no frame: rip is in rcx, rflags in r11, interrupts are off.
 * One processor, so the program's stack pointer may wait in a variable. */
    .globl native_entry_system_call
native_entry_system_call:
    mov %rsp, program_stack(%rip)
    mov native_stack_top(%rip), %rsp
    push $USER_DS
    push program_stack(%rip)
    push %r11
    push $USER_CS
    push %rcx
    push $0
    push %rcx
    push %r11
    push $VECTOR_SYSTEM_CALL

entry_common:
    push %rax
    push %rdx
    push %rsi
    push %rdi
    push %r8
    push %r9
    push %r10
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    push $FLAGS_NONE           /* as C wants them; and no AC, which would switch SMAP off */
    popfq
    mov %rsp, %rdi
    call native_trap            /* 22 words on a stack that was aligned to 16: aligned here too */

/* Out again. Contract: %rsp points to a complete struct trap_frame. */
frame_return:
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    pop %r10
    pop %r9
    pop %r8
    pop %rdi
    pop %rsi
    pop %rdx
    pop %rax
    add $8, %rsp                /* vector */
    pop %r11
    pop %rcx
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
    .skip 8

    .section .note.GNU-stack, "", @progbits
