/* SPDX-License-Identifier: MIT */
/*
 * Page tables by hypercall.
 *
 * The machine's page tables hold real frame numbers (mfn), and Xen lets us use them directly on one
 * condition: it checks every change. So a page that serves as a page table is mapped read-only, and
 * entries change by mmu_update. Two tables translate: start_info's list from our page number to the
 * frame, and Xen's machine-to-physical table back.
 */
#include "machine/pv/mmu.h"

#include "lib/string.h"

const uint64_t kernel_bits = ENTRY_KERNEL;

/* At start, before the kernel's page allocator works: where the next page for a table comes from.
 */
static uint8_t *early_page;

static char shared_info_page[PAGE_SIZE] __attribute__((aligned(4096)));
struct shared_info *pv_shared_info = (struct shared_info *)shared_info_page;

/* ---- Pages and frames ---- */

static unsigned long page_number(const void *page)
{
    return ((uintptr_t)page - VIRT_BASE) / PAGE_SIZE;
}

/* From our memory to the machine's, by the list that Xen left us; and back, by Xen's table, which
 * lies in its part of our address space and which it keeps. */
uint64_t pv_frame_of(const void *page)
{
    const unsigned long *frames = (const unsigned long *)pv_start_info->mfn_list;

    return frames[page_number(page)];
}

void *pv_page_of_frame(unsigned long mfn)
{
    const unsigned long *machine_to_physical = (const unsigned long *)MACH2PHYS_VIRT_START;

    return (void *)(VIRT_BASE + machine_to_physical[mfn] * PAGE_SIZE);
}

void *page_of_entry(uint64_t entry)
{
    return pv_page_of_frame((unsigned long)((entry & ENTRY_FRAME) / PAGE_SIZE));
}

uint64_t entry_for(const void *page, uint64_t bits)
{
    return pv_frame_of(page) * PAGE_SIZE | bits;
}

/* The machine address of a page-table entry: how mmu_update names what to change. */
static uint64_t machine_address(const void *where)
{
    return pv_frame_of(where) * PAGE_SIZE + (uintptr_t)where % PAGE_SIZE;
}

void pv_must(long result)
{
    /* Xen-lite's log names the rule. */
    if (result != 0)
        machine_crash();
}

/* ---- Changing entries, many to a hypercall ---- */

#define CHANGES 64

/* What a CPU has noted and not yet made; and what is to be flushed when it is: one address, or,
 * when there are more, everything. */
static struct changes {
    struct mmu_update updates[CHANGES];
    unsigned count;
    bool by_address; /* the last one is of the mapping of `address` in the space in use */
    uintptr_t address;
    unsigned stale;          /* how many mappings a TLB may still have, ... */
    uintptr_t stale_address; /* ... the last of them, ... */
    bool everywhere;         /* ... and whether also other CPUs may have one */
    void *freed[CHANGES];    /* tables that become ordinary pages with the next flush */
    unsigned freed_count;
} all_changes[MACHINE_CPUS_MAX];

static struct changes *changes_here(void)
{
    return &all_changes[machine_cpu()];
}

void pv_changes_make(void)
{
    struct changes *pending = changes_here();

    if (pending->count)
        pv_must(hypercall_mmu_update(pending->updates, pending->count));
    pending->count = 0;
}

void pv_change(uint64_t *where, uint64_t entry)
{
    struct changes *pending = changes_here();

    if (pending->count == CHANGES)
        pv_changes_make();
    pending->updates[pending->count++] = (struct mmu_update){
        .ptr = machine_address(where) | MMU_NORMAL_PT_UPDATE,
        .val = entry,
    };
    pending->by_address = false;
}

/* A single mapping, such as the one that a page fault asks for, can be named by its address; and
 * then the flush is part of the call. */
static bool is_one_mapping(const struct changes *pending)
{
    return pending->count == 1 && pending->by_address &&
           (!pending->stale || (pending->stale == 1 && pending->stale_address == pending->address));
}

static void change_one_mapping(struct changes *pending)
{
    pv_must(hypercall_update_va_mapping(pending->address, pending->updates[0].val,
                                        !pending->stale       ? 0
                                        : pending->everywhere ? UVMF_INVLPG | UVMF_ALL
                                                              : UVMF_INVLPG | UVMF_LOCAL));
    pending->count = 0;
}

static unsigned flush_command(const struct changes *pending)
{
    if (pending->stale == 1)
        return pending->everywhere ? MMUEXT_INVLPG_ALL : MMUEXT_INVLPG_LOCAL;
    return pending->everywhere ? MMUEXT_TLB_FLUSH_ALL : MMUEXT_TLB_FLUSH_LOCAL;
}

/* mmu_update flushes only what Xen needs for its own safety: the rest is our part. */
void machine_map_flush(void)
{
    struct changes *pending = changes_here();
    const struct mmuext_op flush = {
        .cmd = flush_command(pending),
        .arg1.linear_addr = pending->stale_address,
    };

    if (is_one_mapping(pending)) {
        change_one_mapping(pending);
    } else {
        pv_changes_make();
        if (pending->stale)
            pv_must(hypercall_mmuext(&flush, 1));
    }
    pending->stale = 0;
    pending->everywhere = false;
}

/* ---- Tables ---- */

/* A mapping in a space not in use is in no TLB. */
void mapping_change(const struct space *s, uint64_t *where, uint64_t entry, uintptr_t address)
{
    struct changes *pending = changes_here();
    bool in_use = space_in_use(s);

    pv_change(where, entry);
    if (!in_use)
        return;
    pending->by_address = true;
    pending->address = address;
    if (*where & ENTRY_PRESENT) {
        pending->stale++;
        pending->stale_address = address;
        pending->everywhere |= s == kernel_space();
    }
}

