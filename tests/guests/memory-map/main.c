/* SPDX-License-Identifier: MIT */
/*
 * Claim: a domain's memory map is one range at first, all that it may have; it can write another
 *     list of up to 1024 entries, and reads back as much as it has room for.
 * Rule: MEM-11, MEM-20, HCALL-8, HCALL-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define MOST      1024
#define UNTOUCHED 0x55

static struct e820entry list[MOST + 1], back[MOST + 1];

static long set(const void *buffer, uint32_t count, domid_t id)
{
    struct xen_foreign_memory_map map = {
        .domid = id,
        .map = { .nr_entries = count, .buffer = (unsigned long)buffer },
    };

    return CALL(memory_op, XENMEM_set_memory_map, &map);
}

static long get(void *buffer, uint32_t *count)
{
    struct xen_memory_map map = { .nr_entries = *count, .buffer = (unsigned long)buffer };
    long result = CALL(memory_op, XENMEM_memory_map, &map);

    *count = map.nr_entries;
    return result;
}

/* The initial domain has none at first. */
static void at_first(void)
{
    uint32_t count = 5;

    if (is_initial_domain())
        return;
    expect(get(back, &count), 0, "the first map");
    expect(count, 1, "its entries");
    expect_hex(back[0].addr, 0, "where it begins");
    expect_true(back[0].size >= start_info->nr_pages * PAGE_SIZE, "it covers nr_pages");
    expect(back[0].type, E820_RAM, "its type");
}

static void write_and_read(uint32_t entries, uint32_t room)
{
    uint32_t count = room, wanted = entries < room ? entries : room;
    const uint8_t *behind = (const uint8_t *)&back[wanted];

    memset(back, UNTOUCHED, sizeof(back));
    expect(set(list, entries, DOMID_SELF), 0, "write %u entries", entries);
    expect(get(back, &count), 0, "read with room for %u", room);
    expect(count, wanted, "entries read of %u with room for %u", entries, room);
    expect(memcmp(back, list, wanted * sizeof(*list)), 0, "the %u entries that came back", wanted);
    expect(*behind, UNTOUCHED, "the byte behind them");
}

void test_main(void)
{
    uint32_t count = 0;

    for (unsigned i = 0; i <= MOST; i++)
        list[i] = (struct e820entry){ .addr = i * 0x10001ul, .size = ~0ul / (i + 1), .type = i };
    at_first();
    write_and_read(1, MOST);
    write_and_read(17, 17);
    write_and_read(33, 5);
    write_and_read(16, 0);
    write_and_read(MOST, MOST);

    expect(set(list, MOST + 1, DOMID_SELF), -XEN_EINVAL, "one entry too many");
    expect(set(list, ~0u, 0x7000), -XEN_EINVAL, "many too many, for nobody");
    expect(set(list, 1, 0x7000), -XEN_ESRCH, "for nobody");
    expect(set((void *)UNMAPPED_ADDRESS, 1, DOMID_SELF), -XEN_EFAULT, "from nowhere");
    expect(CALL(memory_op, XENMEM_set_memory_map, UNMAPPED_ADDRESS), -XEN_EFAULT, "no structure");
    count = MOST;
    expect(get(back, &count), 0, "read after the refusals");
    expect(count, MOST, "entries then");
    count = 1;
    expect(get((void *)UNMAPPED_ADDRESS, &count), -XEN_EFAULT, "read to nowhere");
    count = 0;
    expect(get((void *)UNMAPPED_ADDRESS, &count), 0, "read nothing to nowhere");

    expect(set(NULL, 0, DOMID_SELF), 0, "write none");
    expect(get(back, &count), -XEN_ENOSYS, "read then");
}
