/* SPDX-License-Identifier: MIT */
/*
 * Operands of decoded instructions (core/decode.h) in a guest's registers.
 */
#ifndef XEN_LITE_PV_OPERANDS_H
#define XEN_LITE_PV_OPERANDS_H

#include "core/decode.h"
#include "lib/types.h"
#include "x86/regs.h"

/* Register `number` as the CPU counts them: RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 ... R15. */
uint64_t *operand_register(struct regs *regs, unsigned int number);

/* The register operand `number` of d, cut to its size; and its new value. */
uint64_t operand_read(struct regs *regs, const struct decoded *d, unsigned int number);
void operand_write(struct regs *regs, const struct decoded *d, unsigned int number, uint64_t value);

/* Where d's memory operand is. 64-bit code of the current vCPU. */
gva_t operand_address(struct regs *regs, const struct decoded *d);

#endif
