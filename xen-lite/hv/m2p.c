/* SPDX-License-Identifier: MIT */
/*
 * The M2P of 32-bit guests. See m2p.h.
 */
#include "hv/m2p.h"

#include "abi/layout.h"
#include "core/pte.h"
#include "hv/alloc.h"
#include "lib/string.h"
#include "x86/image.h"

/* Readable by rings 0 to 2: the guest's kernel, not its programs. */
#define TABLE_ENTRY (PTE_PRESENT | PTE_ACCESSED)
#define PAGE_ENTRY  (PTE_PRESENT | PTE_ACCESSED | PTE_NX)

#define WORDS_PER_PAGE (PAGE_SIZE / sizeof(uint32_t))
#define FIRST_INDEX    pte_index(M2P32_START, 2)

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

mfn_t m2p32_frame(uint64_t address)
{
    uint64_t entry = m2p32_l2 != NULL ? m2p32_l2[pte_index(address, 2)] : 0;

    if (pte_is_present(entry))
        entry = ((const uint64_t *)mfn_to_virt(pte_mfn(entry)))[pte_index(address, 1)];
    return pte_is_present(entry) ? pte_mfn(entry) : INVALID_MFN;
}

void m2p32_set(mfn_t mfn, uint32_t gfn)
{
    uint64_t address = word_address(mfn);
    mfn_t page;

    if (mfn.n >= M2P32_ENTRIES)
        return;
    page = m2p32_frame(address);
    if (mfn_is_valid(page))
        WRITE_ONCE(((uint32_t *)mfn_to_virt(page))[mfn.n % WORDS_PER_PAGE], gfn);
}
