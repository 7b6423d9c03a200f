/* SPDX-License-Identifier: MIT */
/*
 * The arithmetic of emulated stores: result and flags.
 */
#ifndef CORE_ALU_H
#define CORE_ALU_H

#include <stdbool.h>
#include <stdint.h>

#include "core/decode.h"

/* The bits of RFLAGS that arithmetic sets. */
#define ALU_CARRY     0x001u
#define ALU_PARITY    0x004u
#define ALU_AUXILIARY 0x010u
#define ALU_ZERO      0x040u
#define ALU_SIGN      0x080u
#define ALU_OVERFLOW  0x800u

/* The low size bytes (1, 2, 4, 8) of value. */
static inline uint64_t alu_cut(uint64_t value, unsigned int size)
{
    return value & (~0UL >> (64 - 8 * size));
}

/* What a register of 64 bits holds after a write of size bytes (2, 4, 8): those of four clear its
 * upper half, those of two keep the rest. */
static inline uint64_t alu_replace(uint64_t old, uint64_t value, unsigned int size)
{
    uint64_t kept = size == 2 ? old & ~0xffffUL : 0;

    return kept | alu_cut(value, size);
}

/*
 * ADD, OR, ADC, SBB, AND, SUB, XOR; INC, DEC, NOT, NEG, which have no source; BTS, BTR, BTC, where
 * source is the number of the bit modulo the width; XADD as ADD; anything else (MOV, XCHG, STOS,
 * MOVS) gives source. Operands and result have size bytes. The flags that the CPU leaves undefined
 * are left as they are.
 */
uint64_t alu(enum instruction instruction, unsigned int size, uint64_t destination, uint64_t source,
             uint64_t *rflags);

#endif
