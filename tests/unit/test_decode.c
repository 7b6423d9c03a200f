/* SPDX-License-Identifier: MIT */
/*
 * core/decode: byte strings, as an assembler makes them, and what is in them.
 */
#include "unit.h"

#include "decode_bytes.h"
#include "lib/types.h"

#define CODE(bytes) (const uint8_t *)(bytes), sizeof(bytes) - 1

/* ---- which instruction, how long, operand size, register ---- */

struct simple {
    const char *text;
    const uint8_t *bytes;
    size_t size;
    unsigned int instruction, operand_size, reg;
};

static const struct simple long_cases[] = {
    { "cpuid", CODE("\x0f\xa2"), INSTRUCTION_CPUID, 4, 0 },
    { "rdmsr", CODE("\x0f\x32"), INSTRUCTION_RDMSR, 4, 0 },
    { "wrmsr", CODE("\x0f\x30"), INSTRUCTION_WRMSR, 4, 0 },
    { "rdtsc", CODE("\x0f\x31"), INSTRUCTION_RDTSC, 4, 0 },
    { "rdtscp", CODE("\x0f\x01\xf9"), INSTRUCTION_RDTSCP, 4, 0 },
    { "rdpmc", CODE("\x0f\x33"), INSTRUCTION_RDPMC, 4, 0 },
    { "xgetbv", CODE("\x0f\x01\xd0"), INSTRUCTION_XGETBV, 4, 0 },
    { "xsetbv", CODE("\x0f\x01\xd1"), INSTRUCTION_XSETBV, 4, 0 },
    { "mov %cr0, %rax", CODE("\x0f\x20\xc0"), INSTRUCTION_READ_CR, 8, 0 },
    { "mov %cr8, %r9", CODE("\x45\x0f\x20\xc1"), INSTRUCTION_READ_CR, 8, 8 },
    { "mov %rdi, %cr3", CODE("\x0f\x22\xdf"), INSTRUCTION_WRITE_CR, 8, 3 },
    { "mov %cr4 with mod 0", CODE("\x0f\x20\x25"), INSTRUCTION_READ_CR, 8, 4 },
    { "mov %db7, %rax", CODE("\x0f\x21\xf8"), INSTRUCTION_READ_DR, 8, 7 },
    { "mov %rax, %db6", CODE("\x0f\x23\xf0"), INSTRUCTION_WRITE_DR, 8, 6 },
    { "clts", CODE("\x0f\x06"), INSTRUCTION_CLTS, 4, 0 },
    { "smsw %eax", CODE("\x0f\x01\xe0"), INSTRUCTION_SMSW, 4, 4 },
    { "sldt %eax", CODE("\x0f\x00\xc0"), INSTRUCTION_SLDT, 4, 0 },
    { "str %ax", CODE("\x66\x0f\x00\xc8"), INSTRUCTION_STR, 2, 1 },
    { "lldt %ax", CODE("\x0f\x00\xd0"), INSTRUCTION_LLDT, 4, 2 },
    { "ltr %cx", CODE("\x0f\x00\xd9"), INSTRUCTION_LTR, 4, 3 },
    { "lmsw %ax", CODE("\x0f\x01\xf0"), INSTRUCTION_LMSW, 4, 6 },
    { "invd", CODE("\x0f\x08"), INSTRUCTION_INVD, 4, 0 },
    { "wbinvd", CODE("\x0f\x09"), INSTRUCTION_WBINVD, 4, 0 },
    { "cli", CODE("\xfa"), INSTRUCTION_CLI, 4, 0 },
    { "sti", CODE("\xfb"), INSTRUCTION_STI, 4, 0 },
    { "hlt", CODE("\xf4"), INSTRUCTION_HLT, 4, 0 },
    { "sysenter", CODE("\x0f\x34"), INSTRUCTION_SYSENTER, 4, 0 },
    { "in (%dx), %al", CODE("\xec"), INSTRUCTION_IN, 1, 0 },
    { "in (%dx), %ax", CODE("\x66\xed"), INSTRUCTION_IN, 2, 0 },
    { "in (%dx), %eax", CODE("\xed"), INSTRUCTION_IN, 4, 0 },
    { "rex.w in (%dx), %eax", CODE("\x48\xed"), INSTRUCTION_IN, 4, 0 },
    { "out %al, (%dx)", CODE("\xee"), INSTRUCTION_OUT, 1, 0 },
    { "out %eax, (%dx)", CODE("\xef"), INSTRUCTION_OUT, 4, 0 },
    { "rdfsbase %rax", CODE("\xf3\x48\x0f\xae\xc0"), INSTRUCTION_READ_FSBASE, 8, 0 },
    { "rdgsbase %ecx", CODE("\xf3\x0f\xae\xc9"), INSTRUCTION_READ_GSBASE, 4, 1 },
    { "wrfsbase %r8", CODE("\xf3\x49\x0f\xae\xd0"), INSTRUCTION_WRITE_FSBASE, 8, 2 },
    { "wrgsbase %rdx", CODE("\xf3\x48\x0f\xae\xda"), INSTRUCTION_WRITE_GSBASE, 8, 3 },
    { "xchg %rax, %rbx", CODE("\x48\x87\xd8"), INSTRUCTION_XCHG, 8, 3 },
    { "mov with all prefixes", CODE("\x66\x67\x2e\x3e\x64\xf3\xf2\x89\xd8"), INSTRUCTION_MOV, 2,
      3 },
    { "a REX that does not count", CODE("\x48\x66\x89\xd8"), INSTRUCTION_MOV, 2, 3 },
    { "REX.W wins over 66", CODE("\x66\x48\x89\xd8"), INSTRUCTION_MOV, 8, 3 },
};

