/* SPDX-License-Identifier: MIT */
/*
 * Claim: a guest that gives back every frame it has, its code and its page tables among them, runs
 *     on, because each is mapped or in use; and its end takes all of them apart.
 * Rule: MEM-3, invariants C3, F3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static long give_back(uint64_t mfn)
{
    struct xen_memory_reservation r = {
        .extent_start = (unsigned long)&mfn,
        .nr_extents = 1,
        .domid = DOMID_SELF,
    };

    return CALL(memory_op, XENMEM_decrease_reservation, &r);
}

void test_main(void)
{
    const unsigned long *list = (const unsigned long *)start_info->mfn_list;
    uint64_t *page = page_new(), *table = table_new(), mfn = mfn_of(page);

    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin a table");
    /* From the end: the frames that the start mapping does not reach are gone at once. */
    for (unsigned long pfn = start_info->nr_pages; pfn-- > 0;)
        expect(give_back(list[pfn]), 1, "page %lu given back", pfn);
    page[5] = 77;
    expect_hex(page[5], 77, "a page that is still mapped");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(table)), 0, "unpin the table");
    expect(map(page, make_entry(page, PTE_RO)), 0, "that page mapped read-only");
    expect(map(page, 0), 0, "and unmapped, the last use of its frame");
    expect(map(page, mfn << 12 | PTE_RO), -XEN_EBUSY, "it is gone");
}
