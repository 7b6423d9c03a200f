/* SPDX-License-Identifier: MIT */
/*
 * Regions, and the pages in them: zeroed ones on demand, copies of shared ones when they are
 * written to.
 *
 * The machine collects changes of page tables until machine_map_flush, so that many cost little
 * more than one; until then machine_lookup sees what was there before. A page is given back only
 * after the flush: until then a TLB may still know it.
 */
#include "kernel/memory.h"

#include "kernel/pages.h"
#include "kernel/process.h"

#define BATCH 64 /* pages that are taken away with one flush */

static void drop_pages(struct memory *memory, uintptr_t start, uintptr_t end)
{
    void *pages[BATCH];
    unsigned count, access;

    do {
        for (count = 0; count < BATCH; count++) {
            pages[count] = machine_lookup(memory->space, &start, end, &access);
            if (!pages[count])
                break;
            machine_unmap(memory->space, start);
            start += PAGE_SIZE;
        }
        machine_map_flush();
        for (unsigned i = 0; i < count; i++)
            page_put(pages[i]);
        memory->pages -= count;
    } while (count == BATCH);
}

/* The pages of one region are both memories' from now on, and read-only to both. */
static bool share_pages(struct memory *to, struct memory *from, const struct region *region)
{
    unsigned access;
    void *page;

    for (uintptr_t at = region->start;
         (page = machine_lookup(from->space, &at, region->end, &access)) != NULL; at += PAGE_SIZE) {
        if (!machine_map(to->space, at, page, access & ~(unsigned)ACCESS_WRITE))
            return false;
        page_share(page);
        to->pages++;

        /* Cannot fail: the tables are there. */
        if (access & ACCESS_WRITE)
            machine_map(from->space, at, page, access & ~(unsigned)ACCESS_WRITE);
    }
    return true;
}

/* ---- A memory's life ---- */

struct memory *memory_create(void)
{
    struct memory *memory = heap_get(sizeof(*memory));

    if (!memory)
        return NULL;
    memory->space = machine_space_create();
    if (!memory->space) {
        heap_put(memory);
        return NULL;
    }
    return memory;
}

struct memory *memory_copy(struct memory *from)
{
    struct memory *to = memory_create();

    if (!to)
        return NULL;
    for (struct region *region = from->regions; region; region = region->next) {
        if (memory_add(to, region->start, region->end, region->access) != 0 ||
            !share_pages(to, from, region)) {
            memory_destroy(to);
            return NULL;
        }
    }
    to->heap_start = from->heap_start;
    to->heap_end = from->heap_end;
    machine_map_flush();
    return to;
}

void memory_destroy(struct memory *memory)
{
    struct region *region;

    while ((region = memory->regions) != NULL) {
        memory->regions = region->next;
        heap_put(region);
    }
    machine_space_destroy(memory->space, page_put);
    heap_put(memory);
}

unsigned long memory_pages(const struct memory *memory)
{
    return memory ? memory->pages : 0;
}

/* ---- Regions ---- */

long memory_add(struct memory *memory, uintptr_t start, uintptr_t end, unsigned access)
{
    struct region **link = &memory->regions;
    struct region *before = NULL, *region;

    if (start < USER_START || end > USER_END || start >= end)
        return -API_ENOMEM;
    for (; *link && (*link)->end <= start; link = &(*link)->next)
        before = *link;
    if (*link && (*link)->start < end)
        return -API_EEXIST;

    /* A heap that grows stays one region. */
    if (before && before->end == start && before->access == access) {
        before->end = end;
        return 0;
    }
    region = heap_get(sizeof(*region));
    if (!region)
        return -API_ENOMEM;
    *region = (struct region){ start, end, access, *link };
    *link = region;
    return 0;
}

/* Takes [start, end) out of the list. `spare` becomes the second half of a region that is cut in
 * two; what is left of it is the result. */
static struct region *cut(struct memory *memory, uintptr_t start, uintptr_t end,
                          struct region *spare)
{
    struct region **link = &memory->regions;
    struct region *region;

    while ((region = *link) != NULL && region->start < end) {
        bool left = region->start<start, right = region->end> end;

        if (region->end <= start) {
            link = &region->next;
        } else if (left && right) {
            *spare = (struct region){ end, region->end, region->access, region->next };
            region->next = spare;
            region->end = start;
            return NULL;
        } else if (left) {
            region->end = start;
        } else if (right) {
            region->start = end;
        } else {
            *link = region->next;
            heap_put(region);
        }
    }
    return spare;
}

