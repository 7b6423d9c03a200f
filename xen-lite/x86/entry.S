/* SPDX-License-Identifier: MIT */
/*
 * Entry and exit: saves, calls C, restores. Everything that C can do is done there.
 *
 * A guest's registers are always in one place: cpu_top()->guest, the end of which TSS.rsp0 and the
 * SYSCALL stubs point to.
 *
 *      higher   +--------------------------+  end of the CPU's stack block
 *               | cpu_top: vcpu, id, work, |
 *               | upcall, ...              |
 *               +--------------------------+  <- TSS.rsp0, syscall_slots[].stack
 *               | ss rsp rflags cs rip     |  pushed by the CPU, or by the SYSCALL stub
 *               | vector : error code      |  pushed by the stub (the CPU pushes some error codes)
 *               | rdi rsi ... r14 r15      |  pushed by push_registers
 *               +--------------------------+  <- RSP when C is called; argument 1
 *               | hypercall: struct hcall  |  number, vCPU, arguments; argument 1 of its C function
 *      lower    | C's stack                |
 *
 * A trap out of the hypervisor itself pushes the same frame wherever the stack is, or on an IST
 * stack (NMI, #DB, #DF, #MC).
 */
#include "abi/asm.h"
#include "x86/cpu.h"
#include "x86/cpu_bits.h"
#include "x86/ex_table.h"
#include "x86/layout.h"
#include "x86/regs.h"
#include "x86/smap.h"
#include "x86/vector.h"

/* #DF, #TS to #PF, #AC, #CP, #VC, #SX. */
#define PUSHES_ERROR_CODE(v) \
    ((v == 8) || ((v >= 10) && (v <= 14)) || (v == 17) || (v == 21) || (v == 29) || (v == 30))

/* struct syscall_slot */
#define SLOT_SIZE 64
#define SLOT_GUEST_RSP 0
#define SLOT_STACK 8

/* RSP: at the word "vector : error code". Afterwards RSP is a struct regs. Keeps all others. */
.macro push_registers
    pushq %rdi
    pushq %rsi
    pushq %rdx
    pushq %rcx
    pushq %rax
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
.endm

/* RSP: at a struct regs. Restores the registers that C preserves. */
.macro pop_preserved
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
.endm

/* RSP: at a struct regs. Afterwards all registers are restored but RSP, which is at the error code.
 */
.macro pop_registers
    pop_preserved
    pop_others
.endm

/* RSP: at R11 in a struct regs. */
.macro pop_others
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rax
    popq %rcx
    popq %rdx
    popq %rsi
    popq %rdi
.endm

/* RSP: at a struct regs, whose RIP is put into RCX. Jumps to `no` if it is not canonical. RDX is
 * lost. */
.macro sysret_address no
    movq REGS_RIP(%rsp), %rcx
    movq %rcx, %rdx
    sarq $47, %rdx
    incl %edx
    cmpl $1, %edx
    ja \no
.endm

/*
 * On an IST stack, RSP at a guest's struct regs: moves that to cpu_top()->guest, as if the trap had
 * come on the main stack. RSP and RDI are at it then; RCX and RSI are lost.
 */
.macro to_main_stack
    movq %rsp, %rsi
    movq %rsp, %rdi
    orq $(STACK_BLOCK_SIZE - 1), %rdi
    subq $(CPU_TOP_SIZE - 1), %rdi
    movq %rdi, %rsp
    movl $(REGS_SIZE / 8), %ecx
    rep movsq
    movq %rsp, %rdi
.endm

/*
 * The CPU holds further NMIs back until the next IRETQ. The guest may go on by SYSRET, or another
 * one may, so here is one that leads nowhere. The IST stack is free again. RAX and RCX are lost.
 */
.macro allow_nmi
    movq %rsp, %rax
    movl %ss, %ecx
    pushq %rcx
    pushq %rax
    pushfq
    movl %cs, %ecx
    pushq %rcx
    leaq 1f(%rip), %rcx
    pushq %rcx
    iretq
1:
.endm

    .text

/*
 * One stub per vector: makes the frame uniform (error code 0 where the CPU pushes none, the vector
 * above it). The vectors listed push an error code.
 */
    .balign 16
    .globl entry_stubs
    .type entry_stubs, @object
entry_stubs:
    .set vector, 0
    .rept 256
    .balign 16
    .if PUSHES_ERROR_CODE(vector)
    movl $vector, 4(%rsp)
    .else
    pushq $0
    movl $vector, 4(%rsp)
    .endif
    .if (vector == VECTOR_NMI) || (vector == VECTOR_MC)
    jmp entry_nmi
    .elseif vector == VECTOR_DB
    jmp entry_debug
    .elseif vector == VECTOR_HYPERCALL32
    jmp entry_int82
    .else
    jmp entry_trap
    .endif
    .set vector, vector + 1
    .endr
    .balign 16

/* All other vectors; from a guest RSP comes from TSS.rsp0, so that the frame is
 * cpu_top()->guest. */
entry_trap:
    CLAC
    cld
    push_registers
    movq %rsp, %rdi
    testb $2, REGS_CS(%rsp)
    jz from_ring_0_or_1
