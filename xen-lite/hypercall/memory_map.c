/* SPDX-License-Identifier: MIT */
/*
 * memory_op: memory_map and set_memory_map, the list of ranges that a domain shall take for its
 * memory. The hypervisor only keeps it: a domain starts with one range, all that it may ever have,
 * and can write down another list for whatever kernel it starts next.
 */
#include "hv/alloc.h"
#include "domain/guest_struct.h"
#include "hypercall/memory_extents.h"
#include "lib/string.h"
#include "x86/guest_copy.h"

/* Xen's number. */
#define MAP_ENTRIES_MAX 1024

/* Entries that are copied in one hold of the lock: none is held across a guest copy. */
#define CHUNK 16

/* Copies entries `from` on into chunk; how many there were. */
static uint32_t read_chunk(struct domain *d, uint32_t from, struct e820entry *chunk)
{
    uint32_t n;

    spin_lock(&d->page_lock);
    n = from < d->map_entries ? min(d->map_entries - from, (uint32_t)CHUNK) : 0;
    if (n != 0)
        memcpy(chunk, &d->map[from], n * sizeof(*chunk));
    spin_unlock(&d->page_lock);
    return n;
}

/* Copies as many entries out as the guest has room for: the number, or -XEN_EFAULT. If another vCPU
 * changes the list meanwhile, that is the guest's affair. */
static long copy_entries(struct domain *d, const struct xen_memory_map_64 *map)
{
    struct e820entry chunk[CHUNK];
    uint32_t i = 0, n;

    while (i < map->nr_entries && (n = read_chunk(d, i, chunk)) != 0) {
        n = min(n, map->nr_entries - i);
        if (guest_copy_out(guest_index(GVA(map->buffer), i, sizeof(*chunk)), chunk,
                           n * sizeof(*chunk)) != 0)
            return -XEN_EFAULT;
        i += n;
    }
    return i;
}

/* IN/OUT: struct xen_memory_map, .nr_entries: room, then how many were written. -ENOSYS (MEM-11)
 * where there is no list. */
long memory_map(struct hcall *h)
{
    struct domain *d = h->v->domain;
    struct xen_memory_map_64 map;
    long count;

    if (guest_struct_in(h->v, &xen_memory_map_forms, &map, GVA(h->arg[1])) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct xen_memory_map at %lx", h->arg[1]);
    if (READ_ONCE(d->map_entries) == 0)
        return refuse(h->v, RULE_MEM_11, "no entries");

    count = copy_entries(d, &map);
    if (count < 0)
        return refuse(h->v, RULE_HCALL_2, "buffer at %lx", map.buffer);

    map.nr_entries = (uint32_t)count;
    if (guest_struct_out(h->v, &xen_memory_map_forms, GVA(h->arg[1]), &map) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct xen_memory_map at %lx", h->arg[1]);
    return 0;
}

static void replace(struct domain *d, struct e820entry *entries, uint32_t count)
{
    struct e820entry *old;

    spin_lock(&d->page_lock);
    old = d->map;
    d->map = entries;
    d->map_entries = count;
    spin_unlock(&d->page_lock);
    hv_free(old);
}

/* IN: struct xen_foreign_memory_map; no entries: none. -EINVAL (MEM-20), -ESRCH and -EPERM for
 * another domain, -ENOMEM (MEM-13). */
long memory_set_map(struct hcall *h)
{
    struct xen_foreign_memory_map_64 map;
    struct e820entry *entries = NULL;
    size_t size;
    long result;

    if (guest_struct_in(h->v, &xen_foreign_memory_map_forms, &map, GVA(h->arg[1])) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct xen_foreign_memory_map at %lx", h->arg[1]);
    if (map.map.nr_entries > MAP_ENTRIES_MAX)
        return refuse(h->v, RULE_MEM_20, "%u entries", map.map.nr_entries);
    result = memory_check_domain(h->v, map.domid);
    if (result != 0)
        return result;

    size = map.map.nr_entries * sizeof(*entries);
    if (size != 0) {
        entries = hv_alloc(size);
        if (entries == NULL)
            return refuse(h->v, RULE_MEM_13, "a map of %u entries", map.map.nr_entries);
        if (guest_copy_in(entries, GVA(map.map.buffer), size) != 0) {
            hv_free(entries);
            return refuse(h->v, RULE_HCALL_2, "buffer at %lx", map.map.buffer);
        }
    }
    replace(h->v->domain, entries, map.map.nr_entries);
    return 0;
}