static void test_instructions(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(long_cases); i++) {
        const struct simple *c = &long_cases[i];
        struct decoded d;

        check_number(c->text, decode_bytes(c->bytes, c->size, true, &d), DECODE_OK);
        check_number(c->text, d.length, c->size);
        check_number(c->text, d.instruction, c->instruction);
        check_number(c->text, d.operand_size, c->operand_size);
        check_number(c->text, d.reg, c->reg);
        check(c->text, !d.has_memory);
        check(c->text, !d.has_immediate);
    }
}

/* ---- with an immediate ---- */

static void test_immediates(void **state)
{
    static const struct {
        const char *text;
        const uint8_t *bytes;
        size_t size;
        unsigned int instruction, operand_size;
        uint64_t immediate;
    } cases[] = {
        { "in $0x71, %al", CODE("\xe4\x71"), INSTRUCTION_IN, 1, 0x71 },
        { "out %eax, $0x80", CODE("\xe7\x80"), INSTRUCTION_OUT, 4, 0xffffffffffffff80 },
        { "movb $0x81, (%rax)", CODE("\xc6\x00\x81"), INSTRUCTION_MOV, 1, 0xffffffffffffff81 },
        { "movw $0x1234, (%rax)", CODE("\x66\xc7\x00\x34\x12"), INSTRUCTION_MOV, 2, 0x1234 },
        { "movl $0x12345678, (%rax)", CODE("\xc7\x00\x78\x56\x34\x12"), INSTRUCTION_MOV, 4,
          0x12345678 },
        { "movq $-2, (%rax)", CODE("\x48\xc7\x00\xfe\xff\xff\xff"), INSTRUCTION_MOV, 8,
          0xfffffffffffffffe },
        { "andq $~2, (%rdi)", CODE("\x48\x83\x27\xfd"), INSTRUCTION_AND, 8, 0xfffffffffffffffd },
        { "orl $0x800, (%rdi)", CODE("\x81\x0f\x00\x08\x00\x00"), INSTRUCTION_OR, 4, 0x800 },
        { "addq $0x1000, (%rdi)", CODE("\x48\x81\x07\x00\x10\x00\x00"), INSTRUCTION_ADD, 8,
          0x1000 },
        { "subb $1, (%rdi)", CODE("\x80\x2f\x01"), INSTRUCTION_SUB, 1, 1 },
        { "xorq $1, (%rdi)", CODE("\x48\x83\x37\x01"), INSTRUCTION_XOR, 8, 1 },
        { "btsq $63, (%rdi)", CODE("\x48\x0f\xba\x2f\x3f"), INSTRUCTION_BTS, 8, 63 },
        { "lock btrl $1, (%rdi)", CODE("\xf0\x0f\xba\x37\x01"), INSTRUCTION_BTR, 4, 1 },
        { "btcq $2, (%rdi)", CODE("\x48\x0f\xba\x3f\x02"), INSTRUCTION_BTC, 8, 2 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct decoded d;

        check_number(cases[i].text, decode_bytes(cases[i].bytes, cases[i].size, true, &d),
                     DECODE_OK);
        check_number(cases[i].text, d.length, cases[i].size);
        check_number(cases[i].text, d.instruction, cases[i].instruction);
        check_number(cases[i].text, d.operand_size, cases[i].operand_size);
        check(cases[i].text, d.has_immediate);
        check_number(cases[i].text, d.immediate, cases[i].immediate);
    }
}

/* ---- memory operands ---- */

#define NONE NO_REGISTER

struct memory_case {
    const char *text;
    const uint8_t *bytes;
    size_t size;
    unsigned int instruction, operand_size, address_size, reg;
    struct memory_operand m;
};

static const struct memory_case long_memory[] = {
    { "mov %rax, (%rdi)",
      CODE("\x48\x89\x07"),
      INSTRUCTION_MOV,
      8,
      8,
      0,
      { SEGMENT_DS, 7, NONE, 1, false, 0 } },
    { "mov %r9, 8(%r13)",
      CODE("\x4d\x89\x4d\x08"),
      INSTRUCTION_MOV,
      8,
      8,
      9,
      { SEGMENT_DS, 13, NONE, 1, false, 8 } },
    { "mov %eax, -4(%rbp)",
      CODE("\x89\x45\xfc"),
      INSTRUCTION_MOV,
      4,
      8,
      0,
      { SEGMENT_SS, 5, NONE, 1, false, -4UL } },
    { "mov %rcx, (%rsp)",
      CODE("\x48\x89\x0c\x24"),
      INSTRUCTION_MOV,
      8,
      8,
      1,
      { SEGMENT_SS, 4, NONE, 1, false, 0 } },
    { "mov %rcx, 0x10(%r12)",
      CODE("\x49\x89\x4c\x24\x10"),
      INSTRUCTION_MOV,
      8,
      8,
      1,
      { SEGMENT_DS, 12, NONE, 1, false, 0x10 } },
    { "mov %rdx, (%rax,%r12,8)",
      CODE("\x4a\x89\x14\xe0"),
      INSTRUCTION_MOV,
      8,
      8,
      2,
      { SEGMENT_DS, 0, 12, 8, false, 0 } },
    { "mov %rdx, -0x1000(,%rcx,8)",
      CODE("\x48\x89\x14\xcd\x00\xf0\xff\xff"),
      INSTRUCTION_MOV,
      8,
      8,
      2,
      { SEGMENT_DS, NONE, 1, 8, false, -0x1000UL } },
    { "mov %rdx, 0x1000(%rbx,%rcx,2)",
      CODE("\x48\x89\x94\x4b\x00\x10\x00\x00"),
      INSTRUCTION_MOV,
      8,
      8,
      2,
      { SEGMENT_DS, 3, 1, 2, false, 0x1000 } },
    { "mov %rax, 0x1234(%rip)",
      CODE("\x48\x89\x05\x34\x12\x00\x00"),
      INSTRUCTION_MOV,
      8,
      8,
      0,
      { SEGMENT_DS, NONE, NONE, 1, true, 0x1234 } },
    { "mov %rax, %gs:(%rdi)",
      CODE("\x65\x48\x89\x07"),
      INSTRUCTION_MOV,
      8,
      8,
      0,
      { SEGMENT_GS, 7, NONE, 1, false, 0 } },
    { "mov %rax, %es:(%rdi)",
      CODE("\x26\x48\x89\x07"),
      INSTRUCTION_MOV,
      8,
      8,
      0,
      { SEGMENT_DS, 7, NONE, 1, false, 0 } },
    { "mov %rax, (%edi)",
      CODE("\x67\x48\x89\x07"),
      INSTRUCTION_MOV,
      8,
      4,
      0,
      { SEGMENT_DS, 7, NONE, 1, false, 0 } },
    { "movabs %rax, 0xffff...",
      CODE("\x48\xa3\x00\x10\x00\x00\x00\x80\xff\xff"),
      INSTRUCTION_MOV,
      8,
      8,
      0,
      { SEGMENT_DS, NONE, NONE, 1, false, 0xffff800000001000 } },
    { "mov %sil, (%rdi)",
      CODE("\x40\x88\x37"),
      INSTRUCTION_MOV,
      1,
      8,
      6,
      { SEGMENT_DS, 7, NONE, 1, false, 0 } },
    { "xchg %rax, (%rbx)",
      CODE("\x48\x87\x03"),
      INSTRUCTION_XCHG,
      8,
      8,
      0,
      { SEGMENT_DS, 3, NONE, 1, false, 0 } },
    { "lock cmpxchg %rdx, (%rsi)",
      CODE("\xf0\x48\x0f\xb1\x16"),
      INSTRUCTION_CMPXCHG,
      8,
      8,
      2,
      { SEGMENT_DS, 6, NONE, 1, false, 0 } },
    { "lock cmpxchg8b (%rsi)",
      CODE("\xf0\x0f\xc7\x0e"),
      INSTRUCTION_CMPXCHG8B,
      8,
      8,
      1,
      { SEGMENT_DS, 6, NONE, 1, false, 0 } },
    { "cmpxchg16b (%rsi)",
      CODE("\x48\x0f\xc7\x0e"),
      INSTRUCTION_CMPXCHG8B,
      16,
      8,
      1,
      { SEGMENT_DS, 6, NONE, 1, false, 0 } },
    { "lock and %rax, (%rdi)",
      CODE("\xf0\x48\x21\x07"),
      INSTRUCTION_AND,
      8,
      8,
      0,
      { SEGMENT_DS, 7, NONE, 1, false, 0 } },
    { "lock xadd %rax, (%rdi)",
      CODE("\xf0\x48\x0f\xc1\x07"),
      INSTRUCTION_XADD,
      8,
      8,
      0,
      { SEGMENT_DS, 7, NONE, 1, false, 0 } },
    { "lock bts %rax, (%rdi)",
      CODE("\xf0\x48\x0f\xab\x07"),
      INSTRUCTION_BTS,
      8,
      8,
      0,
      { SEGMENT_DS, 7, NONE, 1, false, 0 } },
    { "invlpg (%rax)",
      CODE("\x0f\x01\x38"),
      INSTRUCTION_INVLPG,
      4,
      8,
      7,
      { SEGMENT_DS, 0, NONE, 1, false, 0 } },
    { "smsw (%rax)",
      CODE("\x0f\x01\x20"),
      INSTRUCTION_SMSW,
      4,
      8,
      4,
      { SEGMENT_DS, 0, NONE, 1, false, 0 } },
    { "lgdt (%rax)",
      CODE("\x0f\x01\x10"),
      INSTRUCTION_LGDT,
      4,
      8,
      2,
      { SEGMENT_DS, 0, NONE, 1, false, 0 } },
    { "lidt (%rax)",
      CODE("\x0f\x01\x18"),
      INSTRUCTION_LIDT,
      4,
      8,
      3,
      { SEGMENT_DS, 0, NONE, 1, false, 0 } },
    { "sgdt (%rax)",
      CODE("\x0f\x01\x00"),
      INSTRUCTION_SGDT,
      4,
      8,
      0,
      { SEGMENT_DS, 0, NONE, 1, false, 0 } },
    { "sidt (%rsp)",
      CODE("\x0f\x01\x0c\x24"),
      INSTRUCTION_SIDT,
      4,
      8,
      1,
      { SEGMENT_SS, 4, NONE, 1, false, 0 } },
    { "rep stosq",
      CODE("\xf3\x48\xab"),
      INSTRUCTION_STOS,
      8,
      8,
      0,
      { SEGMENT_ES, 7, NONE, 1, false, 0 } },
    { "rep insl",
      CODE("\xf3\x6d"),
      INSTRUCTION_INS,
      4,
      8,
      0,
      { SEGMENT_ES, 7, NONE, 1, false, 0 } },
    { "fs insb", CODE("\x64\x6c"), INSTRUCTION_INS, 1, 8, 0, { SEGMENT_ES, 7, NONE, 1, false, 0 } },
    { "outsw %fs:(%rsi)",
      CODE("\x64\x66\x6f"),
      INSTRUCTION_OUTS,
      2,
      8,
      0,
      { SEGMENT_FS, 6, NONE, 1, false, 0 } },
};

/* 32-bit code */
static const struct memory_case short_memory[] = {
    { "rep insb (%di)",
      CODE("\xf3\x67\x6c"),
      INSTRUCTION_INS,
      1,
      2,
      0,
      { SEGMENT_ES, 7, NONE, 1, false, 0 } },
    { "mov %eax, (%edi)",
      CODE("\x89\x07"),
      INSTRUCTION_MOV,
      4,
      4,
      0,
      { SEGMENT_DS, 7, NONE, 1, false, 0 } },
    { "mov %eax, 0xc0001000",
      CODE("\xa3\x00\x10\x00\xc0"),
      INSTRUCTION_MOV,
      4,
      4,
      0,
      { SEGMENT_DS, NONE, NONE, 1, false, 0xffffffffc0001000 } },
    { "mov %ecx, 0x1000",
      CODE("\x89\x0d\x00\x10\x00\x00"),
      INSTRUCTION_MOV,
      4,
      4,
      1,
      { SEGMENT_DS, NONE, NONE, 1, false, 0x1000 } },
    { "mov %eax, %es:(%ebp)",
      CODE("\x26\x89\x45\x00"),
      INSTRUCTION_MOV,
      4,
      4,
      0,
      { SEGMENT_ES, 5, NONE, 1, false, 0 } },
    { "lock cmpxchg8b (%esi)",
      CODE("\xf0\x0f\xc7\x0e"),
      INSTRUCTION_CMPXCHG8B,
      8,
      4,
      1,
      { SEGMENT_DS, 6, NONE, 1, false, 0 } },
};

static void check_memory(const struct memory_case *c, bool long_mode)
{
    struct decoded d;

    check_number(c->text, decode_bytes(c->bytes, c->size, long_mode, &d), DECODE_OK);
    check_number(c->text, d.length, c->size);
    check_number(c->text, d.instruction, c->instruction);
    check_number(c->text, d.operand_size, c->operand_size);
    check_number(c->text, d.address_size, c->address_size);
    check_number(c->text, d.reg, c->reg);
    check(c->text, d.has_memory);
    check_number(c->text, d.memory.segment, c->m.segment);
    check_number(c->text, d.memory.base, c->m.base);
    check_number(c->text, d.memory.index, c->m.index);
    check_number(c->text, d.memory.scale, c->m.scale);
    check_number(c->text, d.memory.rip_relative, c->m.rip_relative);
    check_number(c->text, d.memory.displacement, c->m.displacement);
}

static void test_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(long_memory); i++)
        check_memory(&long_memory[i], true);
    for (size_t i = 0; i < ARRAY_SIZE(short_memory); i++)
        check_memory(&short_memory[i], false);
}

