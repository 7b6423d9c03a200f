/* SPDX-License-Identifier: MIT */
/*
 * Decoding of the instructions that the hypervisor does on a guest's behalf: privileged ones, and
 * stores to page tables. From bytes to a struct, and nothing else: neither registers nor memory are
 * looked at, so the answer depends on nothing that the guest can change meanwhile.
 */
#ifndef CORE_DECODE_H
#define CORE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The CPU refuses longer instructions. */
#define INSTRUCTION_MAX 15

enum instruction {
    INSTRUCTION_UNKNOWN,
    /* privileged, or made so by the hypervisor */
    INSTRUCTION_CPUID,
    INSTRUCTION_RDMSR,
    INSTRUCTION_WRMSR,
    INSTRUCTION_RDTSC,
    INSTRUCTION_RDTSCP,
    INSTRUCTION_RDPMC,
    INSTRUCTION_XGETBV,
    INSTRUCTION_XSETBV,
    INSTRUCTION_READ_CR,
    INSTRUCTION_WRITE_CR,
    INSTRUCTION_READ_DR,
    INSTRUCTION_WRITE_DR,
    INSTRUCTION_CLTS,
    INSTRUCTION_LMSW,
    INSTRUCTION_SMSW, /* this and the next four are privileged where UMIP is on */
    INSTRUCTION_SGDT,
    INSTRUCTION_SIDT,
    INSTRUCTION_SLDT,
    INSTRUCTION_STR,
    INSTRUCTION_LGDT, /* this and the next three are only ever refused, by name */
    INSTRUCTION_LIDT,
    INSTRUCTION_LLDT,
    INSTRUCTION_LTR,
    INSTRUCTION_INVLPG,
    INSTRUCTION_INVD,
    INSTRUCTION_WBINVD,
    INSTRUCTION_CLI,
    INSTRUCTION_STI,
    INSTRUCTION_HLT,
    INSTRUCTION_SYSENTER, /* faults like those above while it is switched off */
    INSTRUCTION_IN,       /* the port is in DX, or the immediate if .has_immediate */
    INSTRUCTION_OUT,
    INSTRUCTION_INS,
    INSTRUCTION_OUTS,
    INSTRUCTION_READ_FSBASE,
    INSTRUCTION_READ_GSBASE,
    INSTRUCTION_WRITE_FSBASE,
    INSTRUCTION_WRITE_GSBASE,
    /* stores */
    INSTRUCTION_MOV,
    INSTRUCTION_XCHG,
    INSTRUCTION_CMPXCHG,
    INSTRUCTION_CMPXCHG8B, /* CMPXCHG16B with an operand size of 16 */
    INSTRUCTION_XADD,
    INSTRUCTION_ADD,
    INSTRUCTION_OR,
    INSTRUCTION_ADC,
    INSTRUCTION_SBB,
    INSTRUCTION_AND,
    INSTRUCTION_SUB,
    INSTRUCTION_XOR,
    INSTRUCTION_INC,
    INSTRUCTION_DEC,
    INSTRUCTION_NOT,
    INSTRUCTION_NEG,
    INSTRUCTION_BTS,
    INSTRUCTION_BTR,
    INSTRUCTION_BTC,
    INSTRUCTION_STOS,
    INSTRUCTION_MOVS, /* .memory is where it stores to */
};

/* Segment registers by the numbers that the CPU gives them. */
enum segment { SEGMENT_ES, SEGMENT_CS, SEGMENT_SS, SEGMENT_DS, SEGMENT_FS, SEGMENT_GS };

#define NO_REGISTER 0xff

/* Address = base + index * scale + displacement, cut to the address size, + the segment's base. */
struct memory_operand {
    uint8_t segment;       /* enum segment: the override, or what the base register implies */
    uint8_t base, index;   /* 0-15, or NO_REGISTER */
    uint8_t scale;         /* 1, 2, 4, 8 */
    bool rip_relative;     /* the base is the address behind the instruction */
    uint64_t displacement; /* sign-extended */
};

struct decoded {
    uint8_t instruction;  /* enum instruction */
    uint8_t length;       /* 1-15 */
    uint8_t operand_size; /* 1, 2, 4, 8; 16 for CMPXCHG16B */
    uint8_t address_size; /* 4, 8; 2: INS and OUTS only */
    uint8_t reg;          /* register operand, control or debug register: 0-15 */
    uint8_t rm;           /* the other register operand, if there is no memory operand */
    bool has_memory;
    bool has_immediate;
    bool lock;
    bool repeat;            /* F2 or F3: counts for the string instructions */
    bool is_long;           /* 64-bit code: all segments but FS and GS are flat */
    bool rex;               /* byte registers 4-7 are SPL-DIL, not AH-BH */
    uint8_t source_segment; /* enum segment: MOVS, of what is at RSI */
    struct memory_operand memory;
    uint64_t immediate; /* sign-extended to 64 bits */
};

enum decode_result {
    DECODE_OK,
    DECODE_TRUNCATED, /* the bytes end before the instruction does */
    DECODE_UNKNOWN,   /* not one of the above, or not an instruction at all */
    DECODE_INVALID,   /* one of the above with a LOCK prefix that it does not take */
};

/* What there is to decode: size bytes, at most INSTRUCTION_MAX, and zeros behind them, so many that
 * the decoder need not look where the end is before it reads on: a number of eight bytes behind the
 * longest beginning. */
struct code {
    union {
        uint8_t bytes[32];
        uint64_t words[4];
    };
    size_t size;
};

/* Of more than INSTRUCTION_MAX bytes the rest is left out. */
void code_set(struct code *code, const uint8_t *bytes, size_t size);

/* long_mode: 64-bit code, else 32-bit code. *d is meaningful only after DECODE_OK. */
enum decode_result decode(const struct code *code, bool long_mode, struct decoded *d);

#endif
