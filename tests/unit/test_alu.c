/* SPDX-License-Identifier: MIT */
/*
 * core/alu against the CPU that the test runs on: the same instruction, the same operands, the same
 * result and flags.
 */
#include "unit.h"

#include "core/alu.h"
#include "lib/types.h"

#define FLAGS (ALU_CARRY | ALU_PARITY | ALU_AUXILIARY | ALU_ZERO | ALU_SIGN | ALU_OVERFLOW)
#define LOGIC (FLAGS & ~ALU_AUXILIARY) /* which the CPU leaves undefined there */

/* Runs one instruction with these flags and returns those that it leaves. */
#define RUN_OPERANDS(name, suffix, type, operands)                                          \
    static uint64_t name##_##suffix(uint64_t *destination, uint64_t source, uint64_t flags) \
    {                                                                                       \
        type d = (type)*destination;                                                        \
                                                                                            \
        __asm__("pushq %1\n popfq\n" #name #suffix " " operands "\n pushfq\n"               \
                "popq %1"                                                                   \
                : "+r"(d), "+r"(flags)                                                      \
                : "r"((type)source)                                                         \
                : "cc", "memory");                                                          \
        *destination = d;                                                                   \
        return flags;                                                                       \
    }
#define RUN(name, suffix, type)     RUN_OPERANDS(name, suffix, type, "%2, %0")
#define RUN_ONE(name, suffix, type) RUN_OPERANDS(name, suffix, type, "%0")
#define RUN_LONG(name)              RUN(name, l, uint32_t) RUN(name, q, uint64_t)
#define RUN_WIDE(name)              RUN(name, w, uint16_t) RUN_LONG(name)
#define RUN_ALL(name)               RUN(name, b, uint8_t) RUN_WIDE(name)
#define RUN_UNARY_WIDE(name) \
    RUN_ONE(name, w, uint16_t) RUN_ONE(name, l, uint32_t) RUN_ONE(name, q, uint64_t)
#define RUN_UNARY(name) RUN_ONE(name, b, uint8_t) RUN_UNARY_WIDE(name)

RUN_ALL(add)
RUN_ALL(or)
RUN_ALL(and)
RUN_ALL(sub)
RUN_ALL(xor)
RUN_ALL(adc)
RUN_ALL(sbb)
RUN_UNARY(inc)
RUN_UNARY(dec)
RUN_UNARY(not )
RUN_UNARY(neg)
RUN_WIDE(bts)
RUN_WIDE(btr)
RUN_WIDE(btc)

typedef uint64_t run_fn(uint64_t *destination, uint64_t source, uint64_t flags);

static const struct {
    const char *name;
    enum instruction instruction;
    uint64_t flags;
    run_fn *run[4]; /* 1, 2, 4, 8 bytes */
} operations[] = {
    { "add", INSTRUCTION_ADD, FLAGS, { add_b, add_w, add_l, add_q } },
    { "xadd", INSTRUCTION_XADD, FLAGS, { add_b, add_w, add_l, add_q } },
    { "sub", INSTRUCTION_SUB, FLAGS, { sub_b, sub_w, sub_l, sub_q } },
    { "adc", INSTRUCTION_ADC, FLAGS, { adc_b, adc_w, adc_l, adc_q } },
    { "sbb", INSTRUCTION_SBB, FLAGS, { sbb_b, sbb_w, sbb_l, sbb_q } },
    { "inc", INSTRUCTION_INC, FLAGS, { inc_b, inc_w, inc_l, inc_q } },
    { "dec", INSTRUCTION_DEC, FLAGS, { dec_b, dec_w, dec_l, dec_q } },
    { "not", INSTRUCTION_NOT, FLAGS, { not_b, not_w, not_l, not_q } },
    { "neg", INSTRUCTION_NEG, FLAGS, { neg_b, neg_w, neg_l, neg_q } },
    { "or", INSTRUCTION_OR, LOGIC, { or_b, or_w, or_l, or_q } },
    { "and", INSTRUCTION_AND, LOGIC, { and_b, and_w, and_l, and_q } },
    { "xor", INSTRUCTION_XOR, LOGIC, { xor_b, xor_w, xor_l, xor_q } },
    { "bts", INSTRUCTION_BTS, ALU_CARRY, { NULL, bts_w, bts_l, bts_q } },
    { "btr", INSTRUCTION_BTR, ALU_CARRY, { NULL, btr_w, btr_l, btr_q } },
    { "btc", INSTRUCTION_BTC, ALU_CARRY, { NULL, btc_w, btc_l, btc_q } },
};

static const uint64_t values[] = {
    0,
    1,
    2,
    7,
    8,
    15,
    16,
    0x1f,
    0x3f,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7fff,
    0x8000,
    0xffff,
    0x7fffffff,
    0x80000000,
    0xffffffff,
    0x123456789abcdef0,
    0x7fffffffffffffff,
    0x8000000000000000,
    0xffffffffffffff80,
    0xffffffffffffffff,
};

static void compare(size_t op, unsigned int width, uint64_t a, uint64_t b, uint64_t flags)
{
    unsigned int size = 1u << width;
    uint64_t wanted = a;
    uint64_t wanted_flags = operations[op].run[width](&wanted, b, flags);
    uint64_t got = alu(operations[op].instruction, size, a, b, &flags);

    check_number(operations[op].name, got, alu_cut(wanted, size));
    check_number(operations[op].name, flags & operations[op].flags,
                 wanted_flags & operations[op].flags);
}

static void test_against_cpu(void **state)
{
    (void)state;
    for (size_t op = 0; op < ARRAY_SIZE(operations); op++)
        for (unsigned int width = 0; width < 4; width++)
            for (size_t i = 0; i < ARRAY_SIZE(values) * ARRAY_SIZE(values); i++)
                if (operations[op].run[width] != NULL) {
                    uint64_t a = values[i / ARRAY_SIZE(values)];
                    uint64_t b = values[i % ARRAY_SIZE(values)];

                    compare(op, width, a, b, 0);
                    compare(op, width, a, b, FLAGS);
                }
}

/* Flags that an operation does not set stay as they were. */
static void test_kept_flags(void **state)
{
    uint64_t flags = FLAGS | 0x200;

    (void)state;
    assert_int_equal(alu(INSTRUCTION_MOV, 8, 5, 7, &flags), 7);
    assert_int_equal(flags, FLAGS | 0x200);
    assert_int_equal(alu(INSTRUCTION_XOR, 8, 5, 5, &flags), 0);
    assert_int_equal(flags, ALU_PARITY | ALU_ZERO | ALU_AUXILIARY | 0x200);
    flags = FLAGS;
    assert_int_equal(alu(INSTRUCTION_BTR, 4, 0, 3, &flags), 0);
    assert_int_equal(flags, FLAGS & ~ALU_CARRY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_cpu),
        cmocka_unit_test(test_kept_flags),
    };

    return RUN_TESTS(tests);
}