/* Each case cut short anywhere is truncated, and bytes behind it change nothing. */
static void test_truncated(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(long_memory); i++) {
        const struct memory_case *c = &long_memory[i];
        uint8_t code[INSTRUCTION_MAX + 1];
        struct decoded d;

        for (size_t size = 0; size < c->size; size++)
            check_number(c->text, decode_bytes(c->bytes, size, true, &d), DECODE_TRUNCATED);
        memset(code, 0xf0, sizeof(code));
        memcpy(code, c->bytes, c->size);
        check_number(c->text, decode_bytes(code, sizeof(code), true, &d), DECODE_OK);
        check_number(c->text, d.length, c->size);
    }
}

static void test_prefixes(void **state)
{
    struct decoded d;

    (void)state;
    assert_int_equal(decode_bytes(CODE("\xf0\x48\x0f\xb1\x16"), true, &d), DECODE_OK);
    assert_true(d.lock && d.rex && !d.repeat);
    assert_int_equal(decode_bytes(CODE("\xf3\x48\xab"), true, &d), DECODE_OK);
    assert_true(d.repeat && d.rex && !d.lock);
    assert_int_equal(decode_bytes(CODE("\x40\x88\x37"), true, &d), DECODE_OK);
    assert_true(d.rex);
    assert_int_equal(
        decode_bytes(CODE("\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x0f\x32"), true,
                     &d),
        DECODE_OK);
    assert_int_equal(d.length, INSTRUCTION_MAX);
    assert_int_equal(decode_bytes(CODE("\x65\x26\x01\x00"), true, &d), DECODE_OK);
    assert_int_equal(d.memory.segment, SEGMENT_GS);
    assert_int_equal(decode_bytes(CODE("\x65\x26\x01\x00"), false, &d), DECODE_OK);
    assert_int_equal(d.memory.segment, SEGMENT_ES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instructions), cmocka_unit_test(test_immediates),
        cmocka_unit_test(test_memory),       cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_prefixes),
    };

    return RUN_TESTS(tests);
}
