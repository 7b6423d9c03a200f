/* SPDX-License-Identifier: MIT */
/*
 * Making the frame table and the M2P.
 *
 * Both are arrays over all frame numbers, mapped only where there is RAM, by 2 MiB pages where that
 * wastes nothing. What lies in between would fault: in the M2P it may (a guest that reads there
 * gets a page fault), in the frame table one shared read-only page stands for it, so that
 * frame_find() needs no second table to know where RAM is.
 */
#include "hv/frame.h"

#include "lib/string.h"
#include "x86/boot_memory.h"
#include "x86/paging.h"

#define PAGE_2M (2 * MIB)

uint64_t frame_count;

/* An array that is mapped piece by piece, upward. */
struct array {
    uint64_t base;
    uint64_t mirror; /* a second, read-only view for guests; 0: none */
    uint64_t element_size;
    uint64_t mapped_end; /* address up to which it is mapped */
    int fill;            /* byte that new pages are filled with */
};

/* Maps one page of the array at va. Returns its size. */
static uint64_t map_page(struct array *a, uint64_t va, uint64_t left)
{
    uint64_t size = is_aligned(va, PAGE_2M) && left >= PAGE_2M ? PAGE_2M : PAGE_SIZE;
    paddr_t pa = boot_memory_alloc(size, size);

    memset(paddr_to_virt(pa), a->fill, size);
    paging_map(va, pa, size, MAP_WRITE);
    if (a->mirror != 0)
        paging_map(a->mirror + (va - a->base), pa, size, MAP_GUEST_READ);
    return size;
}

/* Maps what elements [first_frame, end_frame) need and is not mapped yet. Ranges come in rising
 * order; neighbours may share a page. */
static void map_for(struct array *a, uint64_t first_frame, uint64_t end_frame)
{
    uint64_t va = round_down(a->base + first_frame * a->element_size, PAGE_SIZE);
    uint64_t end = round_up(a->base + end_frame * a->element_size, PAGE_SIZE);

    va = max(va, a->mapped_end);
    while (va < end)
        va += map_page(a, va, end - va);
    a->mapped_end = max(a->mapped_end, end);
}

static void map_ram(paddr_t base, paddr_t end, void *array)
{
    map_for(array, base >> PAGE_SHIFT, end >> PAGE_SHIFT);
}

/* A page of entries that say "hole". */
static paddr_t hole_page(void)
{
    paddr_t pa = boot_memory_alloc(PAGE_SIZE, PAGE_SIZE);
    struct frame *entries = paddr_to_virt(pa);

    for (unsigned int i = 0; i < PAGE_SIZE / sizeof(struct frame); i++)
        entries[i] = (struct frame){ .node.owner = FRAME_OWNER_HOLE };
    return pa;
}

/* In use since boot, so the hypervisor's, until somebody gives it back. */
static void claim(paddr_t base, paddr_t end, void *unused)
{
    (void)unused;
    for (mfn_t mfn = paddr_to_mfn(base); mfn.n < end >> PAGE_SHIFT; mfn.n++)
        frame_of(mfn)->node.owner = FRAME_OWNER_HV;
}

void frame_table_init(void)
{
    struct array table = {
        .base = FRAME_TABLE_BASE,
        .element_size = sizeof(struct frame),
        .fill = 0,
    };
    struct array m2p = {
        .base = M2P_RW_BASE,
        .mirror = M2P_RO_BASE,
        .element_size = sizeof(unsigned long),
        .fill = 0xff,
    };

    frame_count = boot_ram_end() >> PAGE_SHIFT;
    boot_ram_for_each(map_ram, &table);
    boot_ram_for_each(map_ram, &m2p);
    paging_fill_holes(table.base, table.base + frame_count * sizeof(struct frame), hole_page());
    boot_used_for_each(claim, NULL);
}

void frame_table_setup_buddy(struct buddy *buddy)
{
    buddy_init(buddy, &frame_table()->node, sizeof(struct frame), (uint32_t)frame_count);
}
