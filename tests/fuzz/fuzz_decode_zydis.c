/* SPDX-License-Identifier: MIT */
/*
 * core/decode against a second decoder, Zydis: what ours takes the other one takes too, with the
 * same length, operands and prefixes; what ours refuses is no instruction, or none that is
 * emulated, or refused for one of the reasons in is_left_out().
 *
 * The decoder's tables are data: how much of them was tried does not show in the coverage that
 * leads the fuzzer. So the first byte of the input says which mode it is and what the instruction
 * begins with, that each opcode is met soon; the rest are its bytes.
 */
#include <Zydis/Zydis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alu.h"
#include "tests/unit/decode_bytes.h"
#include "lib/types.h"

/* The same instruction by both decoders. */
struct pair {
    const uint8_t *bytes;
    size_t size;
    bool long_mode;
    struct decoded ours;
    ZydisDecodedInstruction theirs;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

static void fail(const struct pair *p, const char *what)
{
    fprintf(stderr, "%s-bit code", p->long_mode ? "64" : "32");
    for (size_t i = 0; i < p->size && i < INSTRUCTION_MAX; i++)
        fprintf(stderr, " %02x", p->bytes[i]);
    fprintf(stderr, ": %s (%s)\n", what, ZydisMnemonicGetString(p->theirs.mnemonic));
    abort();
}

static void check(const struct pair *p, bool same, const char *what)
{
    if (!same)
        fail(p, what);
}

/* ---- which instruction ---- */

struct name {
    uint8_t instruction;
    ZydisMnemonic mnemonic;
};

static const struct name names[] = {
    { INSTRUCTION_CPUID, ZYDIS_MNEMONIC_CPUID },
    { INSTRUCTION_RDMSR, ZYDIS_MNEMONIC_RDMSR },
    { INSTRUCTION_WRMSR, ZYDIS_MNEMONIC_WRMSR },
    { INSTRUCTION_RDTSC, ZYDIS_MNEMONIC_RDTSC },
    { INSTRUCTION_RDTSCP, ZYDIS_MNEMONIC_RDTSCP },
    { INSTRUCTION_RDPMC, ZYDIS_MNEMONIC_RDPMC },
    { INSTRUCTION_XGETBV, ZYDIS_MNEMONIC_XGETBV },
    { INSTRUCTION_XSETBV, ZYDIS_MNEMONIC_XSETBV },
    { INSTRUCTION_READ_CR, ZYDIS_MNEMONIC_MOV },
    { INSTRUCTION_WRITE_CR, ZYDIS_MNEMONIC_MOV },
    { INSTRUCTION_READ_DR, ZYDIS_MNEMONIC_MOV },
    { INSTRUCTION_WRITE_DR, ZYDIS_MNEMONIC_MOV },
    { INSTRUCTION_CLTS, ZYDIS_MNEMONIC_CLTS },
    { INSTRUCTION_LMSW, ZYDIS_MNEMONIC_LMSW },
    { INSTRUCTION_SMSW, ZYDIS_MNEMONIC_SMSW },
    { INSTRUCTION_SGDT, ZYDIS_MNEMONIC_SGDT },
    { INSTRUCTION_SIDT, ZYDIS_MNEMONIC_SIDT },
    { INSTRUCTION_SLDT, ZYDIS_MNEMONIC_SLDT },
    { INSTRUCTION_STR, ZYDIS_MNEMONIC_STR },
    { INSTRUCTION_LGDT, ZYDIS_MNEMONIC_LGDT },
    { INSTRUCTION_LIDT, ZYDIS_MNEMONIC_LIDT },
    { INSTRUCTION_LLDT, ZYDIS_MNEMONIC_LLDT },
    { INSTRUCTION_LTR, ZYDIS_MNEMONIC_LTR },
    { INSTRUCTION_INVLPG, ZYDIS_MNEMONIC_INVLPG },
    { INSTRUCTION_INVD, ZYDIS_MNEMONIC_INVD },
    { INSTRUCTION_WBINVD, ZYDIS_MNEMONIC_WBINVD },
    { INSTRUCTION_CLI, ZYDIS_MNEMONIC_CLI },
    { INSTRUCTION_STI, ZYDIS_MNEMONIC_STI },
    { INSTRUCTION_HLT, ZYDIS_MNEMONIC_HLT },
    { INSTRUCTION_SYSENTER, ZYDIS_MNEMONIC_SYSENTER },
    { INSTRUCTION_IN, ZYDIS_MNEMONIC_IN },
    { INSTRUCTION_OUT, ZYDIS_MNEMONIC_OUT },
    { INSTRUCTION_INS, ZYDIS_MNEMONIC_INSB },
    { INSTRUCTION_INS, ZYDIS_MNEMONIC_INSW },
    { INSTRUCTION_INS, ZYDIS_MNEMONIC_INSD },
    { INSTRUCTION_OUTS, ZYDIS_MNEMONIC_OUTSB },
    { INSTRUCTION_OUTS, ZYDIS_MNEMONIC_OUTSW },
    { INSTRUCTION_OUTS, ZYDIS_MNEMONIC_OUTSD },
    { INSTRUCTION_READ_FSBASE, ZYDIS_MNEMONIC_RDFSBASE },
    { INSTRUCTION_READ_GSBASE, ZYDIS_MNEMONIC_RDGSBASE },
    { INSTRUCTION_WRITE_FSBASE, ZYDIS_MNEMONIC_WRFSBASE },
    { INSTRUCTION_WRITE_GSBASE, ZYDIS_MNEMONIC_WRGSBASE },
    { INSTRUCTION_MOV, ZYDIS_MNEMONIC_MOV },
    { INSTRUCTION_MOV, ZYDIS_MNEMONIC_MOVNTI },
    { INSTRUCTION_XCHG, ZYDIS_MNEMONIC_XCHG },
    { INSTRUCTION_CMPXCHG, ZYDIS_MNEMONIC_CMPXCHG },
    { INSTRUCTION_CMPXCHG8B, ZYDIS_MNEMONIC_CMPXCHG8B },
    { INSTRUCTION_CMPXCHG8B, ZYDIS_MNEMONIC_CMPXCHG16B },
    { INSTRUCTION_XADD, ZYDIS_MNEMONIC_XADD },
    { INSTRUCTION_ADD, ZYDIS_MNEMONIC_ADD },
    { INSTRUCTION_OR, ZYDIS_MNEMONIC_OR },
    { INSTRUCTION_ADC, ZYDIS_MNEMONIC_ADC },
    { INSTRUCTION_SBB, ZYDIS_MNEMONIC_SBB },
    { INSTRUCTION_AND, ZYDIS_MNEMONIC_AND },
    { INSTRUCTION_SUB, ZYDIS_MNEMONIC_SUB },
    { INSTRUCTION_XOR, ZYDIS_MNEMONIC_XOR },
    { INSTRUCTION_INC, ZYDIS_MNEMONIC_INC },
    { INSTRUCTION_DEC, ZYDIS_MNEMONIC_DEC },
    { INSTRUCTION_NOT, ZYDIS_MNEMONIC_NOT },
    { INSTRUCTION_NEG, ZYDIS_MNEMONIC_NEG },
    { INSTRUCTION_BTS, ZYDIS_MNEMONIC_BTS },
    { INSTRUCTION_BTR, ZYDIS_MNEMONIC_BTR },
    { INSTRUCTION_BTC, ZYDIS_MNEMONIC_BTC },
    { INSTRUCTION_STOS, ZYDIS_MNEMONIC_STOSB },
    { INSTRUCTION_STOS, ZYDIS_MNEMONIC_STOSW },
    { INSTRUCTION_STOS, ZYDIS_MNEMONIC_STOSD },
    { INSTRUCTION_STOS, ZYDIS_MNEMONIC_STOSQ },
    { INSTRUCTION_MOVS, ZYDIS_MNEMONIC_MOVSB },
    { INSTRUCTION_MOVS, ZYDIS_MNEMONIC_MOVSW },
    { INSTRUCTION_MOVS, ZYDIS_MNEMONIC_MOVSD },
    { INSTRUCTION_MOVS, ZYDIS_MNEMONIC_MOVSQ },
};

static bool is_same_instruction(const struct pair *p)
{
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        if (names[i].instruction == p->ours.instruction && names[i].mnemonic == p->theirs.mnemonic)
            return true;
    return false;
}

static bool is_emulated(ZydisMnemonic mnemonic)
{
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        if (names[i].mnemonic == mnemonic)
            return true;
    return false;
}

/* ---- operands ---- */

/* NO_REGISTER for none. */
static uint8_t number_of(ZydisRegister reg)
{
    if (reg == ZYDIS_REGISTER_NONE)
        return NO_REGISTER;
    /* Zydis counts SPL to DIL behind BH. */
    if (reg >= ZYDIS_REGISTER_AL && reg <= ZYDIS_REGISTER_BH)
        return (uint8_t)(reg - ZYDIS_REGISTER_AL);
    if (reg >= ZYDIS_REGISTER_SPL && reg <= ZYDIS_REGISTER_R15B)
        return (uint8_t)(reg - ZYDIS_REGISTER_SPL + 4);
    return (uint8_t)ZydisRegisterGetId(reg);
}

static bool is_string(const struct decoded *d)
{
    return d->instruction == INSTRUCTION_INS || d->instruction == INSTRUCTION_OUTS ||
           d->instruction == INSTRUCTION_STOS || d->instruction == INSTRUCTION_MOVS;
}

/* Without a displacement (mod 0), a SIB byte whose base is 5 means none, and four bytes of
 * displacement, whatever REX.B says (Intel SDM volume 2, table 2-5). Zydis 4.0 takes R13D without
 * them if addresses have 32 bits and REX.B is set; its length counts them, though. */
static bool has_wrong_base(const struct memory_operand *ours, unsigned int address_size,
                           const ZydisDecodedOperandMem *theirs)
{
    return ours->base == NO_REGISTER && address_size == 4 && theirs->base == ZYDIS_REGISTER_R13D &&
           !theirs->disp.has_displacement;
}

static void check_memory(const struct pair *p, const ZydisDecodedOperandMem *theirs)
{
    const struct memory_operand *ours = &p->ours.memory;
    bool rip = theirs->base == ZYDIS_REGISTER_RIP || theirs->base == ZYDIS_REGISTER_EIP;
    uint64_t displacement = theirs->disp.has_displacement ? (uint64_t)theirs->disp.value : 0;

    check(p, p->ours.has_memory, "a memory operand");
    check(p, p->ours.address_size * 8 == p->theirs.address_width, "the address size");
    check(p, ours->rip_relative == rip, "relative to RIP");
    if (!rip && !has_wrong_base(ours, p->ours.address_size, theirs))
        check(p, ours->base == number_of(theirs->base), "the base");
    check(p, ours->index == number_of(theirs->index), "the index");
    if (theirs->index != ZYDIS_REGISTER_NONE)
        check(p, ours->scale == theirs->scale, "the scale");
    check(p,
          has_wrong_base(ours, p->ours.address_size, theirs) ||
              alu_cut(ours->displacement, p->ours.address_size) ==
                  alu_cut(displacement, p->ours.address_size),
          "the displacement");
    check(p, ours->segment == ZydisRegisterGetId(theirs->segment), "the segment");
}

/* Those whose operand's size is the operation's. */
static bool has_size(const struct decoded *d)
{
    switch ((enum instruction)d->instruction) {
    case INSTRUCTION_SGDT:
    case INSTRUCTION_SIDT:
    case INSTRUCTION_LGDT:
    case INSTRUCTION_LIDT:
    case INSTRUCTION_LLDT:
    case INSTRUCTION_LTR:
    case INSTRUCTION_INVLPG: return false;
    case INSTRUCTION_SMSW:
    case INSTRUCTION_LMSW:
    case INSTRUCTION_SLDT:
    case INSTRUCTION_STR: return !d->has_memory && d->instruction != INSTRUCTION_LMSW;
    default: return true;
    }
}

static void check_register(const struct pair *p, const ZydisDecodedOperand *o)
{
    uint8_t number = number_of(o->reg.value);

    check(p, number == (o->encoding == ZYDIS_OPERAND_ENCODING_MODRM_RM ? p->ours.rm : p->ours.reg),
          "a register");
}

/* The number of a port or of a bit has no sign, and one byte. */
static unsigned int immediate_size(const struct decoded *d)
{
    switch ((enum instruction)d->instruction) {
    case INSTRUCTION_IN:
    case INSTRUCTION_OUT:
    case INSTRUCTION_BTS:
    case INSTRUCTION_BTR:
    case INSTRUCTION_BTC: return 1;
    default: return d->operand_size;
    }
}

static bool same_immediate(const struct decoded *d, uint64_t theirs)
{
    unsigned int size = immediate_size(d);

    return d->has_immediate && alu_cut(d->immediate, size) == alu_cut(theirs, size);
}

static void check_operand(const struct pair *p, const ZydisDecodedOperand *o)
{
    bool is_modrm = o->encoding == ZYDIS_OPERAND_ENCODING_MODRM_RM ||
                    o->encoding == ZYDIS_OPERAND_ENCODING_MODRM_REG;

    if (o->type == ZYDIS_OPERAND_TYPE_MEMORY && p->ours.instruction == INSTRUCTION_MOVS &&
        o != p->operands)
        check(p, p->ours.source_segment == ZydisRegisterGetId(o->mem.segment),
              "the segment of the source");
    else if (o->type == ZYDIS_OPERAND_TYPE_MEMORY)
        check_memory(p, &o->mem);
    if (o->type == ZYDIS_OPERAND_TYPE_REGISTER && is_modrm)
        check_register(p, o);
    if (o->type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
        check(p, same_immediate(&p->ours, o->imm.value.u), "the immediate");
    if (o == p->operands && o->type != ZYDIS_OPERAND_TYPE_IMMEDIATE &&
        p->ours.instruction != INSTRUCTION_OUT && p->theirs.operand_count_visible > 0 &&
        has_size(&p->ours))
        check(p, p->ours.operand_size * 8 == o->size, "the operand size");
}

static void compare(const struct pair *p)
{
    const ZydisInstructionAttributes repeats =
        ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE;
    bool memory = false, immediate = false;

    check(p, is_same_instruction(p), "another instruction");
    check(p, p->ours.length == p->theirs.length, "the length");
    check(p, p->ours.lock == ((p->theirs.attributes & ZYDIS_ATTRIB_HAS_LOCK) != 0), "LOCK");
    if (is_string(&p->ours))
        check(p, p->ours.repeat == ((p->theirs.attributes & repeats) != 0), "REP");
    for (unsigned int i = 0; i < p->theirs.operand_count; i++) {
        const ZydisDecodedOperand *o = &p->operands[i];

        memory |= o->type == ZYDIS_OPERAND_TYPE_MEMORY;
        immediate |= o->type == ZYDIS_OPERAND_TYPE_IMMEDIATE;
        check_operand(p, o);
    }
    check(p, p->ours.has_memory == memory, "a memory operand of ours only");
    check(p, p->ours.has_immediate == immediate, "an immediate of ours only");
}

/* ---- what is left out ---- */

/* Of instructions that are emulated these forms are not, and why. */
static bool is_left_out(const struct pair *p)
{
    const ZydisDecodedInstruction *t = &p->theirs;

    /* No kernel uses addresses of 16 bits. */
    if (t->address_width == 16)
        return true;
    /* MOVSD of SSE, which has its name from the string instruction's. */
    if (t->mnemonic == ZYDIS_MNEMONIC_MOVSD && t->opcode_map != ZYDIS_OPCODE_MAP_DEFAULT)
        return true;
    if (t->opcode_map == ZYDIS_OPCODE_MAP_DEFAULT)
        switch (t->opcode) {
        /* To a register: a page table is not written. */
        case 0x02 ... 0x05:
        case 0x0a ... 0x0d:
        case 0x12 ... 0x15:
        case 0x1a ... 0x1d:
        case 0x22 ... 0x25:
        case 0x2a ... 0x2d:
        case 0x32 ... 0x35:
        case 0x40 ... 0x4f: /* in 32-bit code */
        case 0x8a ... 0x8b:
        case 0x90 ... 0x97:
        case 0xa0 ... 0xa1:
        case 0xb0 ... 0xbf:
        /* From and to segment registers. */
        case 0x8c:
        case 0x8e: return true;
        /* Another name of 0x80 in 32-bit code, which no assembler makes. */
        case 0x82: return true;
        default: break;
        }
    return false;
}

/* Control and debug registers that there are not: the emulation refuses them itself. */
static bool names_no_register(const struct decoded *d)
{
    switch ((enum instruction)d->instruction) {
    case INSTRUCTION_READ_CR:
    case INSTRUCTION_WRITE_CR: return d->reg == 1 || (d->reg > 4 && d->reg != 8);
    case INSTRUCTION_READ_DR:
    case INSTRUCTION_WRITE_DR: return d->reg > 7;
    default: return false;
    }
}

static void second_opinion(struct pair *p, enum decode_result result)
{
    ZydisDecoder decoder;
    ZyanStatus status;

    ZydisDecoderInit(&decoder,
                     p->long_mode ? ZYDIS_MACHINE_MODE_LONG_64 : ZYDIS_MACHINE_MODE_LONG_COMPAT_32,
                     p->long_mode ? ZYDIS_STACK_WIDTH_64 : ZYDIS_STACK_WIDTH_32);
    status = ZydisDecoderDecodeFull(&decoder, p->bytes, p->size, &p->theirs, p->operands);
    if (ZYAN_SUCCESS(status) && result == DECODE_OK)
        compare(p);
    else if (ZYAN_SUCCESS(status))
        check(p, !is_emulated(p->theirs.mnemonic) || is_left_out(p), "refused");
    else
        check(p, result != DECODE_OK || names_no_register(&p->ours), "taken, but it is none");
}

#define IN_LONG_MODE 0x80 /* of the first byte of the input; the others choose from beginnings */

static const struct {
    uint8_t size, bytes[4];
} beginnings[] = {
    { 0, { 0 } },          { 1, { 0x0f } },       { 1, { 0x66 } },
    { 2, { 0x66, 0x0f } }, { 1, { 0xf3 } },       { 2, { 0xf3, 0x0f } },
    { 1, { 0xf2 } },       { 2, { 0xf2, 0x0f } }, { 1, { 0xf0 } },
    { 2, { 0xf0, 0x0f } }, { 1, { 0x67 } },       { 2, { 0x67, 0x0f } },
    { 1, { 0x48 } },       { 2, { 0x48, 0x0f } }, { 1, { 0x41 } },
    { 2, { 0x45, 0x0f } }, { 1, { 0x4a } },       { 2, { 0x4f, 0x0f } },
    { 2, { 0x66, 0x48 } }, { 2, { 0x48, 0x66 } }, { 2, { 0x64, 0x48 } },
    { 2, { 0x65, 0x0f } }, { 2, { 0x65, 0x26 } }, { 3, { 0x2e, 0x48, 0x0f } },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t code[INSTRUCTION_MAX + 1] = { 0 };
    size_t begin, rest;
    struct pair p = { .bytes = code };

    if (size < 2)
        return 0;
    p.long_mode = data[0] & IN_LONG_MODE;
    begin = (data[0] & ~IN_LONG_MODE) % ARRAY_SIZE(beginnings);
    memcpy(code, beginnings[begin].bytes, beginnings[begin].size);
    rest = sizeof(code) - beginnings[begin].size;
    if (rest > size - 1)
        rest = size - 1;
    memcpy(code + beginnings[begin].size, data + 1, rest);
    p.size = beginnings[begin].size + rest;
    second_opinion(&p, decode_bytes(code, p.size, p.long_mode, &p.ours));
    return 0;
}
