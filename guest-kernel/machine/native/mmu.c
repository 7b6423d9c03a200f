/* SPDX-License-Identifier: MIT */
/*
 * Page tables by stores.
 *
 * The processor reads page tables from memory, and a page that serves as one is memory like any
 * other: entries change by storing to them, frames are physical addresses. What is left to do is to
 * tell the TLB, which remembers what was there before.
 */
#include "machine/native/mmu.h"

const uint64_t kernel_bits = 0;

/* ---- Pages and frames ---- */

void *page_of_entry(uint64_t entry)
{
    return linear(entry & ENTRY_FRAME);
}

uint64_t entry_for(const void *page, uint64_t bits)
{
    return physical(page) | bits;
}

/* ---- Changing entries ---- */

/* What the TLB may still have: one address, or, when there are more, everything is flushed. */
static struct changes {
    unsigned stale;
    uintptr_t address;
} all_changes[MACHINE_CPUS_MAX];

/* Only of this CPU: no other one has this space in use. What is new in the kernel's half it has
 * flushed when it mapped it, and another one loads CR3 before it comes to use that. */
void machine_map_flush(void)
{
    struct changes *pending = &all_changes[machine_cpu()];

    if (pending->stale == 1)
        invalidate(pending->address);
    else if (pending->stale > 1)
        write_cr3(read_cr3());
    pending->stale = 0;
}

/* A mapping in a space not in use is in no TLB. One of the
 * kernel's half may be there still when the entry is empty: another CPU emptied it. */
void mapping_change(const struct space *s, uint64_t *where, uint64_t entry, uintptr_t address)
{
    struct changes *pending = &all_changes[machine_cpu()];

    if (s == kernel_space() || ((*where & ENTRY_PRESENT) && space_in_use(s))) {
        pending->stale++;
        pending->address = address;
    }
    *where = entry;
}

uint64_t *mapping_find(struct space *s, uintptr_t address, bool create)
{
    unsigned level;
    uint64_t *where;

    while (where = table_walk(s, address, &level), level > 1) {
        uint64_t *table = create ? kernel_page_get() : NULL;

        if (!table)
            return NULL;
        native_space_link(s, level, where,
                          entry_for(table, level == TOP_LEVEL ? ENTRY_TOP : ENTRY_TABLE));
    }
    return where;
}

void table_put(uint64_t *table)
{
    kernel_page_put(table);
}

/* ---- Start ---- */

extern uint64_t boot_top[], boot_level2[]; /* start64.S, start32.S */
extern char image_end[];

/* A table for the large page at start, which maps the same in small ones. */
static uint64_t *small_pages(uint64_t *table, char *start)
{
    for (unsigned i = 0; i < ENTRIES; i++, start += PAGE_SIZE)
        table[i] = entry_for(start, linear_bits(start));
    return table;
}

/* All memory up to the hole is mapped already, by large pages that allow everything. Those of the
 * image are replaced, each by a table in a free page; the others lose the right to be executed. */
static uint8_t *protect(uint8_t *free)
{
    for (char *at = (char *)VIRT_BASE; at < (char *)KERNEL_HOLE; at += LARGE_PAGE) {
        uint64_t *where = &boot_level2[slot_of((uintptr_t)at, 2)];

        if (at >= image_end) {
            *where |= ENTRY_NO_EXECUTE;
            continue;
        }
        *where = entry_for(small_pages((uint64_t *)free, at), ENTRY_TABLE);
        free += PAGE_SIZE;
    }
    write_cr3(read_cr3());
    return free;
}

void native_mmu_init(struct machine_facts *facts, uintptr_t start, uintptr_t end)
{
    uint8_t *free = protect(linear(start));
    unsigned long pages = (end - physical(free)) / PAGE_SIZE;

    kernel_space()->top = boot_top;
    facts->first_page = free;
    facts->page_count = pages < MACHINE_PAGES_MAX ? pages : MACHINE_PAGES_MAX;
}
