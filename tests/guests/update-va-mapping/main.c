/* SPDX-License-Identifier: MIT */
/*
 * Claim: update_va_mapping changes the entry of an address and flushes as told, and refuses
 *     addresses without an L1 table, addresses of the hypervisor, and bad entries.
 * Rule: MMU-2, MMU-13, MMU-14
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static volatile uint64_t *page, *other;

static void flushed(unsigned long flags, const char *name)
{
    uint64_t vcpus = 1;

    if (flags == UVMF_TLB_FLUSH || flags == UVMF_INVLPG)
        flags |= UVMF_LOCAL;
    map(page, make_entry(page, PTE_RW));
    expect((long)*page, 1, "before %s", name);
    expect(update_va_mapping(page, make_entry(other, PTE_RW), flags), 0, "%s", name);
    expect((long)*page, 2, "after %s", name);

    map(page, make_entry(page, PTE_RW));
    expect((long)*page, 1, "before %s of a set of vCPUs", name);
    expect(update_va_mapping(page, make_entry(other, PTE_RW),
                             (flags & UVMF_FLUSHTYPE_MASK) | (unsigned long)&vcpus),
           0, "%s of a set of vCPUs", name);
    expect((long)*page, 2, "after %s of a set of vCPUs", name);
}

void test_main(void)
{
    uint64_t good;

    page = page_new();
    other = page_new();
    good = make_entry(page, PTE_RW);
    *page = 1;
    *other = 2;
    flushed(UVMF_TLB_FLUSH, "a flush of all");
    flushed(UVMF_INVLPG, "a flush of one");
    flushed(UVMF_TLB_FLUSH | UVMF_ALL, "a flush of all everywhere");
    flushed(UVMF_INVLPG | UVMF_ALL, "a flush of one everywhere");

    expect(map(page, 0), 0, "unmap");
    expect_fault(try_read(page), X_PF, 0, "a read of the unmapped page");
    expect(map(page, good & ~PTE_PRESENT), 0, "an entry that is not present may hold anything");
    expect(map(page, good), 0, "map again");

    expect(map((void *)UNMAPPED_ADDRESS, good), -XEN_EINVAL, "an address without tables");
    expect(map((void *)0, good), -XEN_EINVAL, "address 0 without tables");
    expect(map((void *)HYPERVISOR_ADDRESS, good), -XEN_EINVAL, "the hypervisor's address");
    expect(map((void *)NONCANONICAL_ADDRESS, good), -XEN_EINVAL,
           "an address that is not canonical");
    expect(map(page, good | 1ull << 51), -XEN_EPERM, "an address bit that no machine has");
    expect(map(page, 0xfffffff000ull | PTE_RW), -XEN_EPERM, "a frame that is not there");
    expect(update_va_mapping(page, good, 3), 0, "flush type 3, which means nothing");
    expect_entry(page, good, "the entry after the refusals");
    expect(update_va_mapping_of(page, good, 0, 0x7000), -XEN_ESRCH,
           "another domain's frame, of a domain that is not there");
}
