/* SPDX-License-Identifier: MIT */
/*
 * The decoder is three tables and a cursor. A table entry says which instruction an opcode byte is
 * and what follows it; opcodes that the ModRM byte tells apart lead to a group, a table of eight.
 * What is not in the tables is unknown: only a handful of instructions ever needs emulation.
 */
#include "core/decode.h"

#include "lib/compiler.h"
#include "lib/string.h"
#include "lib/types.h"

/* What follows the opcode byte, and what the operands are. */
#define MODRM     0x0001 /* register and memory operand */
#define BYTES     0x0002 /* operands of one byte */
#define IMM8      0x0004 /* an immediate of one byte */
#define IMM       0x0008 /* an immediate of the operand size, at most four bytes */
#define MEMORY    0x0010 /* not with two registers */
#define REGISTERS 0x0020 /* only with two registers */
#define NATURAL   0x0040 /* MOV CR and DR: registers whatever ModRM.mod says, of the mode's size */
#define GROUP     0x0080 /* .instruction is an enum group; ModRM.reg chooses */
#define LOCKABLE  0x0100 /* LOCK is allowed with a memory operand */
#define PORT      0x0200 /* operands of at most four bytes */
#define OFFSET    0x0400 /* a memory operand that is an address in the instruction itself */
#define STRING    0x0800 /* a memory operand at RDI or RSI */
#define F3_ONLY   0x1000 /* the F3 prefix is part of the opcode */
#define LONG_ONLY 0x2000 /* not in 32-bit code */
#define PLAIN     0x4000 /* not with 66, F2 or F3: these make another opcode of it */
#define PREFIX    0x8000 /* no opcode; a REX prefix is one in 32-bit code, but none of ours */

/* What most opcodes do without, and nobody need ask about them one by one. */
#define ODD_SIZE   (BYTES | NATURAL | PORT | MEMORY)
#define CONDITIONS (MEMORY | REGISTERS | F3_ONLY | LONG_ONLY | PLAIN)

/* All zero: unknown. */
struct opcode {
    uint8_t instruction; /* enum instruction, or enum group if the form says so */
    uint16_t form;       /* the bits above */
};

/* Named after the opcode, or what its members have in common. */
enum group {
    GROUP_IMM_BYTES,
    GROUP_IMM,
    GROUP_IMM8,
    GROUP_MOV_BYTES,
    GROUP_MOV,
    GROUP_UNARY_BYTES,
    GROUP_UNARY,
    GROUP_INC_BYTES,
    GROUP_INC,
    GROUP_00,
    GROUP_01, /* 0f 01 with a memory operand; LMSW and SMSW with a register too */
    GROUP_AE,
    GROUP_BIT,
    GROUP_C7,
    GROUPS
};

/* The usual forms: a store that may be locked, the same of one byte, the four moves from and to the
 * FS and GS bases. */
#define STORE   (MODRM | LOCKABLE)
#define STORE_1 (STORE | BYTES)
#define BASE    (MODRM | REGISTERS | F3_ONLY | LONG_ONLY)

#define ARITHMETIC(form)                                                  \
    {                                                                     \
        [0] = { INSTRUCTION_ADD, form }, [1] = { INSTRUCTION_OR, form },  \
        [2] = { INSTRUCTION_ADC, form }, [3] = { INSTRUCTION_SBB, form }, \
        [4] = { INSTRUCTION_AND, form }, [5] = { INSTRUCTION_SUB, form }, \
        [6] = { INSTRUCTION_XOR, form },                                  \
    }

