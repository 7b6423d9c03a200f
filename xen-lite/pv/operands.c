/* SPDX-License-Identifier: MIT */
/*
 * Operands of decoded instructions. See operands.h.
 */
#include "pv/operands.h"

#include "abi/xen.h"
#include "core/alu.h"
#include "x86/cpu_bits.h"
#include "x86/ex_table.h"
#include "x86/guest_copy.h"
#include "x86/instr.h"

/* Byte registers 4 to 7 without a REX prefix are the second bytes of registers 0 to 3. */
#define FIRST_HIGH_BYTE 4
#define LAST_HIGH_BYTE  7

/* Access rights of a segment, as LAR gives them. */
#define RIGHTS_LONG_MODE 0x200000u

/* Where two words cannot be read: perhaps one byte less can, or the instruction ends at the end of
 * the last mapped page. */
static NOINLINE void fetch_bytes(gva_t rip, struct code *code)
{
    uint8_t bytes[INSTRUCTION_MAX];
    size_t size = INSTRUCTION_MAX;

    if (guest_copy_in(bytes, rip, size) != 0) {
        size = min(size, PAGE_SIZE - rip.n % PAGE_SIZE);
        if (guest_copy_in(bytes, rip, size) != 0)
            size = 0;
    }
    code_set(code, bytes, size);
}

/* Two words are 16 bytes, of which the last is beyond any instruction. */
static ALWAYS_INLINE void fetch(gva_t rip, struct code *code)
{
    unsigned int faults = 0;
    uint64_t first, second;

    if (unlikely(!guest_start_ok(rip))) {
        code->size = 0;
        return;
    }
    stac();
    first = guest_get_word(rip.n, &faults);
    second = guest_get_word(rip.n + sizeof(uint64_t), &faults);
    clac();
    if (unlikely(faults != 0)) {
        fetch_bytes(rip, code);
        return;
    }
    code->words[0] = first;
    code->words[1] = second & ~0UL >> 8;
    code->words[2] = code->words[3] = 0;
    code->size = INSTRUCTION_MAX;
}

/* 64-bit code has a flat segment whatever its descriptor is; of 32-bit segments only the ABI's own
 * is known to be flat. */
static bool is_flat(uint16_t cs, bool *long_mode)
{
    uint32_t rights = 0;

    *long_mode = true;
    if (likely(cs == FLAT_RING3_CS64))
        return true;
    /* The table may have changed since the segment was loaded: the descriptor's page may be gone.
     */
    __asm__ volatile("1: larl %1, %0\n"
                     "2:\n" EX_TABLE(1b, 2b)
                     : "+r"(rights)
                     : "r"((uint32_t)cs)
                     : "cc");
    *long_mode = rights & RIGHTS_LONG_MODE;
    return *long_mode || cs == FLAT_RING3_CS32;
}

enum decode_result instruction_read(const struct regs *regs, struct decoded *d)
{
    struct code code;
    bool long_mode;

    if (!is_flat(regs->cs, &long_mode))
        return DECODE_UNKNOWN;
    fetch(GVA(regs->rip), &code);
    return unlikely(code.size == 0) ? DECODE_UNKNOWN : decode(&code, long_mode, d);
}

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

static uint64_t segment_base(unsigned int segment)
{
    if (segment == SEGMENT_FS)
        return rdmsr(MSR_FS_BASE);
    if (segment == SEGMENT_GS)
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
    return GVA(segment_base(memory->segment) + alu_cut(address, d->address_size));
}

gva_t operand_movs_source(const struct regs *regs, const struct decoded *d)
{
    return GVA(segment_base(d->source_segment) + alu_cut(regs->rsi, d->address_size));
}
