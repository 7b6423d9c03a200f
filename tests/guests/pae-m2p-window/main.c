/* SPDX-License-Identifier: MIT */
/*
 * Claim: at 0xf5800000 the kernel sees the machine-to-physical table in words of 32 bits, which
 *     agree with its own list of frames and follow MMU_MACHPHYS_UPDATE; nobody can write to it, and
 *     programs cannot read it; behind its end there is nothing. XENMEM_machphys_mapping tells where
 *     it is, XENMEM_machphys_mfn_list of how many pieces it consists.
 * Rule: MMU-12, MMU-23; invariants A5
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because a 64-bit guest's table is elsewhere
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define PIECE 0x200000ul
#define END   0xffe00000ul /* of the window, if the machine has that much memory */

static volatile uint32_t *const window = (volatile uint32_t *)MACH2PHYS_VIRT_START;

static void contents(void)
{
    const unsigned long *list = (const unsigned long *)start_info->mfn_list;
    uint32_t *page = page_new();
    uint64_t mfn = mfn_of(page);
    uint32_t pfn = window[mfn];

    for (unsigned long i = 0; i < start_info->nr_pages; i++)
        if (list[i] != ~0ul && window[list[i]] != i)
            failure("frame 0x%lx is page 0x%lx, and not 0x%x", list[i], i, window[list[i]]);
    expect(mmu_update(mfn * PAGE_SIZE | MMU_MACHPHYS_UPDATE, 0x12345678), 0, "another number");
    expect_hex(window[mfn], 0x12345678, "that number");
    expect(mmu_update(mfn * PAGE_SIZE | MMU_MACHPHYS_UPDATE, ~0ull), 0, "no number");
    expect_hex(window[mfn], ~0u, "no number");
    expect(mmu_update(mfn * PAGE_SIZE | MMU_MACHPHYS_UPDATE, pfn), 0, "the old number");
}

static const struct {
    const char *text;
    uint8_t code[3];     /* EBX is the address */
    uint32_t vectors[2]; /* in rings 1 and 3 */
    uint32_t codes[2];
} accesses[] = {
    { "read", { 0x8b, 0x03, 0xcc }, { X_BP, X_PF }, { 0, 5 } },
    { "write", { 0x89, 0x03, 0xcc }, { X_PF, X_PF }, { 3, 7 } },
    { "jump", { 0xff, 0xe3, 0xcc }, { X_PF, X_PF }, { 0x11, 0x15 } },
};

static void rights(unsigned i, unsigned ring)
{
    struct raw_start start = raw_start(accesses[i].code, ring);
    uint32_t vector = accesses[i].vectors[ring == 3];
    struct raw_arrival a;

    if (accesses[i].code[0] == 0xff && ring == 1 && !is_xen_lite())
        return; /* it would execute the table */
    start.bx = (uint32_t)window;
    a = raw_go(start, 1);
    expect((long)a.vector, (long)vector, "%s in ring %u: vector", accesses[i].text, ring);
    if (vector == X_PF)
        expect_hex(a.words[0], accesses[i].codes[ring == 3], "%s in ring %u: code",
                   accesses[i].text, ring);
}

static void where(void)
{
    struct xen_machphys_mapping mapping = { 0 };
    unsigned long pieces[40] = { 0 };
    struct xen_machphys_mfn_list list = { .max_extents = COUNT(pieces),
                                          .extent_start = (unsigned long)pieces };
    unsigned mapped = 0;

    expect(CALL(memory_op, XENMEM_machphys_mapping, &mapping), 0, "machphys_mapping");
    expect_hex(mapping.v_start, MACH2PHYS_VIRT_START, "where it begins");
    expect_hex(mapping.v_end, END, "where it may end");
    expect_hex(mapping.max_mfn, (END - MACH2PHYS_VIRT_START) / sizeof(*window) - 1, "last entry");
    for (unsigned long at = MACH2PHYS_VIRT_START; at >= MACH2PHYS_VIRT_START; at += PIECE)
        mapped += !try_read((void *)at).happened;
    expect(CALL(memory_op, XENMEM_machphys_mfn_list, &list), 0, "machphys_mfn_list");
    expect((long)list.nr_extents, (long)mapped, "pieces");
    expect_true(pieces[0] != 0, "the first piece has a frame");
}

void test_main(void)
{
    contents();
    raw_begin();
    for (unsigned i = 0; i < COUNT(accesses); i++) {
        rights(i, 1);
        rights(i, 3);
    }
    raw_end();
    expect(update_va_mapping((void *)window, 0, 0), -XEN_EINVAL, "unmap it");
    expect(CALL(xen_version, XENVER_extraversion, window), -XEN_EFAULT, "write to it by a call");
    where();
}
