/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic as the CPU does it, in C: the unit test compares it with the CPU it runs on.
 */
#include "core/alu.h"

static void set_flag(uint64_t *rflags, uint64_t flag, bool on)
{
    *rflags = on ? *rflags | flag : *rflags & ~flag;
}

/* Those that follow from the result alone. */
static void flags_of_result(uint64_t *rflags, unsigned int size, uint64_t result)
{
    /* The number of bits of the low byte is even. */
    set_flag(rflags, ALU_PARITY, !__builtin_parity((unsigned int)(result & 0xff)));
    set_flag(rflags, ALU_ZERO, result == 0);
    set_flag(rflags, ALU_SIGN, result >> (8 * size - 1) & 1);
}

/* OR, AND, XOR. The auxiliary carry is undefined: left alone. */
static uint64_t logic(unsigned int size, uint64_t result, uint64_t *rflags)
{
    set_flag(rflags, ALU_CARRY, false);
    set_flag(rflags, ALU_OVERFLOW, false);
    flags_of_result(rflags, size, result);
    return result;
}

/* Overflow: the operands' signs are alike (unlike, in a subtraction) and the result's is another
 * one than the first operand's. */
static uint64_t add(unsigned int size, uint64_t a, uint64_t b, uint64_t *rflags)
{
    uint64_t result = alu_cut(a + b, size);

    set_flag(rflags, ALU_CARRY, result < a);
    set_flag(rflags, ALU_AUXILIARY, (a ^ b ^ result) & 0x10);
    set_flag(rflags, ALU_OVERFLOW, (~(a ^ b) & (a ^ result)) >> (8 * size - 1) & 1);
    flags_of_result(rflags, size, result);
    return result;
}

static uint64_t subtract(unsigned int size, uint64_t a, uint64_t b, uint64_t *rflags)
{
    uint64_t result = alu_cut(a - b, size);

    set_flag(rflags, ALU_CARRY, a < b);
    set_flag(rflags, ALU_AUXILIARY, (a ^ b ^ result) & 0x10);
    set_flag(rflags, ALU_OVERFLOW, ((a ^ b) & (a ^ result)) >> (8 * size - 1) & 1);
    flags_of_result(rflags, size, result);
    return result;
}

uint64_t alu(enum instruction instruction, unsigned int size, uint64_t destination, uint64_t source,
             uint64_t *rflags)
{
    uint64_t a = alu_cut(destination, size);
    uint64_t b = alu_cut(source, size);
    uint64_t bit = 1UL << (source % (8 * size));

    if (instruction == INSTRUCTION_BTS || instruction == INSTRUCTION_BTR ||
        instruction == INSTRUCTION_BTC)
        set_flag(rflags, ALU_CARRY, a & bit);
    switch ((unsigned int)instruction) {
    case INSTRUCTION_ADD:
    case INSTRUCTION_XADD: return add(size, a, b, rflags);
    case INSTRUCTION_SUB: return subtract(size, a, b, rflags);
    case INSTRUCTION_OR: return logic(size, a | b, rflags);
    case INSTRUCTION_AND: return logic(size, a & b, rflags);
    case INSTRUCTION_XOR: return logic(size, a ^ b, rflags);
    case INSTRUCTION_BTS: return a | bit;
    case INSTRUCTION_BTR: return a & ~bit;
    case INSTRUCTION_BTC: return a ^ bit;
    default: return b;
    }
}
