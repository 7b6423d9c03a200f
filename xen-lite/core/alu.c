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

/* ADC and SBB: first the operands, then the carry, which may carry once more. */
static uint64_t with_carry(unsigned int size, bool subtraction, uint64_t a, uint64_t b,
                           uint64_t *rflags)
{
    uint64_t carry = *rflags & ALU_CARRY;
    uint64_t result;
    bool out;

    (void)(subtraction ? subtract(size, a, b, rflags) : add(size, a, b, rflags));
    out = *rflags & ALU_CARRY;
    result = alu_cut(subtraction ? a - b - carry : a + b + carry, size);
    if (carry)
        out |= result == (subtraction ? alu_cut(~0UL, size) : 0);
    set_flag(rflags, ALU_CARRY, out);
    set_flag(rflags, ALU_AUXILIARY, (a ^ b ^ result) & 0x10);
    set_flag(rflags, ALU_OVERFLOW,
             ((subtraction ? a ^ b : ~(a ^ b)) & (a ^ result)) >> (8 * size - 1) & 1);
    flags_of_result(rflags, size, result);
    return result;
}

/* INC and DEC leave the carry as it is. */
static uint64_t step(unsigned int size, bool down, uint64_t a, uint64_t *rflags)
{
    bool carry = *rflags & ALU_CARRY;
    uint64_t result = down ? subtract(size, a, 1, rflags) : add(size, a, 1, rflags);

    set_flag(rflags, ALU_CARRY, carry);
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
    case INSTRUCTION_ADC: return with_carry(size, false, a, b, rflags);
    case INSTRUCTION_SBB: return with_carry(size, true, a, b, rflags);
    case INSTRUCTION_INC: return step(size, false, a, rflags);
    case INSTRUCTION_DEC: return step(size, true, a, rflags);
    case INSTRUCTION_NOT: return alu_cut(~a, size);
    case INSTRUCTION_NEG: return subtract(size, 0, a, rflags);
    case INSTRUCTION_BTS: return a | bit;
    case INSTRUCTION_BTR: return a & ~bit;
    case INSTRUCTION_BTC: return a ^ bit;
    default: return b;
    }
}