static const struct opcode groups[GROUPS][8] = {
    [GROUP_IMM_BYTES] = ARITHMETIC(STORE_1 | IMM8),
    [GROUP_IMM] = ARITHMETIC(STORE | IMM),
    [GROUP_IMM8] = ARITHMETIC(STORE | IMM8),
    [GROUP_MOV_BYTES] = { [0] = { INSTRUCTION_MOV, MODRM | BYTES | IMM8 } },
    [GROUP_MOV] = { [0] = { INSTRUCTION_MOV, MODRM | IMM } },
    [GROUP_UNARY_BYTES] = {
        [2] = { INSTRUCTION_NOT, STORE_1 },
        [3] = { INSTRUCTION_NEG, STORE_1 },
    },
    [GROUP_UNARY] = { [2] = { INSTRUCTION_NOT, STORE }, [3] = { INSTRUCTION_NEG, STORE } },
    [GROUP_INC_BYTES] = { [0] = { INSTRUCTION_INC, STORE_1 }, [1] = { INSTRUCTION_DEC, STORE_1 } },
    [GROUP_INC] = { [0] = { INSTRUCTION_INC, STORE }, [1] = { INSTRUCTION_DEC, STORE } },
    [GROUP_00] = {
        [0] = { INSTRUCTION_SLDT, MODRM },
        [1] = { INSTRUCTION_STR, MODRM },
        [2] = { INSTRUCTION_LLDT, MODRM },
        [3] = { INSTRUCTION_LTR, MODRM },
    },
    [GROUP_01] = {
        [0] = { INSTRUCTION_SGDT, MODRM | MEMORY },
        [1] = { INSTRUCTION_SIDT, MODRM | MEMORY },
        [2] = { INSTRUCTION_LGDT, MODRM | MEMORY },
        [3] = { INSTRUCTION_LIDT, MODRM | MEMORY },
        [4] = { INSTRUCTION_SMSW, MODRM },
        [6] = { INSTRUCTION_LMSW, MODRM },
        [7] = { INSTRUCTION_INVLPG, MODRM | MEMORY },
    },
    [GROUP_AE] = {
        [0] = { INSTRUCTION_READ_FSBASE, BASE },
        [1] = { INSTRUCTION_READ_GSBASE, BASE },
        [2] = { INSTRUCTION_WRITE_FSBASE, BASE },
        [3] = { INSTRUCTION_WRITE_GSBASE, BASE },
    },
    [GROUP_BIT] = {
        [5] = { INSTRUCTION_BTS, STORE | IMM8 },
        [6] = { INSTRUCTION_BTR, STORE | IMM8 },
        [7] = { INSTRUCTION_BTC, STORE | IMM8 },
    },
    [GROUP_C7] = { [1] = { INSTRUCTION_CMPXCHG8B, MODRM | MEMORY | LOCKABLE } },
};

/* Opcodes of one byte. Stores to memory only: loads from a page table need no help. Shifts are left
 * out, as no kernel changes an entry by them. */
