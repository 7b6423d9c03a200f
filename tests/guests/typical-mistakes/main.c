/* SPDX-License-Identifier: MIT */
/*
 * Claim: whoever takes pfns for mfns is asked whether that is so, and of a table that is pinned
 *     twice the line tells what it is.
 * Rule: MMU-13, MMU-15, MMU-16
 * Runs on: xen-lite (it is about what xen-lite says)
 * Ends: poweroff, "frame to be pinned must be one that the guest owns. mfn 5 (not the domain's: a
 *     pfn?, uses 0)", "entry 5001: mfn 5 (not the domain's: a pfn?, uses 0)",
 *     "(L1 table, uses 1); at "
 */
#include "tests/guests/support/support.h"

static void pfn_for_mfn(void)
{
    expect(mmuext(MMUEXT_PIN_L1_TABLE, 5), -XEN_EINVAL, "pin a pfn");
    expect(map(page_new(), 5 << 12 | 1), -XEN_EPERM, "map a pfn");
}

static void pinned_twice(void)
{
    uint64_t *table = table_new();

    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin a table");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), -XEN_EINVAL, "pin it again");
}

void test_main(void)
{
    pfn_for_mfn();
    pinned_twice();
}
