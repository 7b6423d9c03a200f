/* SPDX-License-Identifier: MIT */
/* One instruction that is made, and what the two widths differ in. */
#ifndef TESTS_GUESTS_RANDOM_STORES_INSTRUCTION_H
#define TESTS_GUESTS_RANDOM_STORES_INSTRUCTION_H

#include "tests/guests/support/support.h"

/* PAIR: no other operand, and always 8 bytes without REX.W. LONG: a register of 4 or 8 bytes. */
enum operands { REGISTER, IMMEDIATE, IMMEDIATE_1, NONE, PAIR, LONG, STRING };

struct form {
    const char *name;
    uint8_t bytes, opcode[2]; /* of operands that are wider than a byte; one less: bytes */
    int8_t extension;         /* in ModRM.reg, or -1 */
    enum operands operands;
    bool lockable, no_byte;
    uint32_t undefined; /* flags */
};

/* One instruction, and where its memory is relative to the table or its model. */
struct instruction {
    const struct form *form;
    uint8_t code[16];
    unsigned length, size;
    uint8_t base, index; /* registers; index 16: none */
    unsigned scale;
    int32_t displacement;
    unsigned offset; /* in the page */
};

/* Where things are in struct frame, by the CPU's number of the register; how many there are; and
 * which one is taken in place of the stack pointer. */
#define PLACE(name) (__builtin_offsetof(struct frame, name) / sizeof(long))
extern const uint8_t place_of[];
extern const unsigned registers, not_sp;

/* What DX is for CMPXCHG8B to find AX and DX in the entry; or CMPXCHG to find AX in it. */
unsigned long upper_half(const struct frame *frame, uint64_t entry);

/* The last prefix, REX. */
void put_prefix_of_width(struct instruction *i, unsigned reg);

void put(struct instruction *i, uint64_t value, unsigned bytes);
unsigned below(unsigned limit);

#endif
