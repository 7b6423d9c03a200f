/* SPDX-License-Identifier: MIT */
/*
 * Claim: a frame with a writable mapping cannot become a page table in any way, and a page table
 *     cannot be mapped writable in any way.
 * Rule: MMU-7, MMU-10
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

/* An address with an L1 entry of its own, in the hole of the upper tables made here. */
static uint64_t *l1, *l2;

static void writable_frame_is_no_table(void)
{
    uint64_t *page = page_new(), *root = root_new();

    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(page)), -XEN_EINVAL, "pin a writable page as L1");
    expect(pin_table(TOP_LEVEL, root), -XEN_EINVAL, "pin a writable page as root");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(root)), -XEN_EINVAL, "run on a writable page");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of(root)), -XEN_EINVAL,
           "run user mode on a writable page");
    expect(mmu_update(machine_of(&l2[7]), make_entry(page, PTE_TABLE)), -XEN_EINVAL,
           "hook a writable page into an L2");
}

static void second_mapping_counts(void)
{
    uint64_t *table = table_new();

    /* Mapped read-only at its own place, writable at another. */
    expect(mmu_update(machine_of(&l1[0]), make_entry(table, PTE_RW)), 0, "map it elsewhere too");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), -XEN_EINVAL, "pin it");
    expect(mmu_update(machine_of(&l1[0]), make_entry(table, PTE_RO)), 0, "read-only there too");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin it then");

    expect(map(table, make_entry(table, PTE_RW)), -XEN_EBUSY, "writable by update_va_mapping");
    expect(mmu_update(machine_of(&l1[0]), make_entry(table, PTE_RW)), -XEN_EBUSY,
           "writable by mmu_update");
    expect(mmu_update(machine_of(&l1[0]) | MMU_PT_UPDATE_PRESERVE_AD, make_entry(table, PTE_RW)),
           -XEN_EBUSY, "writable by a preserving update");
    expect(mmuext(MMUEXT_CLEAR_PAGE, mfn_of(table)), -XEN_EINVAL, "cleared as a page");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(table)), 0, "unpin it");
}

/* A whole table with a bad entry is refused, and what was counted before the bad entry is
 * uncounted. */
static void bad_entry_in_a_table(void)
{
    uint64_t *bad = page_new(), *good_leaf = page_new();

    bad[0] = make_entry(good_leaf, PTE_RW);
    bad[1] = make_entry(l1, PTE_RW); /* a table, writable */
    set_writable(bad, false);
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(bad)), -XEN_EBUSY, "pin an L1 that maps a table");
    set_writable(bad, true);
    bad[1] = 0;
    set_writable(bad, false);
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(bad)), 0, "pin it without that entry");
}

void test_main(void)
{
    l1 = table_new();
    l2 = table_new();
    if (mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(l1)) || mmuext(MMUEXT_PIN_L2_TABLE, mfn_of(l2)))
        error("cannot pin empty tables");
    writable_frame_is_no_table();
    second_mapping_counts();
    bad_entry_in_a_table();
}
