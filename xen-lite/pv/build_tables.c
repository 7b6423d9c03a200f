/* SPDX-License-Identifier: MIT */
/*
 * The builder: the guest's first page tables. They are plain guest tables in guest frames, the root
 * first; the ordinary validation follows (build.c).
 *
 * A 32-bit guest's root, an L3 table, has its four entries from the start, as Xen's own builder
 * makes it: the last one has to be there, and kernels expect the others.
 */
#include "core/pte.h"
#include "hv/frame.h"
#include "pv/build.h"

#define TABLE_ENTRY (PTE_PRESENT | PTE_WRITABLE | PTE_USER | PTE_ACCESSED | PTE_DIRTY)
#define PAGE_ENTRY  (PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY)

/* Bytes that one table of a level maps: 1 << this. */
static unsigned int table_shift(unsigned int level)
{
    return PAGE_SHIFT + 9 * level;
}

/* Tables of one level that two ranges of addresses need together. Each range is [first, last]. */
static unsigned long tables_for(unsigned int level, const uint64_t a[2], const uint64_t b[2])
{
    unsigned int shift = table_shift(level);
    unsigned long a0 = a[0] >> shift, a1 = a[1] >> shift, b0 = b[0] >> shift, b1 = b[1] >> shift;
    unsigned long from = max(a0, b0), to = min(a1, b1);
    unsigned long shared = from <= to ? to - from + 1 : 0;

    return (a1 - a0 + 1) + (b1 - b0 + 1) - shared;
}

unsigned long build_count_tables(const struct build *b, unsigned long pages)
{
    const uint64_t area[2] = { b->virt_base, build_address(b, pages) - 1 };
    const uint64_t list[2] = { b->p2m_address,
                               b->p2m_address + b->p2m_range.pages * PAGE_SIZE - 1 };
    const uint64_t *second = b->notes.has_init_p2m ? list : area;
    unsigned int top = b->width->root_level - 1u;
    unsigned long count = 1;

    for (unsigned int level = 1; level < top; level++)
        count += tables_for(level, area, second);
    return count + max(tables_for(top, area, second), (unsigned long)b->width->root_entries);
}

static uint64_t *new_table(struct build *b, mfn_t *mfn)
{
    *mfn = build_mfn(b, b->tables.pfn + b->tables_used++);
    return mfn_to_virt(*mfn);
}

/* The table that an entry names; made if there is none. */
static uint64_t *table_below(struct build *b, uint64_t *entry)
{
    uint64_t *table;
    mfn_t mfn;

    if (pte_is_present(*entry))
        return mfn_to_virt(pte_mfn(*entry));
    table = new_table(b, &mfn);
    *entry = mfn_to_paddr(mfn) | TABLE_ENTRY;
    return table;
}

static uint64_t *root_table(const struct build *b)
{
    return mfn_to_virt(build_mfn(b, b->tables.pfn));
}

/* The L1 entry for an address; tables on the way are made as needed. */
static uint64_t *entry_of(struct build *b, uint64_t address)
{
    uint64_t *table = root_table(b);

    for (unsigned int level = b->width->root_level; level > 1; level--)
        table = table_below(b, &table[pte_index(address, level)]);
    return &table[pte_index(address, 1)];
}

static void map_page(struct build *b, uint64_t address, unsigned long pfn)
{
    bool is_table = pfn >= b->tables.pfn && pfn < b->tables.pfn + b->tables.pages;

    *entry_of(b, address) =
        mfn_to_paddr(build_mfn(b, pfn)) | PAGE_ENTRY | (is_table ? 0 : PTE_WRITABLE);
}

/* The root, whose number start_info tells, and what must be in it. */
static void begin_tables(struct build *b)
{
    b->tables_used = 1;
    for (unsigned int i = 0; i < b->width->root_entries; i++)
        (void)table_below(b, &root_table(b)[i]);
}

enum build_result build_tables_step(struct build *b)
{
    unsigned long page = b->at++;

    if (page == 0)
        begin_tables(b);
    if (page < b->mapped_pages) {
        map_page(b, build_address(b, page), page);
        return BUILD_AGAIN;
    }
    page -= b->mapped_pages;
    if (!b->notes.has_init_p2m || page == b->p2m_range.pages)
        return BUILD_DONE;
    map_page(b, b->p2m_address + page * PAGE_SIZE, b->p2m_range.pfn + page);
    return BUILD_AGAIN;
}
