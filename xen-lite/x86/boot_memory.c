/* SPDX-License-Identifier: MIT */
/*
 * The boot-time list of RAM and what of it is in use.
 *
 * Firmware's map may be unsorted and may overlap itself; where RAM and anything else claim the same
 * page it is not RAM. Both lists here are sorted, without overlaps and in whole pages. They are
 * needed during boot only.
 */
#include "x86/boot_memory.h"

#include "core/framebuffer.h"
#include "lib/string.h"
#include "x86/feature.h"
#include "x86/image.h"
#include "x86/report.h"

#define LOW_MEMORY_END MIB

struct range {
    paddr_t base, end;
};

struct range_list {
    struct range range[2 * BOOT_MAX_RANGES];
    unsigned int count;
};

static struct range_list ram BOOT_ONLY;
static struct range_list used BOOT_ONLY;
static paddr_t reachable_end = 4 * GIB;

/* Lists are short (firmware has some ten ranges), so that moving the rest costs nothing. */
static void remove_at(struct range_list *list, unsigned int i)
{
    list->count--;
    memmove(&list->range[i], &list->range[i + 1], (list->count - i) * sizeof(struct range));
}

static void insert_at(struct range_list *list, unsigned int i, paddr_t base, paddr_t end)
{
    if (list->count == ARRAY_SIZE(list->range))
        machine_panic("the memory map has too many pieces");
    memmove(&list->range[i + 1], &list->range[i], (list->count - i) * sizeof(struct range));
    list->range[i] = (struct range){ base, end };
    list->count++;
}

/* Adds [base, end), merging it with what it overlaps or touches. */
static void list_add(struct range_list *list, paddr_t base, paddr_t end)
{
    unsigned int i = 0;

    if (base >= end)
        return;
    while (i < list->count && list->range[i].end < base)
        i++;
    while (i < list->count && list->range[i].base <= end) {
        base = min(base, list->range[i].base);
        end = max(end, list->range[i].end);
        remove_at(list, i);
    }
    insert_at(list, i, base, end);
}

/* Cuts [base, end) out of the list. */
static void list_cut(struct range_list *list, paddr_t base, paddr_t end)
{
    unsigned int i = 0;

    while (i < list->count) {
        struct range r = list->range[i];

        if (r.end <= base || r.base >= end) {
            i++;
            continue;
        }
        remove_at(list, i);
        if (end < r.end)
            insert_at(list, i, end, r.end);
        if (r.base < base)
            insert_at(list, i++, r.base, base);
    }
}

void boot_memory_init(const struct boot_info *info)
{
    struct framebuffer screen;
    struct problem problem;

    for (unsigned int i = 0; i < info->range_count; i++) {
        const struct boot_range *r = &info->ranges[i];

        if (r->type == BOOT_MEMORY_RAM)
            list_add(&ram, round_up(r->base, PAGE_SIZE), round_down(r->base + r->size, PAGE_SIZE));
    }
    for (unsigned int i = 0; i < info->range_count; i++) {
        const struct boot_range *r = &info->ranges[i];

        if (r->type != BOOT_MEMORY_RAM)
            list_cut(&ram, round_down(r->base, PAGE_SIZE), round_up(r->base + r->size, PAGE_SIZE));
    }
    /* Firmware may keep the screen in what it calls RAM. It is nobody's, used or not. */
    if (framebuffer_read(&info->framebuffer, features.address_bits, &screen, &problem))
        list_cut(&ram, round_down(screen.address, PAGE_SIZE),
                 round_up(screen.address + screen.size, PAGE_SIZE));
    /* What the direct map has no room for is as good as not there. */
    list_cut(&ram, DIRECT_MAP_END - DIRECT_MAP_BASE, UINT64_MAX & PAGE_MASK);
    if (ram.count == 0)
        machine_panic("the boot loader passed no memory map");

    /* The first MiB is never handed out: firmware keeps its things there, and the trampoline of
     * other CPUs needs a page. */
    list_add(&used, 0, LOW_MEMORY_END);
    list_add(&used, IMAGE_PHYS, image_paddr(image_end));
    for (unsigned int i = 0; i < info->module_count; i++)
        boot_memory_reserve(info->modules[i].start, info->modules[i].end);
}

void boot_memory_reserve(paddr_t base, paddr_t end)
{
    list_add(&used, round_down(base, PAGE_SIZE), round_up(end, PAGE_SIZE));
}

/* The highest place for size bytes in [base, end) that is not in use; 0 if there is none. */
static paddr_t find_below(paddr_t base, paddr_t end, uint64_t size, uint64_t align)
{
    unsigned int i = used.count;

    while (end >= base + size) {
        paddr_t place = round_down(end - size, align);

        while (i > 0 && used.range[i - 1].base >= place + size)
            i--;
        if (place < base)
            return 0;
        if (i == 0 || used.range[i - 1].end <= place)
            return place;
        end = used.range[i - 1].base;
    }
    return 0;
}

paddr_t boot_memory_alloc(uint64_t size, uint64_t align)
{
    for (unsigned int i = ram.count; i > 0; i--) {
        struct range r = ram.range[i - 1];
        paddr_t place = find_below(r.base, min(r.end, reachable_end), size, align);

        if (place != 0) {
            list_add(&used, place, place + size);
            return place;
        }
    }
    machine_panic("out of memory during boot (%lu KiB wanted, the machine has %lu MiB)", size / KIB,
                  boot_ram_size() / MIB);
}

void boot_memory_reach_all(void)
{
    reachable_end = UINT64_MAX;
}

void boot_ram_for_each(boot_range_fn *f, void *arg)
{
    for (unsigned int i = 0; i < ram.count; i++)
        f(ram.range[i].base, ram.range[i].end, arg);
}

/* Where the two lists meet: what is in use but no RAM (a hole below 1 MiB) has no frame. */
void boot_used_for_each(boot_range_fn *f, void *arg)
{
    for (unsigned int i = 0; i < ram.count; i++) {
        for (unsigned int j = 0; j < used.count; j++) {
            paddr_t base = max(ram.range[i].base, used.range[j].base);
            paddr_t end = min(ram.range[i].end, used.range[j].end);

            if (base < end)
                f(base, end, arg);
        }
    }
}

/* What lies between the pieces in use. */
void boot_free_for_each(boot_range_fn *f, void *arg)
{
    for (unsigned int i = 0; i < ram.count; i++) {
        paddr_t base = ram.range[i].base;

        for (unsigned int j = 0; j < used.count && base < ram.range[i].end; j++) {
            if (used.range[j].end <= base)
                continue;
            paddr_t end = min(ram.range[i].end, used.range[j].base);

            if (base < end)
                f(base, end, arg);
            base = max(base, used.range[j].end);
        }
        if (base < ram.range[i].end)
            f(base, ram.range[i].end, arg);
    }
}

paddr_t boot_ram_end(void)
{
    return ram.range[ram.count - 1].end;
}

uint64_t boot_ram_size(void)
{
    uint64_t size = 0;

    for (unsigned int i = 0; i < ram.count; i++)
        size += ram.range[i].end - ram.range[i].base;
    return size;
}

paddr_t boot_memory_low_page(void)
{
    for (unsigned int i = ram.count; i > 0; i--) {
        paddr_t end = min(ram.range[i - 1].end, (paddr_t)LOW_MEMORY_END);

        /* Not page 0: it holds the BIOS's own table, and 0 means none. */
        if (ram.range[i - 1].base < end && end - PAGE_SIZE != 0)
            return end - PAGE_SIZE;
    }
    return 0;
}
