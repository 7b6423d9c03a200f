/* SPDX-License-Identifier: MIT */
/*
 * Operands of decoded instructions. See operands.h.
 */
#include "pv/operands.h"

#include "abi/xen.h"
#include "core/alu.h"
#include "pv/segment.h"
#include "x86/cpu_bits.h"
#include "x86/guest_copy.h"
#include "x86/instr.h"

/* Byte registers 4 to 7 without a REX prefix are the second bytes of registers 0 to 3. */
#define FIRST_HIGH_BYTE 4
#define LAST_HIGH_BYTE  7

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

/* Code in a segment of its own, which may be 64-bit all the same. */
static NOINLINE enum decode_result read_in_segment(const struct regs *regs, struct decoded *d)
{
    enum decode_result result;
    struct code code;
    struct segment_view cs;

    if (!segment_get_code(regs, &cs))
        return DECODE_UNKNOWN;
    fetch(instruction_address(regs), &code);
    if (code.size == 0)
        return DECODE_UNKNOWN;
    result = decode(&code, cs.is_long, d);
    if (result == DECODE_OK && !cs.is_long &&
        !segment_contains(&cs, (uint32_t)regs->rip, d->length))
        return DECODE_UNKNOWN;
    return result;
}

/* No limit to look at: nothing that a guest can execute reaches the last address. */
static NOINLINE enum decode_result read_flat(const struct regs *regs, struct decoded *d)
{
    struct code code;

    fetch(GVA((uint32_t)regs->rip), &code);
    return unlikely(code.size == 0) ? DECODE_UNKNOWN : decode(&code, false, d);
}

enum decode_result instruction_read(const struct regs *regs, struct decoded *d)
{
    struct code code;

    if (unlikely(regs->cs != FLAT_RING3_CS64))
        return segment_is_flat_code(regs->cs) ? read_flat(regs, d) : read_in_segment(regs, d);
    fetch(GVA(regs->rip), &code);
    return unlikely(code.size == 0) ? DECODE_UNKNOWN : decode(&code, true, d);
}

gva_t instruction_address(const struct regs *regs)
{
    struct segment_view cs;

    if (instruction_is_long(regs) || !segment_get_code(regs, &cs))
        return GVA(regs->rip);
    return GVA((uint32_t)(cs.base + regs->rip));
}

bool instruction_is_long(const struct regs *regs)
{
    struct segment_view cs;

    return regs->cs == FLAT_RING3_CS64 ||
           (!segment_is_flat_code(regs->cs) && segment_get_code(regs, &cs) && cs.is_long);
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

static NOINLINE uint64_t segment_base(const struct regs *regs, const struct decoded *d,
                                      unsigned int which)
{
    struct segment_view s;

    if (which == SEGMENT_FS)
        return rdmsr(MSR_FS_BASE);
    if (which == SEGMENT_GS)
        return rdmsr(MSR_GS_BASE);
    return !d->is_long && segment_get(regs, (enum segment)which, &s) ? s.base : 0;
}

/* offset: cut to the address size. */
static ALWAYS_INLINE gva_t linear_address(const struct regs *regs, const struct decoded *d,
                                          unsigned int which, uint64_t offset)
{
    if (likely(d->is_long && which < SEGMENT_FS))
        return GVA(offset);
    offset += segment_base(regs, d, which);
    return GVA(d->is_long ? offset : (uint32_t)offset);
}

static ALWAYS_INLINE uint64_t operand_offset(struct regs *regs, const struct decoded *d)
{
    const struct memory_operand *memory = &d->memory;
    uint64_t offset = memory->displacement;

    if (memory->base != NO_REGISTER)
        offset += *operand_register(regs, memory->base);
    if (memory->index != NO_REGISTER)
        offset += *operand_register(regs, memory->index) * memory->scale;
    if (memory->rip_relative)
        offset += regs->rip + d->length;
    return alu_cut(offset, d->address_size);
}

gva_t operand_address(struct regs *regs, const struct decoded *d)
{
    return linear_address(regs, d, d->memory.segment, operand_offset(regs, d));
}

bool operand_is_in_segment(struct regs *regs, const struct decoded *d, size_t size, bool write)
{
    struct segment_view s;

    if (d->is_long)
        return true;
    return segment_get(regs, (enum segment)d->memory.segment, &s) &&
           (write ? s.writable : s.readable) &&
           segment_contains(&s, (uint32_t)operand_offset(regs, d), size);
}

gva_t operand_movs_source(const struct regs *regs, const struct decoded *d)
{
    return linear_address(regs, d, d->source_segment, alu_cut(regs->rsi, d->address_size));
}