static const struct opcode plain[256] = {
    [0x00] = { INSTRUCTION_ADD, STORE_1 },
    [0x01] = { INSTRUCTION_ADD, STORE },
    [0x08] = { INSTRUCTION_OR, STORE_1 },
    [0x09] = { INSTRUCTION_OR, STORE },
    [0x10] = { INSTRUCTION_ADC, STORE_1 },
    [0x11] = { INSTRUCTION_ADC, STORE },
    [0x18] = { INSTRUCTION_SBB, STORE_1 },
    [0x19] = { INSTRUCTION_SBB, STORE },
    [0x20] = { INSTRUCTION_AND, STORE_1 },
    [0x21] = { INSTRUCTION_AND, STORE },
    [0x26] = { .form = PREFIX },
    [0x28] = { INSTRUCTION_SUB, STORE_1 },
    [0x29] = { INSTRUCTION_SUB, STORE },
    [0x2e] = { .form = PREFIX },
    [0x30] = { INSTRUCTION_XOR, STORE_1 },
    [0x31] = { INSTRUCTION_XOR, STORE },
    [0x36] = { .form = PREFIX },
    [0x3e] = { .form = PREFIX },
    [0x40 ... 0x4f] = { .form = PREFIX },
    [0x64 ... 0x67] = { .form = PREFIX },
    [0x6c] = { INSTRUCTION_INS, STRING | PORT | BYTES },
    [0x6d] = { INSTRUCTION_INS, STRING | PORT },
    [0x6e] = { INSTRUCTION_OUTS, STRING | PORT | BYTES },
    [0x6f] = { INSTRUCTION_OUTS, STRING | PORT },
    [0x80] = { GROUP_IMM_BYTES, GROUP },
    [0x81] = { GROUP_IMM, GROUP },
    [0x83] = { GROUP_IMM8, GROUP },
    [0x86] = { INSTRUCTION_XCHG, STORE_1 },
    [0x87] = { INSTRUCTION_XCHG, STORE },
    [0x88] = { INSTRUCTION_MOV, MODRM | BYTES },
    [0x89] = { INSTRUCTION_MOV, MODRM },
    [0xa2] = { INSTRUCTION_MOV, OFFSET | BYTES },
    [0xa3] = { INSTRUCTION_MOV, OFFSET },
    [0xa4] = { INSTRUCTION_MOVS, STRING | BYTES },
    [0xa5] = { INSTRUCTION_MOVS, STRING },
    [0xaa] = { INSTRUCTION_STOS, STRING | BYTES },
    [0xab] = { INSTRUCTION_STOS, STRING },
    [0xc6] = { GROUP_MOV_BYTES, GROUP },
    [0xc7] = { GROUP_MOV, GROUP },
    [0xe4] = { INSTRUCTION_IN, IMM8 | PORT | BYTES },
    [0xe5] = { INSTRUCTION_IN, IMM8 | PORT },
    [0xe6] = { INSTRUCTION_OUT, IMM8 | PORT | BYTES },
    [0xe7] = { INSTRUCTION_OUT, IMM8 | PORT },
    [0xec] = { INSTRUCTION_IN, PORT | BYTES },
    [0xed] = { INSTRUCTION_IN, PORT },
    [0xee] = { INSTRUCTION_OUT, PORT | BYTES },
    [0xef] = { INSTRUCTION_OUT, PORT },
    [0xf0] = { .form = PREFIX },
    [0xf2] = { .form = PREFIX },
    [0xf3] = { .form = PREFIX },
    [0xf4] = { INSTRUCTION_HLT, 0 },
    [0xf6] = { GROUP_UNARY_BYTES, GROUP },
    [0xf7] = { GROUP_UNARY, GROUP },
    [0xfa] = { INSTRUCTION_CLI, 0 },
    [0xfb] = { INSTRUCTION_STI, 0 },
    [0xfe] = { GROUP_INC_BYTES, GROUP },
    [0xff] = { GROUP_INC, GROUP },
};

/* Opcodes behind 0f. Those with more bytes (0f 38, 0f 3a) are not among them. */
static const struct opcode extended[256] = {
    [0x00] = { GROUP_00, GROUP },
    [0x01] = { GROUP_01, GROUP },
    [0x06] = { INSTRUCTION_CLTS, 0 },
    [0x08] = { INSTRUCTION_INVD, 0 },
    [0x09] = { INSTRUCTION_WBINVD, 0 },
    [0x20] = { INSTRUCTION_READ_CR, MODRM | REGISTERS | NATURAL },
    [0x21] = { INSTRUCTION_READ_DR, MODRM | REGISTERS | NATURAL },
    [0x22] = { INSTRUCTION_WRITE_CR, MODRM | REGISTERS | NATURAL },
    [0x23] = { INSTRUCTION_WRITE_DR, MODRM | REGISTERS | NATURAL },
    [0x30] = { INSTRUCTION_WRMSR, 0 },
    [0x31] = { INSTRUCTION_RDTSC, 0 },
    [0x32] = { INSTRUCTION_RDMSR, 0 },
    [0x33] = { INSTRUCTION_RDPMC, 0 },
    [0x34] = { INSTRUCTION_SYSENTER, 0 },
    [0xa2] = { INSTRUCTION_CPUID, 0 },
    [0xab] = { INSTRUCTION_BTS, STORE },
    [0xae] = { GROUP_AE, GROUP },
    [0xb0] = { INSTRUCTION_CMPXCHG, STORE_1 },
    [0xb1] = { INSTRUCTION_CMPXCHG, STORE },
    [0xb3] = { INSTRUCTION_BTR, STORE },
    [0xba] = { GROUP_BIT, GROUP },
    [0xbb] = { INSTRUCTION_BTC, STORE },
    [0xc0] = { INSTRUCTION_XADD, STORE_1 },
    [0xc1] = { INSTRUCTION_XADD, STORE },
    [0xc3] = { INSTRUCTION_MOV, MODRM | MEMORY | PLAIN }, /* MOVNTI: past the caches */
    [0xc7] = { GROUP_C7, GROUP },
};

