/* SPDX-License-Identifier: MIT */
/*
 * Runs one IRETQ in ring 3 and tells which exception it ends with (smap_init.c says why).
 *
 * smap_probe() loads an IDT in which #UD, #GP and #PF lead here, keeps RSP in memory and enters
 * ring 3 by IRETQ. The code there makes a frame on its own stack that returns to a UD2 and executes
 * IRETQ. So #UD comes if that worked, #PF (or #GP) if it did not. The handler goes back to the kept
 * RSP, whatever the frame on the trap's stack says, and returns to C.
 */
#include "abi/layout.h"
#include "x86/gdt.h"
#include "x86/smap_probe.h"

    .text
    .globl smap_probe_user, smap_probe_user_end
smap_probe_user:
    pushq $FLAT_RING3_SS64
    leaq 8(%rsp), %rax
    pushq %rax
    pushfq
    pushq $FLAT_RING3_CS64
    leaq 1f(%rip), %rax
    pushq %rax
    iretq
1:  ud2
smap_probe_user_end:

/* uint64_t smap_probe(void) */
    .globl smap_probe
smap_probe:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, probe_rsp(%rip)
    sidt probe_old_idt(%rip)
    movl $6, %ecx
    leaq probe_ud(%rip), %rax
    call probe_gate
    movl $13, %ecx
    leaq probe_gp(%rip), %rax
    call probe_gate
    movl $14, %ecx
    leaq probe_pf(%rip), %rax
    call probe_gate
    leaq probe_idt(%rip), %rax
    movq %rax, probe_new_idt + 2(%rip)
    movw $16 * 16 - 1, probe_new_idt(%rip)
    lidt probe_new_idt(%rip)

    movabsq $SMAP_PROBE_PAGE, %rax
    leaq 4096(%rax), %rcx
    pushq $FLAT_RING3_SS64
    pushq %rcx
    pushq $2
    pushq $FLAT_RING3_CS64
    pushq %rax
    iretq

probe_ud:
    movl $6, %eax
    jmp probe_back
probe_gp:
    movl $13, %eax
    jmp probe_back
probe_pf:
    movl $14, %eax
probe_back:
    movq probe_rsp(%rip), %rsp
    lidt probe_old_idt(%rip)
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

/* Makes gate ECX lead to RAX. Uses RAX, RCX, RDX. */
probe_gate:
    shll $4, %ecx
    leaq probe_idt(%rip), %rdx
    addq %rcx, %rdx
    movw %ax, (%rdx)
    movw $SELECTOR_HV_CODE, 2(%rdx)
    movw $0x8e00, 4(%rdx)
    shrq $16, %rax
    movw %ax, 6(%rdx)
    shrq $16, %rax
    movl %eax, 8(%rdx)
    ret

    .section .bss.init, "aw", @nobits
    .balign 16
probe_idt:
    .skip 16 * 16
probe_rsp:
    .skip 8
probe_old_idt:
    .skip 16
probe_new_idt:
    .skip 16

    .section .note.GNU-stack, "", @progbits
