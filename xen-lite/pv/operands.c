/* SPDX-License-Identifier: MIT */
/*
 * Operands of decoded instructions. See operands.h.
 */
#include "pv/operands.h"

#include "core/alu.h"
#include "x86/cpu_bits.h"
#include "x86/instr.h"

/* Byte registers 4 to 7 without a REX prefix are the second bytes of registers 0 to 3. */
#define FIRST_HIGH_BYTE 4
#define LAST_HIGH_BYTE  7

uint64_t *operand_register(struct regs *regs, unsigned int number)
{
    static const uint8_t offsets[16] = {
        REGS_RAX, REGS_RCX, REGS_RDX, REGS_RBX, REGS_RSP, REGS_RBP, REGS_RSI, REGS_RDI,
        REGS_R8,  REGS_R9,  REGS_R10, REGS_R11, REGS_R12, REGS_R13, REGS_R14, REGS_R15,
    };

    return (uint64_t *)(void *)((char *)regs + offsets[number % ARRAY_SIZE(offsets)]);
}

static bool is_high_byte(const struct decoded *d, unsigned int number)
{
    return d->operand_size == 1 && !d->rex && number >= FIRST_HIGH_BYTE && number <= LAST_HIGH_BYTE;
}

uint64_t operand_read(struct regs *regs, const struct decoded *d, unsigned int number)
{
    if (is_high_byte(d, number))
        return *operand_register(regs, number - FIRST_HIGH_BYTE) >> 8 & 0xff;
    return alu_cut(*operand_register(regs, number), d->operand_size);
}

void operand_write(struct regs *regs, const struct decoded *d, unsigned int number, uint64_t value)
{
    uint64_t *reg;

    value = alu_cut(value, d->operand_size);
    if (is_high_byte(d, number)) {
        reg = operand_register(regs, number - FIRST_HIGH_BYTE);
        *reg = (*reg & ~0xff00UL) | value << 8;
        return;
    }
    reg = operand_register(regs, number);
    /* A 32-bit result clears the upper half, shorter ones leave the rest. */
    if (d->operand_size < 4)
        value |= *reg & ~alu_cut(~0UL, d->operand_size);
    *reg = value;
}

static uint64_t segment_base(const struct memory_operand *memory)
{
    if (memory->segment == SEGMENT_FS)
        return rdmsr(MSR_FS_BASE);
    if (memory->segment == SEGMENT_GS)
        return rdmsr(MSR_GS_BASE);
    return 0;
}

gva_t operand_address(struct regs *regs, const struct decoded *d)
{
    const struct memory_operand *memory = &d->memory;
    uint64_t address = memory->displacement;

    if (memory->base != NO_REGISTER)
        address += *operand_register(regs, memory->base);
    if (memory->index != NO_REGISTER)
        address += *operand_register(regs, memory->index) * memory->scale;
    if (memory->rip_relative)
        address += regs->rip + d->length;
    return GVA(segment_base(memory) + alu_cut(address, d->address_size));
}