/* What the prefixes said. */
struct prefixes {
    uint8_t segment; /* enum segment, or NO_REGISTER */
    bool operand_size, address_size, lock;
    bool repeat, repeat_f3;
};

/* Where the decoder is. It never looks for the end: behind it are zeros, and in the end it is seen
 * whether there were enough bytes. */
struct cursor {
    const uint8_t *at;
    bool long_mode;
    uint8_t rex;
    struct prefixes *prefixes;
};

#define REX_B 1
#define REX_X 2
#define REX_R 4
#define REX_W 8

static inline uint8_t take(struct cursor *c)
{
    return *c->at++;
}

/* Eight bytes from anywhere on. */
struct code_word {
    uint64_t n;
} PACKED;

/* A little-endian number of 1, 2, 4 or 8 bytes, sign-extended. */
static inline uint64_t take_number(struct cursor *c, unsigned int size)
{
    unsigned int shift = 64 - 8 * size;
    uint64_t word = ((const struct code_word *)(const void *)c->at)->n;

    c->at += size;
    return (uint64_t)((int64_t)(word << shift) >> shift);
}

/* 64-bit code has no segments but FS and GS: prefixes of the others are as if they were not there.
 */
static void override_segment(struct prefixes *p, bool long_mode, enum segment segment)
{
    if (!long_mode || segment >= SEGMENT_FS)
        p->segment = (uint8_t)segment;
}

/* All but REX. False: it is none. Of several segment prefixes, and of F2 and F3, the last counts,
 * as in the CPU. */
static NOINLINE bool take_prefix(struct prefixes *p, bool long_mode, uint8_t byte)
{
    switch (byte) {
    case 0x26: override_segment(p, long_mode, SEGMENT_ES); break;
    case 0x2e: override_segment(p, long_mode, SEGMENT_CS); break;
    case 0x36: override_segment(p, long_mode, SEGMENT_SS); break;
    case 0x3e: override_segment(p, long_mode, SEGMENT_DS); break;
    case 0x64: override_segment(p, long_mode, SEGMENT_FS); break;
    case 0x65: override_segment(p, long_mode, SEGMENT_GS); break;
    case 0x66: p->operand_size = true; break;
    case 0x67: p->address_size = true; break;
    case 0xf0: p->lock = true; break;
    case 0xf2:
    case 0xf3:
        p->repeat = true;
        p->repeat_f3 = byte == 0xf3;
        break;
    default: return false;
    }
    return true;
}

/* All prefixes; returns the first byte of the opcode. REX counts only right before it. Ends at the
 * zeros at the latest. */
static inline uint8_t take_prefixes(struct cursor *c)
{
    uint8_t byte = take(c);

    while (plain[byte].form & PREFIX) {
        if (c->long_mode && (byte & 0xf0) == 0x40)
            c->rex = byte;
        else if (take_prefix(c->prefixes, c->long_mode, byte))
            c->rex = 0;
        else
            break;
        byte = take(c);
    }
    return byte;
}

