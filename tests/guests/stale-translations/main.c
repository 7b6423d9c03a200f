/* SPDX-License-Identifier: MIT */
/*
 * Claim: a writable translation that the guest did not flush is gone by the time its frame becomes
 *     a page table.
 * Rule: invariants A4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

/* Writes by a mapping that only the TLB still has as writable. */
static void becomes_table(unsigned pin)
{
    uint64_t *page = page_new(), value;
    struct fault f;

    *page = 0; /* the translation is cached now */
    expect(mmu_update(entry_machine(page, 1), make_entry(page, PTE_RO)), 0, "read-only, no flush");
    expect(mmuext(pin, mfn_of(page)), 0, "pin it");
    f = TRY("mov" W " %1, 1(%0)", : : "r"(page), "r"(~0ul) : "memory");
    expect_fault(f, X_PF, PF_WRITE | PF_PRESENT, "a write by the old translation");
    value = *page;
    expect_hex(value, 0, "the table's first entry");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(page)), 0, "unpin it");
}

void test_main(void)
{
    for (unsigned i = 0; i < 5; i++) {
        becomes_table(MMUEXT_PIN_L1_TABLE);
        becomes_table(MMUEXT_PIN_L2_TABLE);
        if (TOP_LEVEL == 4)
            becomes_table(MMUEXT_PIN_L4_TABLE);
    }
}
