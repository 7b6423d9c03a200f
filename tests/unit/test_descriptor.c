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

        check_number(cases[i].name, descriptor_check_64(&descriptor), cases[i].rule);
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
            assert_int_equal(descriptor_check_64(&descriptor), RULE_DESC_5);
    }
}

#define BIG      (1UL << 54)
#define PAGES    (1UL << 55)
#define FLAT_32  (BIG | PAGES)
#define DATA     (PRESENT | SEGMENT | TYPE(3) | DPL(3))
#define DOWN     (PRESENT | SEGMENT | TYPE(7) | DPL(3))
#define CODE     (PRESENT | SEGMENT | TYPE(0xb) | DPL(3))
#define LIMIT(n) (((n)&0xffffUL) | ((n)&0xf0000UL) << 32)
#define BASE(n)  (((n)&0xffffffUL) << 16 | ((n)&0xff000000UL) << 32)

/* Of a 32-bit guest. A limit in pages that ends where older hypervisors began becomes 4 GiB. */
static void test_cases_32(void **state)
{
    static const struct {
        const char *name;
        uint64_t descriptor;
        enum rule_id rule;
        uint64_t becomes;
    } cases[] = {
        { "null", 0, RULE_NONE, 0 },
        { "not present, whatever it is", TYPE(0xe) | LONG_64, RULE_NONE, TYPE(0xe) | LONG_64 },
        { "program's code", CODE | FLAT_32, RULE_NONE, CODE | FLAT_32 },
        { "kernel's data", DATA - DPL(2), RULE_NONE, DATA - DPL(2) },
        { "ring 2 code", CODE - DPL(1), RULE_NONE, CODE - DPL(1) },
        { "ring 0 code", CODE - DPL(3), RULE_NONE, CODE - DPL(2) },
        { "ring 0 data", DATA - DPL(3), RULE_NONE, DATA - DPL(2) },
        { "ring 0 conforming code", PRESENT | SEGMENT | TYPE(0xe), RULE_NONE,
          PRESENT | SEGMENT | TYPE(0xe) | DPL(1) },
        { "64-bit code", CODE | LONG_64, RULE_DESC_13, CODE | LONG_64 },
        { "64-bit conforming code", PRESENT | SEGMENT | TYPE(0xe) | LONG_64, RULE_DESC_13,
          PRESENT | SEGMENT | TYPE(0xe) | LONG_64 },
        { "data with bit L", DATA | LONG_64, RULE_DESC_13, DATA | LONG_64 },
        { "type 0", PRESENT | TYPE(0), RULE_NONE, PRESENT | TYPE(0) },
        { "call gate", GATE(0x9) | DPL(3), RULE_DESC_5, GATE(0x9) | DPL(3) },
        { "call gate of ring 0", GATE(0xe008), RULE_DESC_5, GATE(0xe008) },
        { "flat up to 0xf5800000", DATA | FLAT_32 | LIMIT(0xf57ff), RULE_NONE,
          DATA | FLAT_32 | LIMIT(0xf57ff) },
        { "flat up to 0xf5801000", DATA | FLAT_32 | LIMIT(0xf5800), RULE_NONE,
          DATA | FLAT_32 | LIMIT(0xfffff) },
        { "flat up to 0xf6800000", CODE | FLAT_32 | LIMIT(0xf67ff), RULE_NONE,
          CODE | FLAT_32 | LIMIT(0xfffff) },
        { "the same with a base", DATA | FLAT_32 | LIMIT(0xf67ff) | BASE(1), RULE_NONE,
          DATA | FLAT_32 | LIMIT(0xf67ff) | BASE(1) },
        { "the limit in bytes", DATA | BIG | LIMIT(0xf67ff), RULE_NONE,
          DATA | BIG | LIMIT(0xf67ff) },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        uint64_t descriptor = cases[i].descriptor;

        check_number(cases[i].name, descriptor_check_32(&descriptor), cases[i].rule);
        check_number(cases[i].name, descriptor, cases[i].becomes);
    }
}

/* Whatever is taken: nothing of ring 0, no 64-bit code, no system descriptor. All 32 types with all
 * levels and flags. */
static void test_nothing_dangerous_32(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 1UL << 12; i++) {
        /* Type, S, DPL and P, then AVL, L, D and G. */
        uint64_t descriptor = (i & 0xff) << 40 | (i >> 8) << 52;
        enum rule_id rule = descriptor_check_32(&descriptor);

        if (rule != RULE_NONE || !(descriptor & PRESENT))
            continue;
        assert_false((descriptor & SEGMENT) && (descriptor & LONG_64));
        if (descriptor & SEGMENT)
            assert_true(descriptor & DPL(3));
        else
            assert_false(descriptor & TYPE(0xf));
    }
}

static void test_raise(void **state)
{
    (void)state;
    assert_int_equal(selector_raise(0, 1), 1);
    assert_int_equal(selector_raise(0xe008, 1), 0xe009);
    assert_int_equal(selector_raise(0x62, 1), 0x62);
    assert_int_equal(selector_raise(0x62, 3), 0x63);
    assert_int_equal(selector_raise(0xffff, 3), 0xffff);
    assert_true(selector_is_null(0) && selector_is_null(3));
    assert_false(selector_is_null(4));
}

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
        cmocka_unit_test(test_cases),    cmocka_unit_test(test_system_types),
        cmocka_unit_test(test_cases_32), cmocka_unit_test(test_nothing_dangerous_32),
        cmocka_unit_test(test_raise),    cmocka_unit_test(test_segments),
        cmocka_unit_test(test_limits),
    };

    return RUN_TESTS(tests);
}