from_guest:
    call trap_from_guest
    jmp exit_to_guest

from_ring_0_or_1:
    testl $RFLAGS_VM, REGS_RFLAGS(%rsp)
    jnz from_vm86
    testb $1, REGS_CS(%rsp)
    jnz from_guest
/* Out of the hypervisor (a fault with a fix-up, or the end), or a guest's #DB that hit the
 * hypervisor's first instruction. */
from_hypervisor:
    call trap_from_hypervisor
    pop_registers
    addq $8, %rsp
    iretq

/*
 * In long mode no CPU goes to virtual-8086 mode, but QEMU's does, by an IRET of a guest's 32-bit
 * code. Then CS is any number, also one that looks like the hypervisor's or a kernel's in ring 1.
 * The guest had privilege 3 there, so that is what its selector says from here on: nothing leads
 * back.
 */
from_vm86:
    orb $3, REGS_CS(%rsp)
    to_main_stack
    call trap_from_guest
    jmp exit_to_guest

/*
 * #DB comes on its own stack, because MOV SS followed by SYSCALL raises it at the SYSCALL stub's
 * first instruction, on the guest's stack. One that interrupted a guest is an ordinary trap: its
 * frame is moved to where a guest's frame belongs.
 */
entry_debug:
    CLAC
    cld
    push_registers
    movq %rsp, %rdi
    testb $2, REGS_CS(%rsp)
    jnz debug_from_guest
    testl $RFLAGS_VM, REGS_RFLAGS(%rsp)
    jnz from_vm86
    testb $1, REGS_CS(%rsp)
    jz from_hypervisor
debug_from_guest:
    to_main_stack
    call trap_from_guest
    jmp exit_to_guest

/*
 * NMI and #MC: handled on their own stacks when they interrupt the hypervisor, to which they
 * return. One that interrupted a guest is moved as #DB is, and leaves by the exit path: an IRETQ to
 * a guest faults if its segments were changed meanwhile, and only that one is recovered.
 */
entry_nmi:
    CLAC
    cld
    push_registers
    movq %rsp, %rdi
    testl $RFLAGS_VM, REGS_RFLAGS(%rsp)
    jnz nmi_from_vm86
    testb $3, REGS_CS(%rsp)
    jnz nmi_from_guest
    call trap_nmi
    pop_registers
    addq $8, %rsp
    iretq
nmi_from_vm86:
    orb $3, REGS_CS(%rsp)
nmi_from_guest:
    to_main_stack
    call trap_nmi
    allow_nmi
    jmp exit_to_guest

/*
 * int 0x82: a hypercall of a kernel in ring 1, whose gate is closed to ring 3. What is in the upper
 * halves of registers that 32-bit code cannot name is cut off. The frame leaves by IRETQ, always:
 * SYSRET would lead into 64-bit code.
 */
entry_int82:
    CLAC
    cld
    push_registers
    cmpl $__HYPERVISOR_iret, %eax
    je entry_iret32
    movl %ebp, %ebp
    pushq %rbp
    movl %edi, %edi
    pushq %rdi
    movl %esi, %esi
    pushq %rsi
    movl %edx, %edx
    pushq %rdx
    movl %ecx, %ecx
    pushq %rcx
    movl %ebx, %ebx
    pushq %rbx
    pushq CPU_TOP_VCPU + 48(%rsp)
    movl %eax, %eax
    pushq %rax
    movq %rsp, %rdi
    call hypercall32_from_guest
    cmpq $HCALL_SPECIAL, %rax
    jo call32_is_special
    addq $HCALL_SIZE, %rsp
    movl %eax, %eax
    movq %rax, REGS_RAX(%rsp)
    jmp exit_iret_quick

entry_iret32:
    movq %rsp, %rdi
    call iret32_from_guest
    jmp exit_iret_quick

/* As call_is_special. */
call32_is_special:
    movq %rsp, %rdi
    movq %rax, %rsi
    call hypercall32_special
    addq $HCALL_SIZE, %rsp
    jmp exit_to_guest

/*
 * SYSCALL: RCX = return address, R11 = flags, RSP still the guest's, interrupts off (SFMASK). No
 * register is free, and the hypervisor does not use GS: so each CPU has a stub of its own that
 * knows its own slot.
 */
.macro make_syscall_stubs entry
    .set cpu, 0
    .rept MAX_CPUS
    .balign 32
    movq %rsp, syscall_slots + cpu * SLOT_SIZE + SLOT_GUEST_RSP(%rip)
    movq syscall_slots + cpu * SLOT_SIZE + SLOT_STACK(%rip), %rsp
    pushq $FLAT_RING3_SS64
    pushq syscall_slots + cpu * SLOT_SIZE + SLOT_GUEST_RSP(%rip)
    jmp \entry
    .set cpu, cpu + 1
    .endr
    .balign 32
.endm

/* The rest of the frame. */
.macro syscall_frame cs
    pushq %r11
    pushq $\cs
    pushq %rcx
    pushq $0
    movl $VECTOR_SYSCALL, 4(%rsp)
    push_registers
.endm

    .balign 32
    .globl syscall_stubs
    .type syscall_stubs, @object