/* Of a page that becomes read-only nothing is to be flushed by us: nobody here writes to it, and
 * Xen trusts no TLB. One that becomes writable is soon anybody's. */
void pv_set_writable(void *page, bool writable)
{
    uint64_t bits = ENTRY_LEAF | ENTRY_KERNEL | ENTRY_NO_EXECUTE | (writable ? ENTRY_WRITE : 0);
    unsigned level;
    uint64_t *where = table_walk(kernel_space(), (uintptr_t)page, &level);

    if (writable)
        mapping_change(kernel_space(), where, entry_for(page, bits), (uintptr_t)page);
    else
        pv_change(where, entry_for(page, bits));
}

/* A zeroed page, NULL if memory is out. */
static uint64_t *page_for_table(void)
{
    uint64_t *page;

    if (!early_page)
        return kernel_page_get();
    page = memset(early_page, 0, PAGE_SIZE);
    early_page += PAGE_SIZE;
    return page;
}

/* Pages for the tables of levels 1 to top, mapped read-only, which is what a table must be before
 * it is linked. False, with none taken, if memory is out. */
static bool new_tables(uint64_t **tables, unsigned top)
{
    for (unsigned level = 1; level <= top; level++) {
        tables[level] = page_for_table();
        if (!tables[level]) {
            while (--level > 0)
                kernel_page_put(tables[level]);
            return false;
        }
    }
    for (unsigned level = 1; level <= top; level++)
        pv_set_writable(tables[level], false);
    return true;
}

/* New tables are protected and linked in one call, and at once: table_walk must find them. First
 * all are protected: before a page becomes a table, Xen lets all CPUs flush who have not done so
 * since it could be written, and so the first one's flush does for the others. */
uint64_t *mapping_find(struct space *s, uintptr_t address, bool create)
{
    uint64_t *tables[TOP_LEVEL];
    unsigned level;
    uint64_t *where = table_walk(s, address, &level);

    if (level == 1)
        return where;
    if (!create || !new_tables(tables, level - 1))
        return NULL;
    for (; level > 1; level--) {
        uint64_t *table = tables[level - 1];

        pv_space_link(s, level, where,
                      entry_for(table, level == TOP_LEVEL ? ENTRY_TOP : ENTRY_TABLE));
        where = &table[slot_of(address, level - 1)];
    }
    pv_changes_make();
    return where;
}

void pv_freed_tables_put(void)
{
    struct changes *pending = changes_here();

    machine_map_flush();
    while (pending->freed_count)
        kernel_page_put(pending->freed[--pending->freed_count]);
}

void table_put(uint64_t *table)
{
    struct changes *pending = changes_here();

    if (pending->freed_count == CHANGES)
        pv_freed_tables_put();
    pv_set_writable(table, true);
    pending->freed[pending->freed_count++] = table;
}

/* ---- Start ---- */

void pv_map_machine(uintptr_t address, uint64_t machine)
{
    uint64_t entry = machine | ENTRY_LEAF | ENTRY_KERNEL | ENTRY_WRITE | ENTRY_NO_EXECUTE;

    pv_must(hypercall_update_va_mapping(address, entry, UVMF_INVLPG));
}

void pv_map_shared_info(void)
{
    pv_map_machine((uintptr_t)shared_info_page, pv_start_info->shared_info);
}

/* The first page after what Xen put down: image, ramdisk, frame list, start_info, store and console
 * pages, page tables and one page of boot stack come in this order. */
static uint8_t *first_free_page(void)
{
    return (uint8_t *)pv_start_info->pt_base + (pv_start_info->nr_pt_frames + 1) * PAGE_SIZE;
}

/* Maps what is not yet mapped of [from, to) at its linear address. Xen mapped at least 512 KiB more
 * than it used: enough for the tables, one for each 2 MiB. */
static void map_rest(uint8_t *from, uint8_t *to)
{
    for (uint8_t *page = from; page != to; page += PAGE_SIZE) {
        uint64_t *where = mapping_find(kernel_space(), (uintptr_t)page, true);

        if (!(*where & ENTRY_PRESENT))
            pv_change(where,
                      entry_for(page, ENTRY_LEAF | ENTRY_KERNEL | ENTRY_WRITE | ENTRY_NO_EXECUTE));
    }
    pv_changes_make();
}

/* What Xen put down is mapped with all rights, but for the page tables, which can only be read. The
 * rights that are too many go. */
static void protect(const uint8_t *end)
{
    for (char *page = (char *)VIRT_BASE; page < (char *)end; page += PAGE_SIZE) {
        uint64_t *where = mapping_find(kernel_space(), (uintptr_t)page, true);
        uint64_t bits = linear_bits(page);

        mapping_change(kernel_space(), where,
                       (*where | (bits & ENTRY_NO_EXECUTE)) & (bits | ~ENTRY_WRITE),
                       (uintptr_t)page);
    }
    machine_map_flush();
}

void pv_mmu_init(struct machine_facts *facts)
{
    uint8_t *free = first_free_page();
    /* Counted from what is free: a ramdisk may be larger than all that is managed. */
    unsigned long pages = pv_start_info->nr_pages - page_number(free);
    uint8_t *end;

    if (pages > MACHINE_PAGES_MAX)
        pages = MACHINE_PAGES_MAX;
    end = free + pages * PAGE_SIZE;
    if (end > (uint8_t *)KERNEL_HOLE)
        machine_crash();

    pv_space_init((uint64_t *)pv_start_info->pt_base);
    early_page = free;
    mapping_find(kernel_space(), KERNEL_HOLE, true); /* while there is one space: see machine.h */
    map_rest(free, end);
    protect(free);
    facts->first_page = early_page;
    facts->page_count = (unsigned long)(end - early_page) / PAGE_SIZE;
    early_page = NULL;
}