long memory_remove(struct memory *memory, uintptr_t start, uintptr_t end)
{
    struct region *spare;

    if (start == end)
        return 0;
    spare = heap_get(sizeof(*spare));
    if (!spare)
        return -API_ENOMEM;
    heap_put(cut(memory, start, end, spare));
    drop_pages(memory, start, end);
    return 0;
}

uintptr_t memory_find_free(const struct memory *memory, size_t size)
{
    uintptr_t place = MMAP_START;

    for (const struct region *region = memory->regions; region; region = region->next) {
        if (region->start >= place && region->start - place >= size)
            break;
        if (region->end > place)
            place = region->end;
    }
    return place < STACK_START && STACK_START - place >= size ? place : 0;
}

static struct region *find_region(const struct memory *memory, uintptr_t address)
{
    for (struct region *region = memory->regions; region; region = region->next) {
        if (address >= region->start && address < region->end)
            return region;
    }
    return NULL;
}

bool memory_allows(const struct memory *memory, uintptr_t address, size_t size, bool write)
{
    uintptr_t end = address + size;

    if (!machine_is_user_range(address, size))
        return false;
    while (address < end) {
        const struct region *region = find_region(memory, address);

        if (!region || (write && !(region->access & ACCESS_WRITE)))
            return false;
        address = region->end;
    }
    return true;
}

/* ---- Single pages ---- */

static void *add_page(struct memory *memory, uintptr_t address, unsigned access)
{
    void *page = page_get();

    if (!page || !machine_map(memory->space, address, page, access)) {
        page_put(page);
        return NULL;
    }
    memory->pages++;
    return page;
}

void *memory_new_page(struct memory *memory, uintptr_t address)
{
    struct region *region = find_region(memory, address);

    return region ? add_page(memory, page_floor(address), region->access) : NULL;
}

void *memory_touch(struct memory *memory, uintptr_t address)
{
    uintptr_t at = page_floor(address);
    unsigned access;
    void *page = machine_lookup(memory->space, &at, at + PAGE_SIZE, &access);

    if (!page) {
        page = memory_new_page(memory, address);
        machine_map_flush(); /* the next look shall see it */
    }
    return page;
}

long memory_write(struct memory *memory, uintptr_t to, const void *from, size_t size)
{
    while (size) {
        size_t part = PAGE_SIZE - to % PAGE_SIZE;
        char *page = memory_touch(memory, to);

        if (!page)
            return -API_ENOMEM;
        if (part > size)
            part = size;
        if (!machine_copy(page + to % PAGE_SIZE, from, part))
            return -API_EFAULT;
        to += part;
        from = (const char *)from + part;
        size -= part;
    }
    return 0;
}

/* The page is there, but only to be read: since fork it may have several users. The last of them
 * needs no copy. */
static enum memory_fault make_own(struct memory *memory, uintptr_t address, void *page,
                                  unsigned access)
{
    void *own = page_is_shared(page) ? page_copy(page) : page;

    if (!own)
        return MEMORY_OUT;
    machine_map(memory->space, address, own, access); /* the tables are there: cannot fail */
    machine_map_flush();
    if (own != page)
        page_put(page);
    return MEMORY_SERVED;
}

enum memory_fault memory_fault(struct memory *memory, const struct trap *trap)
{
    struct region *region = find_region(memory, trap->address);
    uintptr_t at = page_floor(trap->address);
    unsigned access;
    void *page;

    if (!region || (trap->write && !(region->access & ACCESS_WRITE)))
        return MEMORY_REFUSED;
    page = machine_lookup(memory->space, &at, at + PAGE_SIZE, &access);
    if (!page) {
        page = add_page(memory, at, region->access);
        machine_map_flush();
        return page ? MEMORY_SERVED : MEMORY_OUT;
    }
    if (trap->write && !(access & ACCESS_WRITE))
        return make_own(memory, at, page, region->access);

    /* The page allows it. If the machine said that there was none, the lookup has brought the
     * tables up to date; else it was the execution of a page that is not for that. */
    return trap->present ? MEMORY_REFUSED : MEMORY_SERVED;
}
