/* SPDX-License-Identifier: MIT */
/*
 * core/descriptor: every type of descriptor, and what it becomes.
 */
#include "unit.h"

#include "core/descriptor.h"
#include "lib/types.h"

#define PRESENT (1UL << 47)
#define SEGMENT (1UL << 44)
#define DPL(n)  ((uint64_t)(n) << 45)
#define TYPE(n) ((uint64_t)(n) << 40)
#define LONG_64 (1UL << 53)

/* A 64-bit call gate's first half: selector, DPL. */
#define GATE(selector) ((uint64_t)(selector) << 16 | PRESENT | TYPE(0xc) | 0x1234)

static void test_cases(void **state)
{
    static const struct {
        const char *name;
        uint64_t descriptor;
        enum rule_id rule;
        uint64_t becomes;
    } cases[] = {
        { "null", 0, RULE_NONE, 0 },
        { "not present, whatever it is", TYPE(0xe) | DPL(1), RULE_NONE, TYPE(0xe) | DPL(1) },
        { "user code", PRESENT | SEGMENT | TYPE(0xb) | DPL(3) | LONG_64, RULE_NONE,
          PRESENT | SEGMENT | TYPE(0xb) | DPL(3) | LONG_64 },
        { "ring 0 code", PRESENT | SEGMENT | TYPE(0xb) | LONG_64, RULE_NONE,
          PRESENT | SEGMENT | TYPE(0xb) | DPL(3) | LONG_64 },
        { "ring 1 data", PRESENT | SEGMENT | TYPE(3) | DPL(1), RULE_NONE,
          PRESENT | SEGMENT | TYPE(3) | DPL(3) },
        { "conforming code", PRESENT | SEGMENT | TYPE(0xe), RULE_NONE,
          PRESENT | SEGMENT | TYPE(0xe) | DPL(3) },
        { "type 0", PRESENT | TYPE(0) | DPL(1), RULE_NONE, PRESENT | TYPE(0) | DPL(1) },
        { "call gate to a guest segment", GATE(0x8) | DPL(2), RULE_NONE, GATE(0xb) },
        { "call gate to the flat code segment", GATE(0xe033), RULE_NONE, GATE(0xe033) },
        { "call gate to the LDT", GATE(0xe00c), RULE_NONE, GATE(0xe00f) },
        { "call gate to the hypervisor's code", GATE(0xe008), RULE_DESC_5, GATE(0xe008) },
        { "call gate with a parameter count", GATE(0x8) | 1UL << 32, RULE_DESC_5,
          GATE(0x8) | 1UL << 32 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        uint64_t descriptor = cases[i].descriptor;

        check_number(cases[i].name, descriptor_check(&descriptor), cases[i].rule);
        check_number(cases[i].name, descriptor, cases[i].becomes);
    }
}

/* All present system types but 0 and the call gate are refused and left alone. */
static void test_system_types(void **state)
{
    (void)state;
    for (unsigned int type = 1; type < 16; type++) {
        uint64_t descriptor = PRESENT | TYPE(type) | DPL(3);

        if (type != 0xc)
            assert_int_equal(descriptor_check(&descriptor), RULE_DESC_5);
    }
}

#define BIG      (1UL << 54)
#define PAGES    (1UL << 55)
#define DATA     (PRESENT | SEGMENT | TYPE(3) | DPL(3))
#define DOWN     (PRESENT | SEGMENT | TYPE(7) | DPL(3))
#define CODE     (PRESENT | SEGMENT | TYPE(0xb) | DPL(3))
#define LIMIT(n) (((n)&0xffffUL) | ((n)&0xf0000UL) << 32)
#define BASE(n)  (((n)&0xffffffUL) << 16 | ((n)&0xff000000UL) << 32)

static void test_segments(void **state)
{
    struct segment_view s;

    (void)state;
    assert_false(descriptor_segment(0, &s));
    assert_false(descriptor_segment(DATA & ~PRESENT, &s));
    assert_false(descriptor_segment(GATE(8), &s));
    assert_true(descriptor_segment(DATA | BIG | LIMIT(0x54321) | BASE(0xfedcba98), &s));
    assert_int_equal(s.base, 0xfedcba98);
    assert_int_equal(s.limit, 0x54321);
    assert_true(s.is_big && s.readable && s.writable && !s.expands_down && !s.is_long);
    assert_true(descriptor_segment(CODE | PAGES | LIMIT(0xfffff), &s));
    assert_int_equal(s.limit, 0xffffffff);
    assert_true(s.readable && !s.writable && !s.is_big && !s.is_long);
    assert_true(descriptor_segment(CODE | LONG_64, &s));
    assert_true(s.is_long);
    assert_true(descriptor_segment(PRESENT | SEGMENT | TYPE(9), &s));
    assert_false(s.readable);
    assert_true(descriptor_segment(PRESENT | SEGMENT | TYPE(1), &s));
    assert_true(s.readable && !s.writable);
}

static void test_limits(void **state)
{
    static const struct {
        const char *name;
        uint64_t descriptor;
        uint32_t offset;
        size_t size;
        bool is_in;
    } cases[] = {
        { "the last byte", DATA | LIMIT(0xfff), 0xfff, 1, true },
        { "beyond it", DATA | LIMIT(0xfff), 0xfff, 2, false },
        { "the end of all", DATA | PAGES | LIMIT(0xfffff), 0xffffffff, 1, true },
        { "around it", DATA | PAGES | LIMIT(0xfffff), 0xffffffff, 2, false },
        { "all of it", CODE | LIMIT(9), 0, 10, true },
        { "down: the limit", DOWN | LIMIT(0xfff), 0xfff, 1, false },
        { "down: above it", DOWN | LIMIT(0xfff), 0x1000, 4, true },
        { "down: 16 bits", DOWN | LIMIT(0xfff), 0xffff, 2, false },
        { "down: 32 bits", DOWN | BIG | LIMIT(0xfff), 0xffff, 2, true },
        { "down: around the end", DOWN | BIG | LIMIT(0xfff), 0xfffffffe, 4, false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct segment_view s;

        assert_true(descriptor_segment(cases[i].descriptor, &s));
        check_number(cases[i].name, segment_contains(&s, cases[i].offset, cases[i].size),
                     cases[i].is_in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_system_types),
        cmocka_unit_test(test_segments),
        cmocka_unit_test(test_limits),
    };

    return RUN_TESTS(tests);
}
