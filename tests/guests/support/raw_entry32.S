/* SPDX-License-Identifier: MIT */
/* 32-bit guests: see raw32.h. Offsets below are those of struct raw_start and raw_arrival. */
#include "abi/asm.h"

    .text

/* One entry a vector. Contract: ss:esp is whatever it is and must not be written; ds, es, fs and gs
 * are the interrupted code's. eax, ecx and edx are lost. */
    .balign 16
    .globl raw_entries
raw_entries:
    .set vector, 0
    .rept 259
    .balign 16
    mov $vector, %ecx
    jmp raw_arrive
    .set vector, vector + 1
    .endr

raw_arrive:
    mov %ds, %edx
    mov $FLAT_RING1_DS, %eax
    mov %eax, %ds
    mov %ecx, raw_arrival+0
    mov %cs, %eax
    mov %eax, raw_arrival+4
    mov %ss, %eax
    mov %eax, raw_arrival+8
    mov %esp, raw_arrival+12
    mov %edx, raw_arrival+20
    mov %es, %eax
    mov %eax, raw_arrival+24
    mov %fs, %eax
    mov %eax, raw_arrival+28
    mov %gs, %eax
    mov %eax, raw_arrival+32
    mov %ebx, raw_arrival+36
    mov %esi, raw_arrival+40
    mov %edi, raw_arrival+44
    mov %ebp, raw_arrival+48
    mov shared_info, %eax
    movzbl 1(%eax), %eax            /* vcpu_info[0].evtchn_upcall_mask */
    mov %eax, raw_arrival+52

    /* The words are read through ss. */
    xor %ecx, %ecx
1:  cmp raw_words, %ecx
    jae 2f
    mov (%esp,%ecx,4), %eax
    mov %eax, raw_arrival+56(,%ecx,4)
    inc %ecx
    jmp 1b

    /* Back on the stack of raw_enter. */
2:  mov $FLAT_RING1_SS, %eax
    mov %eax, %es
    mov %eax, %ss
    mov raw_stack, %esp
    movl $raw_lost_frame, raw_stack
    pushf
    pop raw_arrival+16
    xor %eax, %eax
    mov %eax, %fs
    mov %eax, %gs
    cld
    pop %edi
    pop %esi
    pop %ebx
    pop %ebp
    ret

/* void raw_enter(const struct raw_start *): returns when something arrives. */
    .globl raw_enter
raw_enter:
    mov 4(%esp), %eax
    push %ebp
    push %ebx
    push %esi
    push %edi
    mov %esp, raw_stack
    testb $2, 4(%eax)
    jz raw_enter_ring1

    push 16(%eax)
    push 12(%eax)
    push 8(%eax)
    push 4(%eax)
    push 0(%eax)
    call raw_load
    mov %cs:36(%eax), %eax
    iret

raw_enter_ring1:
    push 8(%eax)
    popf
    mov 4(%eax), %edx
    mov %edx, raw_far+4
    mov 0(%eax), %edx
    mov %edx, raw_far
    call raw_load
    mov %cs:16(%eax), %ss
    mov %cs:12(%eax), %esp
    mov %cs:36(%eax), %eax
    ljmpl *%cs:raw_far

/* Data segments and registers but for eax, which is the start's address. */
raw_load:
    mov 40(%eax), %ebx
    mov 44(%eax), %ecx
    mov 48(%eax), %edx
    mov 52(%eax), %esi
    mov 56(%eax), %edi
    mov 60(%eax), %ebp
    mov 24(%eax), %es
    mov 28(%eax), %fs
    mov 32(%eax), %gs
    mov 20(%eax), %ds
    ret

/* void raw_enter_iret(const struct raw_start *, uint32_t stack): the same by the hypercall; stack
 * is the address of its frame. */
    .globl raw_enter_iret
raw_enter_iret:
    mov 4(%esp), %eax
    mov 8(%esp), %edx
    push %ebp
    push %ebx
    push %esi
    push %edi
    mov %esp, raw_stack
    mov %edx, %esp
    mov 40(%eax), %ebx
    mov 44(%eax), %ecx
    mov 52(%eax), %esi
    mov 56(%eax), %edi
    mov 60(%eax), %ebp
    mov 48(%eax), %edx
    mov 24(%eax), %es
    mov 28(%eax), %fs
    mov 32(%eax), %gs
    mov 20(%eax), %ds
    mov $__HYPERVISOR_iret, %eax
    int $0x82
    ud2

    .globl raw_ud2
raw_ud2:
    ud2

    .globl raw_int3
raw_int3:
    int3

    .globl raw_nops
raw_nops:
    nop; nop; nop; nop; ud2

raw_lost:
    mov $trap_stack_end, %esp
    call raw_unexpected

    .data
    .balign 4
raw_stack:
    .long raw_lost_frame
/* What is popped if something arrives while nobody waits. */
raw_lost_frame:
    .long 0, 0, 0, 0, raw_lost

    .bss
    .balign 16
    .globl raw_arrival
raw_arrival:
    .skip 4 * 24
    .globl raw_words
raw_words:
    .skip 4
raw_far:
    .skip 8

    .section .note.GNU-stack, "", @progbits
