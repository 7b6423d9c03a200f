/* SPDX-License-Identifier: MIT */
/*
 * The M2P as guests of both widths see it. See m2p.h.
 */
#include "hv/m2p.h"

#include "abi/layout.h"
#include "core/pte.h"
#include "hv/alloc.h"
#include "lib/string.h"
#include "x86/image.h"
#include "x86/paging.h"

/* Readable by rings 0 to 2: the guest's kernel, not its programs. */
#define TABLE_ENTRY (PTE_PRESENT | PTE_ACCESSED)
#define PAGE_ENTRY  (PTE_PRESENT | PTE_ACCESSED | PTE_NX)

#define WORDS_PER_PAGE (PAGE_SIZE / sizeof(uint32_t))
#define FIRST_INDEX    pte_index(M2P32_START, 2)

/* ---- That of 64-bit guests ---- */

/* The frame that an address in the hypervisor's area is mapped to, or INVALID_MFN. */
static mfn_t hv_frame_at(uint64_t address)
{
    const uint64_t *table = mfn_to_virt(hv_l4_mfn());

    for (unsigned int level = 4;; level--) {
        uint64_t entry = table[pte_index(address, level)];
        uint64_t size = 1UL << (PAGE_SHIFT + 9 * (level - 1));

        if (!pte_is_present(entry))
            return INVALID_MFN;
        if (level == 1 || (entry & PTE_PSE))
            return mfn_add(MFN((entry & PTE_ADDRESS & ~(size - 1)) >> PAGE_SHIFT),
                           (address & (size - 1)) >> PAGE_SHIFT);
        table = mfn_to_virt(pte_mfn(entry));
    }
}

const struct m2p_view m2p_view_64 = {
    .start = MACH2PHYS_VIRT_START_64,
    .end = MACH2PHYS_VIRT_END_64,
    .word = sizeof(uint64_t),
    .frame_at = hv_frame_at,
};

/* ---- That of 32-bit guests ---- */

uint64_t *m2p32_l2 SET_ONCE;
static uint64_t *l2;        /* the same before it is complete */
static uint64_t pages_used; /* with the tables */

static uint64_t *page_new(void)
{
    uint64_t *page = page_alloc();

    if (page != NULL)
        pages_used++;
    return page;
}

/* The table or page that an entry names; a new one if there is none. Null: no memory. */
static void *below(uint64_t *entry, uint64_t flags)
{
    void *page;

    if (pte_is_present(*entry))
        return mfn_to_virt(pte_mfn(*entry));
    page = page_new();
    if (page != NULL)
        *entry = mfn_to_paddr(virt_to_mfn(page)) | flags;
    return page;
}

static uint64_t word_address(mfn_t mfn)
{
    return M2P32_START + mfn.n * sizeof(uint32_t);
}

/* One page of words: what the other array says about these frames. A hole there is one here. */
static bool make_page(mfn_t first)
{
    uint64_t address = word_address(first);
    uint64_t *l1 = below(&l2[pte_index(address, 2)], TABLE_ENTRY);
    uint32_t *words = l1 != NULL ? below(&l1[pte_index(address, 1)], PAGE_ENTRY) : NULL;

    if (words == NULL)
        return false;
    for (unsigned int i = 0; i < WORDS_PER_PAGE; i++) {
        mfn_t mfn = mfn_add(first, i);

        words[i] = frame_find(mfn) != NULL ? (uint32_t)*m2p_entry(mfn) : (uint32_t)M2P_INVALID;
    }
    return true;
}

static bool has_ram(mfn_t first)
{
    for (unsigned int i = 0; i < WORDS_PER_PAGE; i++)
        if (frame_find(mfn_add(first, i)) != NULL)
            return true;
    return false;
}

bool m2p32_make(void)
{
    uint64_t end = min(frame_limit(), M2P32_ENTRIES);

    if (m2p32_l2 != NULL)
        return true;
    if (l2 == NULL)
        l2 = page_new();
    if (l2 == NULL)
        return false;
    for (mfn_t first = MFN(0); first.n < end; first = mfn_add(first, WORDS_PER_PAGE))
        if (has_ram(first) && !make_page(first))
            return false;
    m2p32_l2 = l2;
    return true;
}

uint64_t m2p32_pages(void)
{
    return pages_used;
}

void m2p32_fill(uint64_t *table)
{
    memcpy(table + FIRST_INDEX, m2p32_l2 + FIRST_INDEX,
           (PT_ENTRIES - FIRST_INDEX) * sizeof(uint64_t));
}

static mfn_t window_frame(uint64_t address)
{
    uint64_t entry = m2p32_l2 != NULL ? m2p32_l2[pte_index(address, 2)] : 0;

    if (pte_is_present(entry))
        entry = ((const uint64_t *)mfn_to_virt(pte_mfn(entry)))[pte_index(address, 1)];
    return pte_is_present(entry) ? pte_mfn(entry) : INVALID_MFN;
}

const struct m2p_view m2p_view_32 = {
    .start = M2P32_START,
    .end = M2P32_END,
    .word = sizeof(uint32_t),
    .frame_at = window_frame,
};

void m2p32_set(mfn_t mfn, uint32_t gfn)
{
    uint64_t address = word_address(mfn);
    mfn_t page;

    if (mfn.n >= M2P32_ENTRIES)
        return;
    page = window_frame(address);
    if (mfn_is_valid(page))
        WRITE_ONCE(((uint32_t *)mfn_to_virt(page))[mfn.n % WORDS_PER_PAGE], gfn);
}
