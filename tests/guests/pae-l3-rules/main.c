/* SPDX-License-Identifier: MIT */
/*
 * Claim: a PAE L3 table has four entries, the last of which is there from pin to unpin and does not
 *     change; what stands behind them is made 0. The L2 table of the last one has that use alone:
 *     no pin, no other entry of this or another table. There is no level 4 and no base pointer for
 *     programs; other tables are no base pointer.
 * Rule: MMU-9, MMU-18, MMU-36, MMU-37, MMU-38
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because only PAE has L3 tables of four entries at the top
 */
#include "tests/guests/support/support.h"

static uint64_t *l3, *other, *last, *l2, *l1;

static uint64_t present(const uint64_t *table)
{
    return make_entry(table, PTE_PRESENT);
}

/* A table with these first and last entries, not yet one. */
static void fill(uint64_t *table, uint64_t first, uint64_t fourth)
{
    set_writable(table, true);
    memset(table, 0, PAGE_SIZE);
    table[0] = first;
    table[3] = fourth;
    set_writable(table, false);
}

static long pin_with(uint64_t first, uint64_t fourth)
{
    fill(other, first, fourth);
    return mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(other));
}

static void four_entries(void)
{
    set_writable(l3, true);
    l3[3] = present(last);
    for (unsigned i = 4; i < 512; i++)
        l3[i] = i % 2 ? ~0ull : present(l2);
    set_writable(l3, false);
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(l3)), 0, "pin with something behind the entries");
    for (unsigned i = 4; i < 512; i++)
        expect_hex(l3[i], 0, "entry %u", i);
    for (unsigned i = 0; i < 512; i++) {
        long wanted = i < 3 ? 0 : -XEN_EINVAL;

        expect(mmu_update(machine_of(&l3[i]), present(l2)), wanted, "entry %u", i);
        expect(mmu_update(machine_of(&l3[i]), 0), wanted, "entry %u, absent", i);
    }
    expect(mmu_update(machine_of(&l3[3]), l3[3]), -XEN_EINVAL, "entry 3 as it is");
    expect(mmu_update(machine_of(&l3[3]) | MMU_PT_UPDATE_PRESERVE_AD, l3[3]), -XEN_EINVAL,
           "entry 3 as it is, preserving");
}

static void the_last_one(void)
{
    expect(mmu_update(machine_of(&l3[0]), present(last)), -XEN_EINVAL, "the last L2 as first");
    expect(mmuext(MMUEXT_PIN_L2_TABLE, mfn_of(last)), -XEN_EINVAL, "pin the last L2");
    expect(pin_with(present(l2), present(l2)), -XEN_EINVAL, "one L2 as first and last");
    expect(mmuext(MMUEXT_PIN_L2_TABLE, mfn_of(l2)), 0, "pin another L2");
    expect(pin_with(0, present(l2)), -XEN_EINVAL, "a pinned L2 as last");
    expect(pin_with(present(l2), 0), -XEN_EINVAL, "no last L2");
    expect(pin_with(present(l2), present(l1)), -XEN_EINVAL, "an L1 as last");
    expect(mmu_update(machine_of(&l3[0]), present(l2)), 0, "the pinned L2 as first");
    expect(mmu_update(machine_of(&l3[1]), present(l2)), 0, "and second");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(l2)), 0, "unpin it");
    expect(pin_with(present(l2), 0), -XEN_EINVAL, "no last L2");
}

static void levels(void)
{
    expect(mmuext(MMUEXT_PIN_L4_TABLE, mfn_of(l3)), 0, "pin as L4, which does nothing");
    expect(mmuext(MMUEXT_PIN_L4_TABLE, mfn_of(page_new())), 0, "the same of a plain page");
    expect(mmuext(MMUEXT_PIN_L2_TABLE, mfn_of(l3)), -XEN_EINVAL, "an L3 as L2");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(l3)), -XEN_EINVAL, "an L3 as L1");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of(l3)), -XEN_EINVAL, "a base for programs");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, 0), -XEN_EINVAL, "none for programs");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(l2)), -XEN_EINVAL, "an L2 as base pointer");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(l1)), -XEN_EINVAL, "an L1 as base pointer");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(other)), -XEN_EINVAL, "a bad L3 as base pointer");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of((void *)start_info->pt_base)), 0, "unpin ours");
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of((void *)start_info->pt_base)), 0, "pin ours");
}

/* Last: here the real Xen loses a reference, and the page stays a table for ever. */
static void shared(void)
{
    expect(pin_with(0, present(last)), -XEN_EINVAL, "another table's last L2 as last");
}

void test_main(void)
{
    l3 = table_new();
    other = table_new();
    last = table_new();
    l2 = table_new();
    l1 = table_new();
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(l3)), -XEN_EINVAL, "pin an empty table");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(l1)), 0, "pin an L1");
    four_entries();
    the_last_one();
    levels();
    shared();
}