/* The byte behind ModRM that some memory operands have. */
static void take_sib(struct cursor *c, struct memory_operand *m, unsigned int mod,
                     unsigned int *disp)
{
    uint8_t sib = take(c);
    unsigned int index = (sib >> 3 & 7) | (c->rex & REX_X ? 8 : 0);

    m->scale = (uint8_t)(1 << (sib >> 6));
    m->index = index == 4 ? NO_REGISTER : (uint8_t)index;
    if ((sib & 7) == 5 && mod == 0) {
        m->base = NO_REGISTER;
        *disp = 4;
        return;
    }
    m->base = (uint8_t)((sib & 7) | (c->rex & REX_B ? 8 : 0));
}

/* RSP and RBP, but not R12 and R13, point into the stack. */
static uint8_t segment_of(const struct cursor *c, const struct memory_operand *m)
{
    bool stack = m->base == 4 || m->base == 5;

    if (c->prefixes->segment != NO_REGISTER)
        return c->prefixes->segment;
    return stack ? SEGMENT_SS : SEGMENT_DS;
}

/* The memory operand of ModRM: with a SIB byte where the base would be RSP; without a base, but
 * with four bytes of displacement, where it would be RBP and mod is 0. REX.B does not change which
 * of these. */
static void take_memory(struct cursor *c, struct memory_operand *m, uint8_t modrm)
{
    unsigned int mod = modrm >> 6;
    unsigned int disp = mod == 1 ? 1 : mod == 2 ? 4 : 0;

    m->base = m->index = NO_REGISTER;
    m->scale = 1;
    if ((modrm & 7) == 4) {
        take_sib(c, m, mod, &disp);
    } else if (mod == 0 && (modrm & 7) == 5) {
        m->rip_relative = c->long_mode;
        disp = 4;
    } else {
        m->base = (uint8_t)((modrm & 7) | (c->rex & REX_B ? 8 : 0));
    }
    m->segment = segment_of(c, m);
    if (disp != 0)
        m->displacement = take_number(c, disp);
}

/* 0f 01 with two registers: the whole byte is the opcode. */
static struct opcode system_instruction(uint8_t modrm)
{
    switch (modrm) {
    case 0xd0: return (struct opcode){ INSTRUCTION_XGETBV, PLAIN };
    case 0xd1: return (struct opcode){ INSTRUCTION_XSETBV, PLAIN };
    case 0xf9: return (struct opcode){ INSTRUCTION_RDTSCP, 0 };
    default: return (struct opcode){ INSTRUCTION_UNKNOWN, 0 };
    }
}

/* The opcode, and the ModRM byte where there is one. */
static struct opcode take_opcode(struct cursor *c, uint8_t *modrm)
{
    uint8_t byte = take_prefixes(c);
    const struct opcode *o = &plain[byte];
    enum group group;

    if (byte == 0x0f)
        o = &extended[take(c)];
    if (o->form & (MODRM | GROUP))
        *modrm = take(c);
    if (!(o->form & GROUP))
        return *o;
    group = o->instruction;
    if (group == GROUP_01 && system_instruction(*modrm).instruction != INSTRUCTION_UNKNOWN)
        return system_instruction(*modrm);
    return groups[group][*modrm >> 3 & 7];
}

/* In bytes. Defaults of both modes are the same: 4, or 2 with the 66 prefix; REX.W beats that. */
static uint8_t operand_size(const struct cursor *c, struct opcode o)
{
    bool wide = c->rex & REX_W;

    if (unlikely(o.form & ODD_SIZE)) {
        if (o.instruction == INSTRUCTION_CMPXCHG8B)
            return wide ? 16 : 8;
        if (o.form & BYTES)
            return 1;
        if (o.form & NATURAL)
            return c->long_mode ? 8 : 4;
        if (wide && (o.form & PORT))
            return 4;
    }
    if (wide)
        return 8;
    return c->prefixes->operand_size ? 2 : 4;
}

/* The operand of the string instructions; MOVS has another one, at RSI. */
static void string_operand(const struct cursor *c, struct decoded *d)
{
    bool source = d->instruction == INSTRUCTION_OUTS;

    d->memory.base = source ? 6 : 7;
    d->memory.index = NO_REGISTER;
    d->memory.scale = 1;
    d->source_segment = segment_of(c, &d->memory);
    /* What is at RDI is always in ES. */
    d->memory.segment = source ? d->source_segment : SEGMENT_ES;
}

