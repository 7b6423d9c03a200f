/* SPDX-License-Identifier: MIT */
/*
 * Claim: no entry above L1 may map a superpage, whatever frame it names.
 * Rule: MMU-3, MMU-4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    uint64_t *l1 = table_new(), *l2 = table_new(), *l3 = table_new(), *l4 = table_new();

    if (mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(l1)) || mmuext(MMUEXT_PIN_L2_TABLE, mfn_of(l2)) ||
        mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(l3)) || mmuext(MMUEXT_PIN_L4_TABLE, mfn_of(l4)))
        error("cannot pin empty tables");

    expect(mmu_update(machine_of(&l2[3]), make_entry(l1, PTE_TABLE | PTE_PSE)), -XEN_EINVAL,
           "PSE in an L2 entry that names an L1");
    expect(mmu_update(machine_of(&l2[3]), 0x200000ul | PTE_TABLE | PTE_PSE), -XEN_EINVAL,
           "PSE in an L2 entry that names 2 MiB of the machine");
    expect(mmu_update(machine_of(&l3[3]), make_entry(l2, PTE_TABLE | PTE_PSE)), -XEN_EINVAL,
           "PSE in an L3 entry");
    expect(mmu_update(machine_of(&l4[3]), make_entry(l3, PTE_TABLE | PTE_PSE)), -XEN_EINVAL,
           "PSE in an L4 entry");
    expect(mmu_update(machine_of(&l4[3]), make_entry(l3, PTE_TABLE | PTE_GLOBAL)), -XEN_EINVAL,
           "global bit in an L4 entry");
    expect(mmu_update(machine_of(&l2[3]), make_entry(l1, PTE_TABLE)), 0,
           "the L2 entry without PSE");
    expect(mmu_update(machine_of(&l2[3]), make_entry(l1, PTE_TABLE | PTE_PSE)), -XEN_EINVAL,
           "PSE into an entry that is there");
    expect_hex(l2[3], make_entry(l1, PTE_TABLE), "that entry");
}
