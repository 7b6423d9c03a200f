/* SPDX-License-Identifier: MIT */
/*
 * Page tables by stores.
 *
 * The processor reads page tables from memory, and a page that serves as one is memory like any
 * other: entries change by storing to them, frames are physical addresses. What is left to do is to
 * tell the TLB, which remembers what was there before.
 */
#include "machine/native/mmu.h"

/* ---- Pages and frames ---- */

void *native_page_of_entry(uint64_t entry)
{
    return linear(entry & ENTRY_FRAME);
}

uint64_t native_entry_for(const void *page, uint64_t bits)
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

/* Changes the entry that maps address. A mapping in a space not in use is in no TLB. One of the
 * kernel's half may be there still when the entry is empty: another CPU emptied it. */
static void change_mapping(const struct space *s, uint64_t *where, uint64_t entry,
                           uintptr_t address)
{
    struct changes *pending = &all_changes[machine_cpu()];

    if (s == native_kernel_space() || ((*where & ENTRY_PRESENT) && native_space_in_use(s))) {
        pending->stale++;
        pending->address = address;
    }
    *where = entry;
}

/* ---- Walking ---- */

static unsigned slot_of(uintptr_t address, unsigned level)
{
    return (address >> (12 + 9 * (level - 1))) % ENTRIES;
}

/* Follows the tables of s towards address, as far as they go: the entry, and its level. Above level
 * 1 the entry is empty. */
static uint64_t *walk(const struct space *s, uintptr_t address, unsigned *level)
{
    uint64_t *table = s->top;

    for (*level = TOP_LEVEL;; (*level)--) {
        uint64_t *where = &table[slot_of(address, *level)];

        if (*level == 1 || !(*where & ENTRY_PRESENT))
            return where;
        table = native_page_of_entry(*where);
    }
}

/* The lowest-level entry for address, or NULL if there is none (with create: if memory is out). */
static uint64_t *find_entry(struct space *s, uintptr_t address, bool create)
{
    unsigned level;
    uint64_t *where;

    while (where = walk(s, address, &level), level > 1) {
        uint64_t *table = create ? kernel_page_get() : NULL;

        if (!table)
            return NULL;
        native_space_link(s, level, where,
                          native_entry_for(table, level == TOP_LEVEL ? ENTRY_TOP : ENTRY_TABLE));
    }
    return where;
}

/* ---- The machine interface ---- */

bool machine_map(struct space *s, uintptr_t address, void *page, unsigned access)
{
    struct space *in = s ? s : native_kernel_space();
    uint64_t *where = find_entry(in, address, true);
    uint64_t bits = ENTRY_LEAF | (s ? ENTRY_USER : 0);

    if (!where)
        return false;
    if (access & ACCESS_WRITE)
        bits |= ENTRY_WRITE;
    if (!(access & ACCESS_EXECUTE))
        bits |= ENTRY_NO_EXECUTE;
    change_mapping(in, where, native_entry_for(page, bits), address);
    return true;
}

void *machine_unmap(struct space *s, uintptr_t address)
{
    struct space *in = s ? s : native_kernel_space();
    uint64_t *where = find_entry(in, address, false);
    void *page;

    if (!where || !(*where & ENTRY_PRESENT))
        return NULL;
    page = native_page_of_entry(*where);
    change_mapping(in, where, 0, address);
    return page;
}

/* The first address that the entry of that level for address does not map. */
static uintptr_t end_of_entry(uintptr_t address, unsigned level)
{
    uintptr_t size = (uintptr_t)1 << (12 + 9 * (level - 1));

    return (address & ~(size - 1)) + size;
}

void *machine_lookup(struct space *s, uintptr_t *address, uintptr_t end, unsigned *access)
{
    unsigned level;

    for (uintptr_t at = *address; at < end; at = end_of_entry(at, level)) {
        uint64_t entry = *walk(s, at, &level);

        if (entry & ENTRY_PRESENT) {
            *address = at;
            *access = (entry & ENTRY_WRITE ? ACCESS_WRITE : 0) |
                      (entry & ENTRY_NO_EXECUTE ? 0 : ACCESS_EXECUTE);
            return native_page_of_entry(entry);
        }
    }
    return NULL;
}

const void *machine_page_table(struct space *s, uintptr_t address)
{
    uint64_t *table = s ? s->top : native_kernel_space()->top;

    for (unsigned level = TOP_LEVEL; level > 2; level--) {
        uint64_t entry = table[slot_of(address, level)];

        if (!(entry & ENTRY_PRESENT))
            return NULL;
        table = native_page_of_entry(entry);
    }
    return table;
}

/* The recursion is at most 3 deep. */
void native_free_table(uint64_t *table, unsigned level, unsigned slots, void (*put)(void *page))
{
    for (unsigned i = 0; i < slots; i++) {
        if (!(table[i] & ENTRY_PRESENT))
            continue;
        if (level == 1)
            put(native_page_of_entry(table[i]));
        else
            native_free_table(native_page_of_entry(table[i]), level - 1, ENTRIES, put);
    }
    kernel_page_put(table);
}

/* ---- Start ---- */

extern uint64_t boot_top[], boot_level2[]; /* start64.S, start32.S */
extern char text_end[], rodata_end[], image_end[];

/* Nothing can be both written and executed: the image's code is executed, its constants are read,
 * everything else is data. */
static uint64_t linear_bits(const char *page)
{
    if (page < (char *)VIRT_BASE + IMAGE_OFFSET || page >= rodata_end)
        return ENTRY_LEAF | ENTRY_WRITE | ENTRY_NO_EXECUTE;
    return page < text_end ? ENTRY_LEAF : ENTRY_LEAF | ENTRY_NO_EXECUTE;
}

/* A table for the large page at start, which maps the same in small ones. */
static uint64_t *small_pages(uint64_t *table, char *start)
{
    for (unsigned i = 0; i < ENTRIES; i++, start += PAGE_SIZE)
        table[i] = native_entry_for(start, linear_bits(start));
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
        *where = native_entry_for(small_pages((uint64_t *)free, at), ENTRY_TABLE);
        free += PAGE_SIZE;
    }
    write_cr3(read_cr3());
    return free;
}

void native_mmu_init(struct machine_facts *facts, uintptr_t start, uintptr_t end)
{
    uint8_t *free = protect(linear(start));
    unsigned long pages = (end - physical(free)) / PAGE_SIZE;

    native_space_init(boot_top);
    facts->first_page = free;
    facts->page_count = pages < MACHINE_PAGES_MAX ? pages : MACHINE_PAGES_MAX;
}
