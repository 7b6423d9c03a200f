/* SPDX-License-Identifier: MIT */
/*
 * core/pte: the fields of an entry, and what the CPU makes of a path of entries.
 */
#include "unit.h"

#include "core/pte.h"

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

        assert_true(pte_path_allows(path, true, true, true));
        path[level] = all & ~PTE_WRITABLE;
        assert_false(pte_path_allows(path, true, true, false));
        assert_true(pte_path_allows(path, true, false, true));
        path[level] = all | PTE_NX;
        assert_false(pte_path_allows(path, true, false, true));
        assert_true(pte_path_allows(path, true, true, false));
        /* A kernel's page is for rings 0 to 2. */
        path[level] = all & ~PTE_USER;
        assert_false(pte_path_allows(path, true, false, false));
        assert_true(pte_path_allows(path, false, true, true));
        path[level] = all & ~PTE_PRESENT;
        assert_false(pte_path_allows(path, true, false, false));
        assert_false(pte_path_allows(path, false, false, false));
    }
}

/* From frame number to the CR3 of a 32-bit guest and back. */
static void test_cr3(void **state)
{
    static const struct {
        const char *name;
        uint64_t mfn, cr3;
    } cases[] = {
        { "below 4 GiB", 0x12345, 0x12345000 },    { "the last below", 0xfffff, 0xfffff000 },
        { "the first above", 0x100000, 0x00001 },  { "far above", 0xabc12345, 0x12345abc },
        { "the highest", 0xffffffff, 0xffffffff },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        check_number(cases[i].name, pte_cr3_32(MFN(cases[i].mfn)), cases[i].cr3);
        check_number(cases[i].name, pte_cr3_32_mfn(cases[i].cr3).n, cases[i].mfn);
    }
    /* A register has no more than 32 bits. */
    assert_int_equal(pte_cr3_32_mfn(0xffffffff00005000).n, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_reference),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_cr3),
    };

    return RUN_TESTS(tests);
}
