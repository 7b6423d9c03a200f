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
 * memory that cannot be read. DECODE_UNKNOWN also if nothing can be read there, or if its code
 * segment is neither 64-bit nor the flat 32-bit one. */
enum decode_result instruction_read(const struct regs *regs, struct decoded *d);

/* Register `number` as the CPU counts them: RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 ... R15. */
uint64_t *operand_register(struct regs *regs, unsigned int number);

/* The register operand `number` of d, cut to its size; and its new value. */
uint64_t operand_read(struct regs *regs, const struct decoded *d, unsigned int number);
void operand_write(struct regs *regs, const struct decoded *d, unsigned int number, uint64_t value);

/* Where d's memory operand is, for the current vCPU. All segments but FS and GS are taken as flat.
 */
gva_t operand_address(struct regs *regs, const struct decoded *d);
/* And what MOVS reads. */
gva_t operand_movs_source(const struct regs *regs, const struct decoded *d);

#endif
