/* SPDX-License-Identifier: MIT */
/*
 * Claim: at 0xf5800000 the kernel reads the M2P in words of 32 bits, which nobody can write and
 *     programs cannot read; an M2P update is seen there at once. memory_op tells where it is.
 * Rule: MMU-14, MEM-15; invariants A5
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests have another M2P (m2p-update)
 */
#include "tests/guests/support/support.h"

#define WINDOW     ((volatile unsigned long *)MACH2PHYS_VIRT_START)
#define WINDOW_END 0xffe00000ul

static void read_window(void)
{
    unsigned long word;

    word = *WINDOW;
    (void)word;
}

static void write_window(void)
{
    *WINDOW = 0;
}

static void by_programs(void)
{
    struct frame frame = user_run(read_window);

    expect((long)frame.vector, X_PF, "a program reads");
    frame = user_run(write_window);
    expect((long)frame.vector, X_PF, "a program writes");
}

static void places(void)
{
    struct xen_machphys_mapping mapping;
    unsigned long extents[1] = { 0 };
    struct xen_machphys_mfn_list list = { .max_extents = 1 };

    expect(CALL(memory_op, XENMEM_machphys_mapping, &mapping), 0, "machphys_mapping");
    expect_hex(mapping.v_start, MACH2PHYS_VIRT_START, "v_start");
    expect_hex(mapping.v_end, WINDOW_END, "v_end");
    expect_hex(mapping.max_mfn, (WINDOW_END - MACH2PHYS_VIRT_START) / 4 - 1, "max_mfn");
    list.extent_start = (unsigned long)extents;
    expect(CALL(memory_op, XENMEM_machphys_mfn_list, &list), 0, "machphys_mfn_list");
    expect((long)list.nr_extents, 1, "extents");
    expect_true(extents[0] != 0, "the first extent is a frame");
    list.nr_extents = 0;
    expect(CALL(memory_op, XENMEM_machphys_compat_mfn_list, &list), 0, "the compat list");
    expect((long)list.nr_extents, 1, "extents of that");
}

void test_main(void)
{
    unsigned long *page = page_new();
    unsigned long mfn = (unsigned long)mfn_of(page), pfn = WINDOW[mfn];

    places();
    expect_hex(pfn, ((unsigned long)page - VIRT_BASE) / PAGE_SIZE, "the word of an own frame");
    expect(mmu_update((uint64_t)mfn * PAGE_SIZE | MMU_MACHPHYS_UPDATE, 0x12345678), 0, "update");
    expect_hex(WINDOW[mfn], 0x12345678, "the word after an update");
    expect(mmu_update((uint64_t)mfn * PAGE_SIZE | MMU_MACHPHYS_UPDATE, pfn), 0, "and back");

    expect_fault(try_write(&WINDOW[mfn], 0), X_PF, PF_PRESENT | PF_WRITE, "the kernel writes");
    expect_hex(WINDOW[mfn], pfn, "the word after that");
    expect(update_va_mapping((void *)WINDOW, make_entry(page, PTE_RW), UVMF_INVLPG), -XEN_EINVAL,
           "map a page there");
    expect(update_va_mapping((void *)0xfffff000, make_entry(page, PTE_RW), UVMF_INVLPG),
           -XEN_EINVAL, "map a page at the end");
    by_programs();
}
