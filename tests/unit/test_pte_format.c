/* SPDX-License-Identifier: MIT */
/*
 * core/pte_format: which bits an entry may have at each width, what the hypervisor makes of it, and
 * which entries are the guest's.
 */
#include "unit.h"

#include "core/pte_format.h"

static const struct {
    const char *name;
    const struct pte_format *f;
    enum frame_type type;
} tables[] = {
    { "L1, 64 bits", &pte_format_64, FRAME_L1 },
    { "L2, 64 bits", &pte_format_64, FRAME_L2 },
    { "L3, 64 bits", &pte_format_64, FRAME_L3 },
    { "L4, 64 bits", &pte_format_64, FRAME_L4 },
    { "L1, 32 bits", &pte_format_32, FRAME_L1 },
    { "L2, 32 bits", &pte_format_32, FRAME_L2 },
    { "last L2, 32 bits", &pte_format_32, FRAME_L2_LAST },
    { "L3, 32 bits", &pte_format_32, FRAME_L3 },
};

/* What each bit of an otherwise plain present entry leads to. */
static enum rule_id expected(size_t table, unsigned int bit)
{
    enum frame_type type = tables[table].type;

    if (type == FRAME_L1)
        return bit == 3 || bit == 4 || bit == 7 ? RULE_MMU_25 : RULE_NONE;
    if (bit == 7)
        return type == FRAME_L4 ? RULE_MMU_3 : RULE_MMU_4;
    if (bit == 3 || bit == 4 || bit == 8)
        return RULE_MMU_3;
    if (type == FRAME_L3 && tables[table].f == &pte_format_32 && bit >= 52)
        return RULE_MMU_3;
    return RULE_NONE;
}

static void test_each_bit(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
        for (unsigned int bit = 0; bit < 64; bit++)
            check_number(
                tables[i].name,
                pte_check_bits(tables[i].f, tables[i].type, 0x1000 | PTE_PRESENT | 1UL << bit),
                expected(i, bit));
        check_number(tables[i].name, pte_bits_rule(tables[i].f, tables[i].type, PTE_PRESENT),
                     RULE_NONE);
    }
}

