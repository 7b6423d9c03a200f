/* SPDX-License-Identifier: MIT */
/*
 * Claim: what a domain is given at its start is zero, but for what the builder put there.
 * Rule: invariants E2
 * Runs on: xen-lite, xen-domu
 * Ends: poweroff
 *
 * Not as the real Xen's initial domain, whose memory is as the firmware left it.
 */
#include "tests/guests/support/support.h"

/* Every page behind the boot stack, through one window. */
void test_main(void)
{
    uint64_t end_of_tables = start_info->pt_base + start_info->nr_pt_frames * PAGE_SIZE;
    const unsigned long *list = (const unsigned long *)start_info->mfn_list;
    uint64_t first = (end_of_tables - VIRT_BASE) / PAGE_SIZE + 1;
    uint64_t *window = page_new();
    unsigned pages = 0;

    for (uint64_t pfn = first; pfn < start_info->nr_pages; pfn++, pages++) {
        if (map(window, (uint64_t)list[pfn] * PAGE_SIZE | PTE_RO) != 0)
            error("cannot map pfn 0x%llx", (unsigned long long)pfn);
        for (unsigned i = 0; i < PAGE_SIZE / 8; i++) {
            if (window[i] != 0)
                failure("pfn 0x%llx has 0x%llx at word %u", (unsigned long long)pfn,
                        (unsigned long long)window[i], i);
        }
    }
    expect_true(pages > 1000, "there were free pages (%u)", pages);
}
