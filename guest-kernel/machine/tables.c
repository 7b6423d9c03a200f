/* SPDX-License-Identifier: MIT */
/*
 * Page tables read, and the part of machine.h that does no more than that, or leaves the change to
 * the machine's mmu.c.
 */
#include "machine/tables.h"

#include "machine/layout.h"

static struct space own_space;
static struct space *current_spaces[MACHINE_CPUS_MAX]; /* NULL: the kernel's, at first */

/* ---- Spaces ---- */

struct space *kernel_space(void)
{
    return &own_space;
}

bool space_in_use(const struct space *s)
{
    return s == current_spaces[machine_cpu()] || s == &own_space;
}

void machine_space_switch(struct space *s)
{
    struct space *to = s ? s : &own_space;
    struct space **current = &current_spaces[machine_cpu()];

    machine_map_flush();
    if (to == *current)
        return;
    space_load(to);
    *current = to;
}

/* ---- Walking ---- */

uint64_t *table_walk(const struct space *s, uintptr_t address, unsigned *level)
{
    uint64_t *table = s->top;

    for (*level = TOP_LEVEL;; (*level)--) {
        uint64_t *where = &table[slot_of(address, *level)];

        if (*level == 1 || !(*where & ENTRY_PRESENT))
            return where;
        table = page_of_entry(*where);
    }
}

/* The recursion is at most 3 deep. */
void table_free(uint64_t *table, unsigned level, unsigned slots, void (*put)(void *page))
{
    for (unsigned i = 0; i < slots; i++) {
        if (!(table[i] & ENTRY_PRESENT))
            continue;
        if (level == 1)
            put(page_of_entry(table[i]));
        else
            table_free(page_of_entry(table[i]), level - 1, ENTRIES, put);
    }
    table_put(table);
}

extern char text_end[], rodata_end[];

uint64_t linear_bits(const char *page)
{
    if (page < (char *)VIRT_BASE + IMAGE_OFFSET || page >= rodata_end)
        return ENTRY_LEAF | ENTRY_WRITE | ENTRY_NO_EXECUTE;
    return page < text_end ? ENTRY_LEAF : ENTRY_LEAF | ENTRY_NO_EXECUTE;
}

/* ---- The machine interface ---- */

bool machine_map(struct space *s, uintptr_t address, void *page, unsigned access)
{
    struct space *in = s ? s : kernel_space();
    uint64_t *where = mapping_find(in, address, true);
    uint64_t bits = ENTRY_LEAF | (s ? ENTRY_USER : kernel_bits);

    if (!where)
        return false;
    if (access & ACCESS_WRITE)
        bits |= ENTRY_WRITE;
    if (!(access & ACCESS_EXECUTE))
        bits |= ENTRY_NO_EXECUTE;
    mapping_change(in, where, entry_for(page, bits), address);
    return true;
}

void *machine_unmap(struct space *s, uintptr_t address)
{
    struct space *in = s ? s : kernel_space();
    uint64_t *where = mapping_find(in, address, false);
    void *page;

    if (!where || !(*where & ENTRY_PRESENT))
        return NULL;
    page = page_of_entry(*where);
    mapping_change(in, where, 0, address);
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
        uint64_t entry = *table_walk(s, at, &level);

        if (entry & ENTRY_PRESENT) {
            *address = at;
            *access = (entry & ENTRY_WRITE ? ACCESS_WRITE : 0) |
                      (entry & ENTRY_NO_EXECUTE ? 0 : ACCESS_EXECUTE);
            return page_of_entry(entry);
        }
    }
    return NULL;
}

const void *machine_page_table(struct space *s, uintptr_t address)
{
    uint64_t *table = s ? s->top : kernel_space()->top;

    for (unsigned level = TOP_LEVEL; level > 2; level--) {
        uint64_t entry = table[slot_of(address, level)];

        if (!(entry & ENTRY_PRESENT))
            return NULL;
        table = page_of_entry(entry);
    }
    return table;
}
