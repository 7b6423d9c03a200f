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

/* Runs one instruction with the flags clear and returns those that it sets. */
#define RUN(name, suffix, type)                                             \
    static uint64_t name##_##suffix(uint64_t *destination, uint64_t source) \
    {                                                                       \
        type d = (type)*destination;                                        \
        uint64_t flags;                                                     \
                                                                            \
        __asm__("pushq $0\n popfq\n" #name #suffix " %2, %0\n pushfq\n"     \
                "popq %1"                                                   \
                : "+r"(d), "=r"(flags)                                      \
                : "r"((type)source)                                         \
                : "cc", "memory");                                          \
        *destination = d;                                                   \
        return flags;                                                       \
    }
#define RUN_WIDE(name) RUN(name, w, uint16_t) RUN(name, l, uint32_t) RUN(name, q, uint64_t)
#define RUN_ALL(name)  RUN(name, b, uint8_t) RUN_WIDE(name)

RUN_ALL(add)
RUN_ALL(or)
RUN_ALL(and)
RUN_ALL(sub)
RUN_ALL(xor)
RUN_WIDE(bts)
RUN_WIDE(btr)
RUN_WIDE(btc)

typedef uint64_t run_fn(uint64_t *destination, uint64_t source);

static const struct {
    const char *name;
    enum instruction instruction;
    uint64_t flags;
    run_fn *run[4]; /* 1, 2, 4, 8 bytes */
} operations[] = {
    { "add", INSTRUCTION_ADD, FLAGS, { add_b, add_w, add_l, add_q } },
    { "xadd", INSTRUCTION_XADD, FLAGS, { add_b, add_w, add_l, add_q } },
    { "sub", INSTRUCTION_SUB, FLAGS, { sub_b, sub_w, sub_l, sub_q } },
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

static void compare(size_t op, unsigned int width, uint64_t a, uint64_t b)
{
    unsigned int size = 1u << width;
    uint64_t wanted = a;
    uint64_t wanted_flags = operations[op].run[width](&wanted, b);
    uint64_t flags = 0;
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
                if (operations[op].run[width] != NULL)
                    compare(op, width, values[i / ARRAY_SIZE(values)],
                            values[i % ARRAY_SIZE(values)]);
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
