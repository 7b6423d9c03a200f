/* SPDX-License-Identifier: MIT */
/*
 * Page tables by hypercall.
 *
 * The machine's page tables hold real frame numbers (mfn), and Xen lets us use them directly on one
 * condition: it checks every change. So a page that serves as a page table is mapped read-only, and
 * entries change by mmu_update. Two tables translate: start_info's list from our page number to the
 * frame, and Xen's machine-to-physical table back.
 *
 * A space has two top-level tables. User mode runs on one that has nothing but the user half; the
 * kernel runs on the other, which has the same user half and the kernel's slot besides. They share
 * all tables below the top.
 */
#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"
#include "lib/string.h"

#define ENTRY_PRESENT    (1ul << 0)
#define ENTRY_WRITE      (1ul << 1)
#define ENTRY_USER       (1ul << 2)
#define ENTRY_ACCESSED   (1ul << 5)
#define ENTRY_DIRTY      (1ul << 6)
#define ENTRY_NO_EXECUTE (1ul << 63)
#define ENTRY_FRAME      0x000ffffffffff000ul
#define ENTRY_TABLE      (ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER | ENTRY_ACCESSED | ENTRY_DIRTY)
#define ENTRY_LEAF       (ENTRY_PRESENT | ENTRY_USER | ENTRY_ACCESSED | ENTRY_DIRTY)

/* BATCH: entries of one mmu_update. A hypercall costs much more than an entry; 64 take 1 KiB of
 * stack. */
#define TOP_LEVEL  4
#define ENTRIES    512
#define USER_SLOTS 256
#define USER_END   (1ul << 47)
#define BATCH      64

/* Invariant: the first USER_SLOTS entries of both tops are the same; user_top has no others. */
struct space {
    uint64_t *kernel_top;
    uint64_t *user_top; /* NULL for the kernel's own space */
};

static struct space kernel_space;
static struct space *current_space = &kernel_space;

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
static uint64_t frame_of(const void *page)
{
    const unsigned long *frames = (const unsigned long *)pv_start_info->mfn_list;

    return frames[page_number(page)];
}

void *pv_page_of_frame(unsigned long mfn)
{
    const unsigned long *machine_to_physical = (const unsigned long *)MACH2PHYS_VIRT_START;

    return (void *)(VIRT_BASE + machine_to_physical[mfn] * PAGE_SIZE);
}

static uint64_t *table_of(uint64_t entry)
{
    return pv_page_of_frame((entry & ENTRY_FRAME) / PAGE_SIZE);
}

static uint64_t entry_for(const void *page, uint64_t bits)
{
    return frame_of(page) * PAGE_SIZE | bits;
}

/* The machine address of a page-table entry: how mmu_update names what to change. */
static uint64_t machine_address(const void *where)
{
    return frame_of(where) * PAGE_SIZE + (uintptr_t)where % PAGE_SIZE;
}

static void must(long result)
{
    /* The kernel made the request itself, so a refusal is its own bug. Xen-lite's log names the
     * rule. */
    if (result != 0)
        machine_crash();
}

/* ---- Changing entries, many to a hypercall ---- */

struct batch {
    struct mmu_update updates[BATCH];
    unsigned count;
};

/* Flushing means making the call; has nothing to do with TLBs. */
static void batch_flush(struct batch *b)
{
    if (b->count)
        must(hypercall_mmu_update(b->updates, b->count));
    b->count = 0;
}

static void batch_add(struct batch *b, uint64_t *where, uint64_t entry)
{
    if (b->count == BATCH)
        batch_flush(b);
    b->updates[b->count++] = (struct mmu_update){
        .ptr = machine_address(where) | MMU_NORMAL_PT_UPDATE,
        .val = entry,
    };
}

/* Changes the entry that maps address. mmu_update flushes only what Xen needs for its own safety,
 * so an older mapping is flushed here; one in a space not in use goes with the next switch. */
