/* SPDX-License-Identifier: MIT */
/*
 * Where the processor enters a 32-bit kernel after start, and the ways out.
 *
 * Through a gate of the IDT it leaves this on the kernel's stack (lowest address first); esp and ss
 * only if a program in ring 3 was interrupted:
 *
 *     [error code, some exceptions]  eip  cs  eflags  [esp  ss]
 *
 * The entry points make it a struct trap_frame. All returns are by IRET, which takes what lies
 * from eip on.
 */
#include "machine/entry32.inc"
#include "machine/native/vectors.h"

/* The entry point of vector n is at native_entries + n * ENTRY_SIZE. */
    entries native_entries, entry_point, VECTOR_INTERRUPTS + LINES

/* Programs call by int 0x80. */
    .globl native_entry_system_call
native_entry_system_call:
    push $0
    push $VECTOR_SYSTEM_CALL

/* Flags as C wants them; and no AC, which would switch SMAP off. */
entry_common:
    push $FLAGS_NONE
    popf
    call_c

/* Out again. Contract: %esp points to a struct trap_frame, complete if it is a program's. */
frame_return:
    pop_registers
    iret

/* void native_frame_enter(struct trap_frame *): goes to where the frame says, for good. */
    .globl native_frame_enter
native_frame_enter:
    mov 4(%esp), %esp
    jmp frame_return

/* void native_load_segments(const void *gdt_pointer, unsigned task_selector) */
    .globl native_load_segments
native_load_segments:
    mov 4(%esp), %eax
    mov 8(%esp), %edx
    lgdt (%eax)
    ltr %dx
    mov $KERNEL_DS, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    xor %eax, %eax              /* nobody has a use for the others, or for an LDT */
    lldt %ax
    mov %eax, %fs
    mov %eax, %gs
    ljmp $KERNEL_CS, $1f
1:  ret

    .section .note.GNU-stack, "", @progbits
