/* SPDX-License-Identifier: MIT */
/*
 * core/pte: which bits an entry may have, and what the hypervisor makes of it.
 */
#include "unit.h"

#include "core/pte.h"

/* What each bit of an otherwise plain present entry leads to at each level. */
static void test_each_bit(void **state)
{
    (void)state;
    for (unsigned int level = 1; level <= 4; level++) {
        for (unsigned int bit = 0; bit < 64; bit++) {
            uint64_t entry = 0x1000 | PTE_PRESENT | 1UL << bit;
            enum rule_id expect = RULE_NONE;

            if (level == 1 && (bit == 3 || bit == 4 || bit == 7))
                expect = RULE_MMU_25;
            else if (level > 1 && level < 4 && bit == 7)
                expect = RULE_MMU_4;
            else if (level > 1 && (bit == 3 || bit == 4 || bit == 7 || bit == 8))
                expect = RULE_MMU_3;
            assert_int_equal(pte_check_bits(entry, level), expect);
        }
    }
    assert_int_equal(pte_bits_rule(PTE_PRESENT, 1), RULE_NONE);
    assert_int_equal(pte_bits_rule(PTE_PRESENT, 2), RULE_NONE);
}

static void test_adjust(void **state)
{
    static const struct {
        const char *name;
        unsigned int level;
        uint64_t entry, expect;
    } cases[] = {
        { "kernel page", 1, PTE_PRESENT | PTE_WRITABLE,
          PTE_PRESENT | PTE_WRITABLE | PTE_USER | PTE_GUEST_KERNEL },
        { "user page", 1, PTE_PRESENT | PTE_USER, PTE_PRESENT | PTE_USER | PTE_GLOBAL },
        { "kernel page once more", 1, PTE_PRESENT | PTE_USER | PTE_GUEST_KERNEL,
          PTE_PRESENT | PTE_USER | PTE_GUEST_KERNEL },
        { "kernel page, global", 1, PTE_PRESENT | PTE_GLOBAL,
          PTE_PRESENT | PTE_GLOBAL | PTE_USER | PTE_GUEST_KERNEL },
        { "L2", 2, PTE_PRESENT, PTE_PRESENT | PTE_USER },
        { "L3", 3, PTE_PRESENT | PTE_NX, PTE_PRESENT | PTE_NX | PTE_USER },
        { "L4", 4, PTE_PRESENT | PTE_USER, PTE_PRESENT | PTE_USER | PTE_ACCESSED },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        check_number(cases[i].name, pte_adjust(cases[i].entry, cases[i].level), cases[i].expect);
    }
}

static void test_same_reference(void **state)
{
    const uint64_t entry = 0x5000 | PTE_PRESENT | PTE_WRITABLE | PTE_USER;

    (void)state;
    assert_true(pte_same_reference(entry, entry));
    assert_true(pte_same_reference(entry, entry | PTE_ACCESSED | PTE_DIRTY | PTE_GLOBAL));
    assert_true(pte_same_reference(entry, entry | PTE_NX | PTE_SOFT_HIGH | PTE_AVAILABLE));
    assert_true(pte_same_reference(entry, entry & ~PTE_USER));
    assert_false(pte_same_reference(entry, entry & ~PTE_WRITABLE));
    assert_false(pte_same_reference(entry, entry & ~PTE_PRESENT));
    assert_false(pte_same_reference(entry, entry + 0x1000));
    assert_false(pte_same_reference(entry, entry | PTE_PCD));
}

static void test_slots(void **state)
{
    (void)state;
    assert_true(pte_slot_is_guests(255, 4));
    assert_false(pte_slot_is_guests(256, 4));
    assert_false(pte_slot_is_guests(271, 4));
    assert_true(pte_slot_is_guests(272, 4));
    assert_true(pte_slot_is_guests(511, 4));
    assert_true(pte_slot_is_guests(256, 3));
    assert_true(pte_slot_is_guests(256, 1));
}

static void test_addresses(void **state)
{
    (void)state;
    assert_true(guest_address_ok(0));
    assert_true(guest_address_ok(0x00007fffffffffff));
    assert_false(guest_address_ok(0x0000800000000000));
    assert_false(guest_address_ok(0xffff7fffffffffff));
    assert_false(guest_address_ok(0xffff800000000000));
    assert_false(guest_address_ok(0xffff87ffffffffff));
    assert_true(guest_address_ok(0xffff880000000000));
    assert_true(guest_address_ok(UINT64_MAX));
}

static void test_fields(void **state)
{
    const uint64_t address = 0xffffe8a5b3c4d678;

    (void)state;
    assert_int_equal(pte_mfn(0x8000123456789fff).n, 0x123456789 & 0xffffffffff);
    assert_int_equal(pte_index(address, 4), (address >> 39) & 511);
    assert_int_equal(pte_index(address, 1), (address >> 12) & 511);
    assert_true(pte_is_present(PTE_PRESENT));
    assert_false(pte_is_present(~PTE_PRESENT));
}

static void test_paths(void **state)
{
    static const uint64_t all = PTE_PRESENT | PTE_USER | PTE_WRITABLE | PTE_ADDRESS;

    (void)state;
    for (unsigned int level = 0; level < 4; level++) {
        uint64_t path[4] = { all, all, all, all };

        assert_true(pte_path_allows(path, true, true));
        path[level] = all & ~PTE_WRITABLE;
        assert_false(pte_path_allows(path, true, false));
        assert_true(pte_path_allows(path, false, true));
        path[level] = all | PTE_NX;
        assert_false(pte_path_allows(path, false, true));
        assert_true(pte_path_allows(path, true, false));
        path[level] = all & ~PTE_USER;
        assert_false(pte_path_allows(path, false, false));
        path[level] = all & ~PTE_PRESENT;
        assert_false(pte_path_allows(path, false, false));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_bit),       cmocka_unit_test(test_adjust),
        cmocka_unit_test(test_same_reference), cmocka_unit_test(test_slots),
        cmocka_unit_test(test_addresses),      cmocka_unit_test(test_fields),
        cmocka_unit_test(test_paths),
    };

    return RUN_TESTS(tests);
}
