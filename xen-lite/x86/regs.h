/* SPDX-License-Identifier: MIT */
/*
 * The register frame that entry code pushes: the same for every way into the hypervisor, declared
 * once for C and assembler.
 *
 * The order is that of the ABI's struct cpu_user_regs (64-bit), so that a vCPU's context is copied
 * as it is. Assembler takes the offsets from the REGS_* names below, which regs.c of the x86 layer
 * asserts against this struct.
 */
#ifndef XEN_LITE_X86_REGS_H
#define XEN_LITE_X86_REGS_H

#define REGS_R15        0
#define REGS_R14        8
#define REGS_R13        16
#define REGS_R12        24
#define REGS_RBP        32
#define REGS_RBX        40
#define REGS_R11        48
#define REGS_R10        56
#define REGS_R9         64
#define REGS_R8         72
#define REGS_RAX        80
#define REGS_RCX        88
#define REGS_RDX        96
#define REGS_RSI        104
#define REGS_RDI        112
#define REGS_ERROR_CODE 120
#define REGS_VECTOR     124
#define REGS_RIP        128
#define REGS_CS         136
#define REGS_RFLAGS     144
#define REGS_RSP        152
#define REGS_SS         160
#define REGS_SIZE       168

/* What the SYSCALL entry pushes below it: struct hcall. A result that is less than
 * LONG_MIN + HCALL_SPECIAL is none. */
#define HCALL_SIZE    64
#define HCALL_SPECIAL 2

/* Values of .vector beyond the 256 of the IDT: how else the hypervisor was entered. */
#define VECTOR_SYSCALL 0x100

/* Bytes of the instruction: by so many RIP goes back for it to be made again, or to fault. */
#define SYSCALL_LENGTH 2
#define INT82_LENGTH   2

#ifndef __ASSEMBLER__
#include <stdint.h>

struct regs {
    uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8;
    uint64_t rax, rcx, rdx, rsi, rdi;
    uint32_t error_code;
    uint32_t vector;
    uint64_t rip;
    uint16_t cs, cs_pad[3];
    uint64_t rflags;
    uint64_t rsp;
    uint16_t ss, ss_pad[3];
};
#endif

#endif