static void test_adjust(void **state)
{
    static const struct {
        const char *name;
        const struct pte_format *f;
        enum frame_type type;
        uint64_t entry, expect;
    } cases[] = {
        { "kernel page", &pte_format_64, FRAME_L1, PTE_PRESENT | PTE_WRITABLE,
          PTE_PRESENT | PTE_WRITABLE | PTE_USER | PTE_GUEST_KERNEL },
        { "user page", &pte_format_64, FRAME_L1, PTE_PRESENT | PTE_USER,
          PTE_PRESENT | PTE_USER | PTE_GLOBAL },
        { "kernel page once more", &pte_format_64, FRAME_L1,
          PTE_PRESENT | PTE_USER | PTE_GUEST_KERNEL, PTE_PRESENT | PTE_USER | PTE_GUEST_KERNEL },
        { "kernel page, global", &pte_format_64, FRAME_L1, PTE_PRESENT | PTE_GLOBAL,
          PTE_PRESENT | PTE_GLOBAL | PTE_USER | PTE_GUEST_KERNEL },
        { "L2", &pte_format_64, FRAME_L2, PTE_PRESENT, PTE_PRESENT | PTE_USER },
        { "L3", &pte_format_64, FRAME_L3, PTE_PRESENT | PTE_NX, PTE_PRESENT | PTE_NX | PTE_USER },
        { "L4", &pte_format_64, FRAME_L4, PTE_PRESENT | PTE_USER,
          PTE_PRESENT | PTE_USER | PTE_ACCESSED },
        { "PAE kernel page", &pte_format_32, FRAME_L1, PTE_PRESENT, PTE_PRESENT },
        { "PAE user page", &pte_format_32, FRAME_L1, PTE_PRESENT | PTE_USER,
          PTE_PRESENT | PTE_USER },
        { "PAE L2", &pte_format_32, FRAME_L2, PTE_PRESENT, PTE_PRESENT },
        { "PAE last L2", &pte_format_32, FRAME_L2_LAST, PTE_PRESENT, PTE_PRESENT },
        { "PAE L3", &pte_format_32, FRAME_L3, PTE_PRESENT, PTE_PRESENT | PTE_WRITABLE | PTE_USER },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_number(cases[i].name, pte_adjust(cases[i].f, cases[i].type, cases[i].entry),
                     cases[i].expect);
}

/* The first and last entry that is the guest's or the hypervisor's, and what a change of it breaks.
 */
static void test_slots(void **state)
{
    static const struct {
        const char *name;
        const struct pte_format *f;
        enum frame_type type;
        unsigned int index;
        bool guests;
        enum rule_id rule;
    } cases[] = {
        { "L4, last of the lower half", &pte_format_64, FRAME_L4, 255, true, RULE_NONE },
        { "L4, the M2P", &pte_format_64, FRAME_L4, 256, false, RULE_MMU_12 },
        { "L4, hypervisor's last", &pte_format_64, FRAME_L4, 271, false, RULE_MMU_12 },
        { "L4, behind it", &pte_format_64, FRAME_L4, 272, true, RULE_NONE },
        { "L4, the last", &pte_format_64, FRAME_L4, 511, true, RULE_NONE },
        { "L3", &pte_format_64, FRAME_L3, 256, true, RULE_NONE },
        { "L1", &pte_format_64, FRAME_L1, 256, true, RULE_NONE },
        { "PAE L3, 2", &pte_format_32, FRAME_L3, 2, true, RULE_NONE },
        { "PAE L3, 3", &pte_format_32, FRAME_L3, 3, true, RULE_MMU_36 },
        { "PAE L3, 4", &pte_format_32, FRAME_L3, 4, false, RULE_MMU_36 },
        { "PAE L3, 511", &pte_format_32, FRAME_L3, 511, false, RULE_MMU_36 },
        { "last L2, 427", &pte_format_32, FRAME_L2_LAST, 427, true, RULE_NONE },
        { "last L2, 428", &pte_format_32, FRAME_L2_LAST, 428, false, RULE_MMU_35 },
        { "last L2, 511", &pte_format_32, FRAME_L2_LAST, 511, false, RULE_MMU_35 },
        { "PAE L2, 511", &pte_format_32, FRAME_L2, 511, true, RULE_NONE },
        { "PAE L1, 511", &pte_format_32, FRAME_L1, 511, true, RULE_NONE },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        check_number(cases[i].name, pte_slot_is_guests(cases[i].f, cases[i].type, cases[i].index),
                     cases[i].guests);
        check_number(cases[i].name, pte_slot_rule(cases[i].f, cases[i].type, cases[i].index),
                     cases[i].rule);
    }
}

static void test_children(void **state)
{
    (void)state;
    assert_int_equal(pte_child(&pte_format_64, FRAME_L4, 3), FRAME_L3);
    assert_int_equal(pte_child(&pte_format_64, FRAME_L3, 3), FRAME_L2);
    assert_int_equal(pte_child(&pte_format_64, FRAME_L2, 3), FRAME_L1);
    assert_int_equal(pte_child(&pte_format_64, FRAME_L1, 3), FRAME_NONE);
    assert_int_equal(pte_child(&pte_format_32, FRAME_L3, 2), FRAME_L2);
    assert_int_equal(pte_child(&pte_format_32, FRAME_L3, 3), FRAME_L2_LAST);
    assert_int_equal(pte_child(&pte_format_32, FRAME_L2, 3), FRAME_L1);
    assert_int_equal(pte_child(&pte_format_32, FRAME_L2_LAST, 3), FRAME_L1);
    assert_int_equal(pte_child(&pte_format_32, FRAME_L1, 3), FRAME_NONE);
    assert_int_equal(pte_format_64.root, FRAME_L4);
    assert_int_equal(pte_format_32.root, FRAME_L3);
}

static void test_addresses(void **state)
{
    static const struct {
        uint64_t address;
        bool ok_64, ok_32;
    } cases[] = {
        { 0, true, true },
        { 0xf57fffff, true, true },
        { 0xf5800000, true, false },
        { 0xffffffff, true, false },
        { 0x100000000, true, false },
        { 0x00007fffffffffff, true, false },
        { 0x0000800000000000, false, false },
        { 0xffff7fffffffffff, false, false },
        { 0xffff800000000000, false, false },
        { 0xffff87ffffffffff, false, false },
        { 0xffff880000000000, true, false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_int_equal(pte_address_ok(&pte_format_64, cases[i].address), cases[i].ok_64);
        assert_int_equal(pte_address_ok(&pte_format_32, cases[i].address), cases[i].ok_32);
    }
    assert_true(pte_address_ok(&pte_format_64, UINT64_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_bit),  cmocka_unit_test(test_adjust),
        cmocka_unit_test(test_slots),     cmocka_unit_test(test_children),
        cmocka_unit_test(test_addresses),
    };

    return RUN_TESTS(tests);
}
