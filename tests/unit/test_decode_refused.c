/* SPDX-License-Identifier: MIT */
/*
 * core/decode: byte strings that it refuses, and how.
 */
#include "unit.h"

#include "decode_bytes.h"
#include "lib/types.h"

#define CODE(bytes) (const uint8_t *)(bytes), sizeof(bytes) - 1

static void test_refused(void **state)
{
    static const struct {
        const char *text;
        const uint8_t *bytes;
        size_t size;
        bool long_mode;
    } cases[] = {
        { "nop", CODE("\x90"), true },
        { "push", CODE("\x50"), true },
        { "movzbl", CODE("\x0f\xb6\x07"), true },
        { "cmpxchg8b of a register", CODE("\x0f\xc7\xc9"), true },
        { "invlpg of a register", CODE("\x0f\x01\xf8"), true },
        { "sgdt of a register", CODE("\x0f\x01\xc0"), true },
        { "verr", CODE("\x0f\x00\xe0"), true },
        { "rdfsbase without F3", CODE("\x0f\xae\xc0"), true },
        { "xgetbv with 66", CODE("\x66\x0f\x01\xd0"), true },
        { "xsetbv with F2", CODE("\xf2\x0f\x01\xd1"), true },
        { "F2 after F3", CODE("\xf3\xf2\x0f\xae\xc0"), true },
        { "fxsave with F3", CODE("\xf3\x0f\xae\x00"), true },
        { "rdfsbase in 32-bit code", CODE("\xf3\x0f\xae\xc0"), false },
        { "inc %eax, no REX in 32-bit code", CODE("\x48\x89\x07"), false },
        { "16-bit address", CODE("\x67\x89\x07"), false },
        { "16-bit address of a string", CODE("\x67\xab"), false },
        { "shl", CODE("\x48\xc1\x27\x01"), true },
        { "cmp", CODE("\x48\x83\x3f\x01"), true },
        { "test", CODE("\xf7\x07\x01\x00\x00\x00"), true },
        { "call", CODE("\xff\x17"), true },
        { "movnti with 66", CODE("\x66\x0f\xc3\x07"), true },
        { "movnti between registers", CODE("\x0f\xc3\xc7"), true },
        { "bt", CODE("\x48\x0f\xba\x27\x01"), true },
        { "16 bytes", CODE("\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x0f\x32"),
          true },
    };
    struct decoded d;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_number(cases[i].text,
                     decode_bytes(cases[i].bytes, cases[i].size, cases[i].long_mode, &d),
                     DECODE_UNKNOWN);
}

/* Those that the CPU refuses for their LOCK prefix. */
static void test_lock(void **state)
{
    static const struct {
        const char *text;
        const uint8_t *bytes;
        size_t size;
        enum decode_result expect;
    } cases[] = {
        { "lock mov", CODE("\xf0\x48\x89\x07"), DECODE_INVALID },
        { "lock rdmsr", CODE("\xf0\x0f\x32"), DECODE_INVALID },
        { "lock insb", CODE("\xf0\x6c"), DECODE_INVALID },
        { "lock add between registers", CODE("\xf0\x48\x01\xc0"), DECODE_INVALID },
        { "lock add to memory", CODE("\xf0\x48\x01\x00"), DECODE_OK },
        { "lock of something else", CODE("\xf0\x90"), DECODE_UNKNOWN },
    };
    struct decoded d;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_number(cases[i].text, decode_bytes(cases[i].bytes, cases[i].size, true, &d),
                     cases[i].expect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_lock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
