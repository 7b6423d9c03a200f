/* SPDX-License-Identifier: MIT */
/*
 * Claim: MMU_MACHPHYS_UPDATE changes the machine-to-physical entry of a frame of the guest's own,
 *     to any value, and of no other.
 * Rule: MMU-23; invariants A5
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static const volatile uint64_t *const m2p = (const volatile uint64_t *)MACH2PHYS_VIRT_START;

static long update(uint64_t mfn, uint64_t pfn)
{
    return mmu_update(mfn * PAGE_SIZE | MMU_MACHPHYS_UPDATE, pfn);
}

void test_main(void)
{
    uint64_t *page = page_new(), *table = table_new();
    uint64_t mfn = mfn_of(page), pfn = m2p[mfn];

    expect(update(mfn, 0x1234), 0, "another number");
    expect_hex(m2p[mfn], 0x1234, "the entry");
    expect(update(mfn, ~0ul), 0, "all ones");
    expect_hex(m2p[mfn], ~0ul, "the entry");
    expect_no_fault(try_write(page, 1), "a write to the page");
    expect(map(page, make_entry(page, PTE_RO)), 0, "a new mapping of the page");
    expect(update(mfn, pfn), 0, "the old number");

    mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table));
    expect(update(mfn_of(table), m2p[mfn_of(table)]), 0, "the entry of a page table");
    expect(update(0xfffffff, 0), -XEN_EINVAL, "the entry of no frame");
    expect_fault(try_write((void *)&m2p[mfn], 5), X_PF, PF_WRITE | PF_PRESENT, "a plain write");
}