static void change_mapping(uint64_t *where, uint64_t entry, uintptr_t address)
{
    const struct mmuext_op flush = { .cmd = MMUEXT_INVLPG_ALL, .arg1.linear_addr = address };
    bool was_present = *where & ENTRY_PRESENT;
    struct batch b = { .count = 0 };

    batch_add(&b, where, entry);
    batch_flush(&b);
    if (was_present)
        must(hypercall_mmuext(&flush, 1));
}

/* Turns the linear mapping of page read-only or read-write. Before a page becomes a table it must
 * have no writable mapping left, in any TLB either; and it can become writable again only when no
 * table uses it. */
static void set_writable(void *page, bool writable)
{
    uint64_t bits = ENTRY_LEAF | ENTRY_NO_EXECUTE | (writable ? ENTRY_WRITE : 0);

    must(hypercall_update_va_mapping((uintptr_t)page, entry_for(page, bits),
                                     UVMF_INVLPG | UVMF_ALL));
}

/* ---- Walking ---- */

static unsigned slot_of(uintptr_t address, unsigned level)
{
    return (address >> (12 + 9 * (level - 1))) % ENTRIES;
}

/* A zeroed page that is mapped read-only, which is what a table must be before it is linked; NULL
 * if memory is out. */
static uint64_t *new_table(void)
{
    uint64_t *table;

    if (early_page) {
        table = memset(early_page, 0, PAGE_SIZE);
        early_page += PAGE_SIZE;
    } else {
        table = kernel_page_get();
    }
    if (table)
        set_writable(table, false);
    return table;
}

/* Puts table into an empty entry. A top-level entry of the user half exists twice. */
static void link_table(struct space *s, uint64_t *where, unsigned level, uint64_t *table)
{
    struct batch b = { .count = 0 };
    uint64_t entry = entry_for(table, ENTRY_TABLE);

    batch_add(&b, where, entry);
    if (level == TOP_LEVEL && s->user_top)
        batch_add(&b, s->user_top + (where - s->kernel_top), entry);
    batch_flush(&b);
}

/* The lowest-level entry for address, or NULL if there is none (with create: if memory is out). */
static uint64_t *find_entry(struct space *s, uintptr_t address, bool create)
{
    uint64_t *table = s->kernel_top;

    for (unsigned level = TOP_LEVEL; level > 1; level--) {
        uint64_t *where = &table[slot_of(address, level)];

        if (*where & ENTRY_PRESENT) {
            table = table_of(*where);
            continue;
        }
        table = create ? new_table() : NULL;
        if (!table)
            return NULL;
        link_table(s, where, level, table);
    }
    return &table[slot_of(address, 1)];
}

/* ---- The machine interface ---- */

bool machine_map(struct space *s, uintptr_t address, void *page, unsigned access)
{
    uint64_t *where = find_entry(s ? s : &kernel_space, address, true);
    uint64_t bits = ENTRY_LEAF;

    if (!where)
        return false;
    if (access & ACCESS_WRITE)
        bits |= ENTRY_WRITE;
    if (!(access & ACCESS_EXECUTE))
        bits |= ENTRY_NO_EXECUTE;
    change_mapping(where, entry_for(page, bits), address);
    return true;
}

void *machine_unmap(struct space *s, uintptr_t address)
{
    uint64_t *where = find_entry(s ? s : &kernel_space, address, false);
    void *page;

    if (!where || !(*where & ENTRY_PRESENT))
        return NULL;
    page = table_of(*where);
    change_mapping(where, 0, address);
    return page;
}

const void *machine_page_table(struct space *s, uintptr_t address)
{
    uint64_t *where = find_entry(s ? s : &kernel_space, address, false);

    return where ? (const void *)((uintptr_t)where & ~(PAGE_SIZE - 1)) : NULL;
}

bool machine_is_user_range(uintptr_t address, size_t size)
{
    return size <= USER_END && address <= USER_END - size;
}

/* A pinned table stays one while nothing uses it. Without pins Xen would take the tables apart at
 * each switch to another space, and check them anew at each switch back. */
