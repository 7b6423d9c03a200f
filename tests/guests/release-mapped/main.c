/* SPDX-License-Identifier: MIT */
/*
 * Claim: frames that were given back while they are still mapped or pinned stay the domain's until
 *     then, and do not keep the rest of its memory from being freed when it ends.
 * Rule: invariants C3, F3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static long release(const void *page)
{
    uint64_t mfn = mfn_of(page);
    struct xen_memory_reservation r = {
        .extent_start = (unsigned long)&mfn,
        .nr_extents = 1,
        .domid = DOMID_SELF,
    };

    return CALL(memory_op, XENMEM_decrease_reservation, &r);
}

void test_main(void)
{
    uint64_t *mapped = page_new(), *table = table_new();

    mapped[0] = 0x1234;
    expect(release(mapped), 1, "give back a mapped frame");
    expect_hex(mapped[0], 0x1234, "what it holds");

    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin a table");
    expect(map(table, 0), 0, "unmap the table");
    expect(release(table), 1, "give back a pinned table");
    /* The end of the domain is the rest of the test. */
}
