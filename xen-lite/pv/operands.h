/* SPDX-License-Identifier: MIT */
/*
 * Operands of decoded instructions (core/decode.h) in a guest's registers.
 */
#ifndef XEN_LITE_PV_OPERANDS_H
#define XEN_LITE_PV_OPERANDS_H

#include "core/decode.h"
#include "lib/types.h"
#include "x86/regs.h"

/* Reads and decodes the instruction at the current vCPU's RIP. DECODE_TRUNCATED: it goes on in
 * memory that cannot be read. DECODE_UNKNOWN also if nothing can be read there, if its code
 * segment is a 16-bit one, or ends before it does. */
enum decode_result instruction_read(const struct regs *regs, struct decoded *d);
/* Where that is in memory; and whether it is 64-bit code. */
gva_t instruction_address(const struct regs *regs);
bool instruction_is_long(const struct regs *regs);

/* Register `number` as the CPU counts them: RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 ... R15. */
uint64_t *operand_register(struct regs *regs, unsigned int number);

/* The register operand `number` of d, cut to its size; and its new value. */
uint64_t operand_read(struct regs *regs, const struct decoded *d, unsigned int number);
void operand_write(struct regs *regs, const struct decoded *d, unsigned int number, uint64_t value);

/* Where d's memory operand is, for the current vCPU. */
gva_t operand_address(struct regs *regs, const struct decoded *d);
/* False: its segment does not allow to access so many bytes there. Must be asked, but where the CPU
 * has already made the access. */
bool operand_is_in_segment(struct regs *regs, const struct decoded *d, size_t size, bool write);
/* And what MOVS reads. */
gva_t operand_movs_source(const struct regs *regs, const struct decoded *d);

#endif