static void pin(unsigned command, uint64_t *kernel_top, uint64_t *user_top)
{
    const struct mmuext_op operations[] = {
        { .cmd = command, .arg1.mfn = frame_of(kernel_top) },
        { .cmd = command, .arg1.mfn = frame_of(user_top) },
    };

    must(hypercall_mmuext(operations, 2));
}

/* Three pages: the two tops, and one for the structure itself, as this kernel allocates nothing
 * smaller. A top that is not yet pinned is ordinary memory, so a failure before that only gives
 * pages back. */
struct space *machine_space_create(void)
{
    struct space *s = kernel_page_get();
    uint64_t *kernel_top = kernel_page_get();
    uint64_t *user_top = kernel_page_get();

    if (!s || !kernel_top || !user_top) {
        kernel_page_put(s);
        kernel_page_put(kernel_top);
        kernel_page_put(user_top);
        return NULL;
    }

    /* While it is still an ordinary page we may write it freely; pinning checks the whole. */
    kernel_top[KERNEL_SLOT] = kernel_space.kernel_top[KERNEL_SLOT];
    set_writable(kernel_top, false);
    set_writable(user_top, false);
    pin(MMUEXT_PIN_L4_TABLE, kernel_top, user_top);
    s->kernel_top = kernel_top;
    s->user_top = user_top;
    return s;
}

/* Gives back a table page and the tables below it. level 1 holds mappings, not tables. The
 * recursion is at most 3 deep. The caller has unpinned the top, so the page can be made writable
 * again. */
static void free_table(uint64_t *table, unsigned level)
{
    unsigned slots = level == TOP_LEVEL ? USER_SLOTS : ENTRIES;

    for (unsigned i = 0; level > 1 && i < slots; i++) {
        if (table[i] & ENTRY_PRESENT)
            free_table(table_of(table[i]), level - 1);
    }
    set_writable(table, true);
    kernel_page_put(table);
}

void machine_space_destroy(struct space *s)
{
    uint64_t *user_top = s->user_top;

    /* Unpinned and not in use, the two tops and all that hangs below stop being page tables. */
    pin(MMUEXT_UNPIN_TABLE, s->kernel_top, user_top);
    free_table(s->kernel_top, TOP_LEVEL);
    set_writable(user_top, true);
    kernel_page_put(user_top);
    kernel_page_put(s);
}

/* Both tops in one call: at no time does the kernel run on one space with the user top of another.
 */
void machine_space_switch(struct space *s)
{
    struct space *to = s ? s : &kernel_space;
    const struct mmuext_op operations[] = {
        { .cmd = MMUEXT_NEW_BASEPTR, .arg1.mfn = frame_of(to->kernel_top) },
        { .cmd = MMUEXT_NEW_USER_BASEPTR, .arg1.mfn = to->user_top ? frame_of(to->user_top) : 0 },
    };

    if (to == current_space)
        return;
    must(hypercall_mmuext(operations, 2));
    current_space = to;
}

/* ---- Start ---- */

void pv_map_shared_info(void)
{
    uint64_t entry = pv_start_info->shared_info | ENTRY_LEAF | ENTRY_WRITE | ENTRY_NO_EXECUTE;

    must(hypercall_update_va_mapping((uintptr_t)shared_info_page, entry, UVMF_INVLPG));
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
    struct batch b = { .count = 0 };

    for (uint8_t *page = from; page != to; page += PAGE_SIZE) {
        uint64_t *where = find_entry(&kernel_space, (uintptr_t)page, true);

        if (!(*where & ENTRY_PRESENT))
            batch_add(&b, where, entry_for(page, ENTRY_LEAF | ENTRY_WRITE | ENTRY_NO_EXECUTE));
    }
    batch_flush(&b);
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

    kernel_space.kernel_top = (uint64_t *)pv_start_info->pt_base;
    early_page = free;
    map_rest(free, end);
    facts->first_page = early_page;
    facts->page_count = (unsigned long)(end - early_page) / PAGE_SIZE;
    early_page = NULL;
}
