/* SPDX-License-Identifier: MIT */
/*
 * Claim: the start mapping is linear and complete to a multiple of 4 MiB with 512 KiB to spare; the
 *     list of frames and the machine-to-physical table are each other's inverse; the page tables
 *     are nr_pt_frames pages from pt_base on, mapped read-only. Nothing else is mapped.
 * Rule: start of day
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define FOUR_MIB 0x400000ul

static const unsigned long *const machine_to_physical = (const unsigned long *)MACH2PHYS_VIRT_START;

static bool is_mapped(unsigned long address)
{
    for (unsigned level = TOP_LEVEL; level > 0; level--)
        if (!(*entry_of((void *)address, level) & PTE_PRESENT))
            return false;
    return true;
}

/* The end of what L1 tables map, found by looking, not by touching. */
static unsigned long mapped_end(void)
{
    unsigned long at = VIRT_BASE;

    while (is_mapped(at))
        at += PAGE_SIZE;
    return at;
}

static void lists_agree(void)
{
    const unsigned long *list = (const unsigned long *)start_info->mfn_list;

    for (unsigned long pfn = 0; pfn < start_info->nr_pages; pfn++) {
        if (machine_to_physical[list[pfn]] != pfn) {
            expect_hex(machine_to_physical[list[pfn]], pfn, "the M2P of pfn 0x%lx", pfn);
            return;
        }
    }
}

static void mapping_is_linear(unsigned long end)
{
    for (unsigned long at = VIRT_BASE; at < end; at += PAGE_SIZE) {
        uint64_t entry = *entry_of((void *)at, 1);

        if (at == (unsigned long)shared_info)
            continue; /* the support library has remapped that page */
        if ((entry & PTE_FRAME) / PAGE_SIZE != mfn_of((void *)at)) {
            expect_hex((entry & PTE_FRAME) / PAGE_SIZE, mfn_of((void *)at), "frame at 0x%lx", at);
            return;
        }
    }
}

void test_main(void)
{
    unsigned long tables = start_info->pt_base;
    unsigned long tables_end = tables + start_info->nr_pt_frames * PAGE_SIZE;
    unsigned long end = mapped_end();

    expect((long)(end % FOUR_MIB), 0, "end of the start mapping, modulo 4 MiB");
    expect_true(end >= tables_end + PAGE_SIZE + 0x80000, "512 KiB are free behind the boot stack");
    lists_agree();
    mapping_is_linear(end);

    for (unsigned long at = tables; at < tables_end; at += PAGE_SIZE)
        expect_hex(*entry_of((void *)at, 1) & (PTE_PRESENT | PTE_WRITE), PTE_PRESENT,
                   "present and write bit of table page 0x%lx", at - tables);
    expect_true(*entry_of((void *)tables_end, 1) & PTE_WRITE, "the boot stack is writable");
    expect_true(*entry_of(start_info, 1) & PTE_WRITE, "start_info is writable");

    for (unsigned level = 1; level <= TOP_LEVEL; level++) {
        unsigned long at = (unsigned long)entry_of((void *)VIRT_BASE, level);

        expect_true(at >= tables && at < tables_end, "the level %u table is one of them", level);
    }
    if (TOP_LEVEL == 4)
        expect_true(!(*entry_of((void *)0, TOP_LEVEL) & PTE_PRESENT), "the lower half is empty");
    expect_true(!is_mapped(0) && !is_mapped(VIRT_BASE - PAGE_SIZE) && !is_mapped(end),
                "nothing else is mapped");
}