syscall_stubs:
    make_syscall_stubs entry_syscall

/* Out of 32-bit code, on CPUs that have it there (AMD's, QEMU's). */
    .globl syscall32_stubs
    .type syscall32_stubs, @object
syscall32_stubs:
    make_syscall_stubs entry_syscall32

entry_syscall32:
    syscall_frame FLAT_RING3_CS32
    movq %rsp, %rdi
    call syscall_from_32bit_code
    jmp exit_to_guest

entry_syscall:
    syscall_frame FLAT_RING3_CS64
    cmpb $0, CPU_TOP_USER(%rsp)
    jne entry_program
    cmpq $__HYPERVISOR_iret, %rax
    je entry_iret
    pushq %r9
    pushq %r8
    pushq %r10
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq CPU_TOP_VCPU + 48(%rsp)
    pushq %rax
    movq %rsp, %rdi
    call hypercall_from_guest
    cmpq $HCALL_SPECIAL, %rax
    jo call_is_special
    addq $HCALL_SIZE, %rsp
    movq %rax, REGS_RAX(%rsp)

/*
 * The quick way back from SYSCALL: what C preserves has not changed since the entry, so it need not
 * be restored, and the frame is one for SYSRET.
 */
exit_syscall:
    cmpq $0, CPU_TOP_WORK(%rsp)
    jne exit_slow
    movq CPU_TOP_UPCALL(%rsp), %rax
    cmpb $0, (%rax)
    jne exit_upcall
exit_syscall_checked:
    sysret_address exit_iret
    addq $REGS_R11, %rsp
exit_sysret:
    movq REGS_RFLAGS - REGS_R11(%rsp), %r11
    addq $8, %rsp
    popq %r10
    popq %r9
    popq %r8
    popq %rax
    addq $8, %rsp
    popq %rdx
    popq %rsi
    popq %rdi
    movq REGS_RSP - REGS_ERROR_CODE(%rsp), %rsp
    sysretq

/* An upcall is pending: it waits if it is masked. */
exit_upcall:
    cmpb $0, 1(%rax)
    jne exit_syscall_checked
    jmp exit_slow

/* A program's system call, for its kernel. */
entry_program:
    movq %rsp, %rdi
    call syscall_from_program
    jmp exit_syscall

/* The one call whose result is a whole frame. */
entry_iret:
    movq %rsp, %rdi
    call iret_from_guest
    cmpl $VECTOR_SYSCALL, REGS_VECTOR(%rsp)
    jne exit_iret_quick
    cmpw $FLAT_RING3_CS64, REGS_CS(%rsp)
    je exit_syscall
/* As exit_syscall, for a frame that is one for IRETQ: also behind int 0x82. */
exit_iret_quick:
    cmpq $0, CPU_TOP_WORK(%rsp)
    jne exit_slow
    movq CPU_TOP_UPCALL(%rsp), %rax
    cmpb $0, (%rax)
    jne exit_to_guest
    addq $REGS_R11, %rsp
    jmp exit_iret_rest

/* The call is to be made again, or was an iret at the end of a list. */
call_is_special:
    movq %rsp, %rdi
    movq %rax, %rsi
    call syscall_special
    addq $HCALL_SIZE, %rsp
    /* fall through */

/*
 * To the guest. RSP = cpu_top()->guest, interrupts off. Two questions: is there work for this CPU;
 * has the guest an upcall pending and not masked?
 */
    .globl exit_to_guest
exit_to_guest:
    cmpq $0, CPU_TOP_WORK(%rsp)
    jne exit_slow
    movq CPU_TOP_UPCALL(%rsp), %rax
    movzwl (%rax), %eax
    testb %al, %al
    jz exit_restore
    testb %ah, %ah
    jnz exit_restore
exit_slow:
    movq %rsp, %rdi
    call guest_exit_work

/*
 * SYSRET where the frame says that RCX and R11 are free to be lost. It must not be given a return
 * address that is not canonical: some CPUs would fault in ring 0 with the guest's stack pointer.
 * IRETQ faults too, but recoverably: see guest_iretq.
 */
exit_restore:
    cmpl $VECTOR_SYSCALL, REGS_VECTOR(%rsp)
    jne exit_iret
    cmpw $FLAT_RING3_CS64, REGS_CS(%rsp)
    jne exit_iret
    sysret_address exit_iret
    pop_preserved
    jmp exit_sysret

exit_iret:
    pop_preserved
exit_iret_rest:
    pop_others
    addq $8, %rsp
    .globl guest_iretq
guest_iretq:
    iretq

/* Called from C, never returns: drops the C stack and leaves with the frame in cpu_top()->guest. */
    .globl guest_resume
    .type guest_resume, @function
guest_resume:
    orq $(STACK_BLOCK_SIZE - 1), %rsp
    subq $(CPU_TOP_SIZE - 1), %rsp
    jmp exit_to_guest

    .data
    .balign 64
    .globl syscall_slots
    .type syscall_slots, @object
syscall_slots:
    .zero MAX_CPUS * SLOT_SIZE

    .section .note.GNU-stack, "", @progbits
