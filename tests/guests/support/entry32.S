/* SPDX-License-Identifier: MIT */
/*
 * Every way into a 32-bit test guest's kernel, and the way out.
 *
 * Xen leaves on the stack what the CPU would, lowest address first; esp and ss only if it was user
 * mode (ring 3) that was interrupted:
 *
 *     [error code, some exceptions]  eip  cs  eflags  [esp  ss]
 *
 * and the stubs make struct frame (width32.h) of it:
 *
 *     edi esi ebp ebx edx ecx eax  ds es fs gs  vector  error eip cs eflags esp ss
 *
 * For what was interrupted in ring 1, esp and ss are put in by hand, so that C finds one kind of
 * frame. All returns go through the iret hypercall.
 */
#include "abi/asm.h"
#include "tests/guests/support/layout.h"

/* Where things are in struct frame, in bytes. */
.set FRAME_AX, 24
.set FRAME_DS, 28
.set FRAME_VECTOR, 44
.set FRAME_IP, 52
.set FRAME_CS, 56
.set FRAME_FLAGS, 60
.set FRAME_SP, 64

    .text

/* One stub a vector, each VECTOR_STUB_SIZE long. Contract: all registers are the interrupted
 * code's. */
    .balign 16
    .globl vector_stubs
vector_stubs:
    .set vector, 0
    .rept 256
    .balign VECTOR_STUB_SIZE
    .if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21)
    push $0
    .endif
    push $vector
    jmp frame_save
    .set vector, vector + 1
    .endr

    .globl event_entry
event_entry:
    push $0
    push $VECTOR_EVENT
    jmp frame_save

    .globl failsafe_entry
failsafe_entry:
    add $16, %esp                   /* ds es fs gs lie below eip */
    push $0
    push $VECTOR_FAILSAFE

/* On the stack: vector, error, eip, cs, eflags, and of user mode esp, ss. A selector's two low bits
 * are the ring. */
frame_save:
    testb $2, 12(%esp)
    jnz 1f

    /* Ring 1: moves the five words down by two, and writes esp and ss into the gap. */
    sub $8, %esp
    push %eax
    mov 12(%esp), %eax
    mov %eax, 4(%esp)
    mov 16(%esp), %eax
    mov %eax, 8(%esp)
    mov 20(%esp), %eax
    mov %eax, 12(%esp)
    mov 24(%esp), %eax
    mov %eax, 16(%esp)
    mov 28(%esp), %eax
    mov %eax, 20(%esp)
    lea 32(%esp), %eax
    mov %eax, 24(%esp)
    mov %ss, %eax
    mov %eax, 28(%esp)
    pop %eax

    /* The interrupted data segments may be anything: ours from here on. */
1:  push %gs
    push %fs
    push %es
    push %ds
    push %eax
    push %ecx
    push %edx
    push %ebx
    push %ebp
    push %esi
    push %edi
    mov %ss, %eax
    mov %eax, %ds
    mov %eax, %es
    cld
    push %esp
    call support_trap
    add $4, %esp                    /* back to the frame */

/* Out again. Contract: %esp points to a complete struct frame. To ring 1 the call takes only eip,
 * cs and eflags, which must lie where esp is to end; the frame itself may lie just there, so all is
 * read before it is written. */
frame_return:
    testb $2, FRAME_CS(%esp)
    jnz 1f
    mov FRAME_SP(%esp), %eax
    mov FRAME_IP(%esp), %ecx
    mov FRAME_CS(%esp), %edx
    mov FRAME_FLAGS(%esp), %ebx
    mov %ebx, -4(%eax)
    mov %edx, -8(%eax)
    mov %ecx, -12(%eax)
    sub $12, %eax
    mov %eax, FRAME_VECTOR(%esp)
    pop %edi
    pop %esi
    pop %ebp
    pop %ebx
    pop %edx
    pop %ecx
    pop %eax
    pop %ds
    pop %es
    pop %fs
    pop %gs
    pop %esp                        /* the vector's place */
    jmp hypercall_page + 32 * __HYPERVISOR_iret

1:  pop %edi
    pop %esi
    pop %ebp
    pop %ebx
    pop %edx
    pop %ecx
    pop %eax
    pop %ds
    pop %es
    pop %fs
    pop %gs
    add $8, %esp                    /* vector and error */
    jmp hypercall_page + 32 * __HYPERVISOR_iret

/* void frame_enter(struct frame *): goes where the frame says; returns when somebody calls
 * frame_leave. */
    .globl frame_enter
frame_enter:
    mov 4(%esp), %eax
    push %ebp
    push %ebx
    push %esi
    push %edi
    mov %esp, frame_enter_stack
    mov %eax, %esp
    jmp frame_return

/* void frame_leave(void): makes the last frame_enter return. What is on the present stack is
 * forgotten. */
    .globl frame_leave
frame_leave:
    mov frame_enter_stack, %esp
    pop %edi
    pop %esi
    pop %ebx
    pop %ebp
    ret

    .bss
    .balign 4
frame_enter_stack:
    .skip 4

    .section .note.GNU-stack, "", @progbits