/* In the order of the bytes: SIB and displacement, then the immediate. An address in the
 * instruction has as many bytes as addresses have; an immediate never more than four. */
static void take_operands(struct cursor *c, struct decoded *d, unsigned int form, uint8_t modrm)
{
    if (form & MODRM) {
        d->reg = (uint8_t)((modrm >> 3 & 7) | (c->rex & REX_R ? 8 : 0));
        d->rm = (uint8_t)((modrm & 7) | (c->rex & REX_B ? 8 : 0));
        d->has_memory = modrm < 0xc0 && !(form & NATURAL);
        if (d->has_memory)
            take_memory(c, &d->memory, modrm);
    } else if (form & STRING) {
        d->has_memory = true;
        string_operand(c, d);
    } else if (form & OFFSET) {
        d->has_memory = true;
        d->memory.base = d->memory.index = NO_REGISTER;
        d->memory.scale = 1;
        d->memory.segment = segment_of(c, &d->memory);
        d->memory.displacement = take_number(c, d->address_size);
    }
    d->has_immediate = form & (IMM8 | IMM);
    if (form & IMM8)
        d->immediate = take_number(c, 1);
    else if (form & IMM)
        d->immediate = take_number(c, d->operand_size < 4 ? d->operand_size : 4);
}

/* What the CPU would refuse with an invalid opcode is refused here, too: a guest that gets that
 * exception from the CPU must not get another answer from emulation. */
static bool conditions_met(const struct cursor *c, const struct decoded *d, unsigned int form)
{
    if ((form & LONG_ONLY) && !c->long_mode)
        return false;
    if (((form & MEMORY) && !d->has_memory) || ((form & REGISTERS) && d->has_memory))
        return false;
    if ((form & F3_ONLY) && !c->prefixes->repeat_f3)
        return false;
    return !((form & PLAIN) && (c->prefixes->operand_size || c->prefixes->repeat));
}

void code_set(struct code *code, const uint8_t *bytes, size_t size)
{
    size = min(size, (size_t)INSTRUCTION_MAX);
    *code = (struct code){ .size = size };
    memcpy(code->bytes, bytes, code->size);
}

enum decode_result decode(const struct code *code, bool long_mode, struct decoded *d)
{
    struct prefixes prefixes = { .segment = NO_REGISTER };
    struct cursor c = { code->bytes, long_mode, 0, &prefixes };
    uint8_t modrm = 0;
    struct opcode o;

    *d = (struct decoded){ 0 };
    o = take_opcode(&c, &modrm);
    d->instruction = o.instruction;
    d->lock = prefixes.lock;
    d->repeat = prefixes.repeat;
    d->is_long = long_mode;
    d->rex = c.rex != 0;
    d->operand_size = operand_size(&c, o);
    d->address_size = (uint8_t)((long_mode ? 8 : 4) >> prefixes.address_size);
    take_operands(&c, d, o.form, modrm);
    d->length = (uint8_t)(c.at - code->bytes);
    /* At 15 bytes more would not help: the CPU takes no longer ones. */
    if (d->length > code->size)
        return code->size < INSTRUCTION_MAX ? DECODE_TRUNCATED : DECODE_UNKNOWN;
    if (d->instruction == INSTRUCTION_UNKNOWN)
        return DECODE_UNKNOWN;
    if (unlikely(o.form & CONDITIONS) && !conditions_met(&c, d, o.form))
        return DECODE_UNKNOWN;
    /* No kernel uses addresses of 16 bits; INS and OUTS are for programs, too. */
    if (d->address_size == 2 && d->has_memory && !(o.form & PORT))
        return DECODE_UNKNOWN;
    if (d->lock && !((o.form & LOCKABLE) && d->has_memory))
        return DECODE_INVALID;
    return DECODE_OK;
}
