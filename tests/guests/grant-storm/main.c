/* SPDX-License-Identifier: MIT */
/*
 * Claim: domains map each other's pages in long lists and copy them, while any of them may die in
 *     the middle of it and come again: what is mapped is the page that was granted, each call ends
 *     with one of its statuses, and no count is wrong afterwards.
 * Rule: GRANT-2, GRANT-3, GRANT-4, GRANT-8; invariants C1 and F3
 * Runs on: xen-lite, xen-domu
 * Ends: poweroff
 *
 * Each domain grants a page to each number near its own, and uses what those grant to it; alone it
 * has itself. "ms=N": for how long. tests/qemu/test_life.py kills some of these at random moments.
 */
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define NEAR  8 /* numbers on either side */
#define FIRST 16
#define LIST  32
#define IDS   256 /* numbers are used in a circle of that size */

static domid_t self;
static uint64_t *page, *windows[LIST], *copy;
static grant_handle_t handles[LIST];
static unsigned long mapped, copied;

/* The domain that is `distance` - NEAR numbers from `from`. */
static domid_t near(domid_t from, unsigned distance)
{
    return (domid_t)((from + IDS - 1 + distance - NEAR) % IDS + 1);
}

static uint64_t tag(domid_t id)
{
    return 0x9ea70000u + id;
}

/* Of a granter's entries the one for this domain. */
static grant_ref_t ref_of(unsigned distance)
{
    return FIRST + 2 * NEAR - distance;
}

static void lend(void)
{
    grant_setup(1);
    for (unsigned i = 0; i < PAGE_SIZE / sizeof(*page); i++)
        page[i] = tag(self);
    for (unsigned distance = 0; distance <= 2 * NEAR; distance++)
        grant_page(FIRST + distance, distance == NEAR ? self : near(self, distance), page,
                   GTF_permit_access);
}

static void status_ok(int status)
{
    expect_true(status <= 0 && status >= GNTST_no_space, "status %d", status);
}

static void tlb_flush_local(void)
{
    struct mmuext_op op = { .cmd = MMUEXT_TLB_FLUSH_LOCAL };

    expect(CALL(mmuext_op, &op, 1, NULL, DOMID_SELF), 0, "flush");
}

static void map_list(domid_t from, unsigned distance, unsigned count)
{
    static struct gnttab_map_grant_ref list[LIST];

    for (unsigned i = 0; i < count; i++)
        list[i] = (struct gnttab_map_grant_ref){ .host_addr = (unsigned long)windows[i],
                                                 .flags = i % 3 ? GNTMAP_host_map
                                                                : GNTMAP_host_map | GNTMAP_readonly,
                                                 .ref = ref_of(distance),
                                                 .dom = from,
                                                 .status = 1 };
    expect(CALL(grant_table_op, GNTTABOP_map_grant_ref, list, count), 0, "map");
    /* Where one of the own pages was left before, only this kernel knows that it is not any more.
     */
    tlb_flush_local();
    for (unsigned i = 0; i < count; i++) {
        status_ok(list[i].status);
        if (list[i].status != GNTST_okay)
            continue;
        handles[i] = list[i].handle;
        expect_hex(*(volatile uint64_t *)windows[i], tag(from), "the page of domain %u", from);
        mapped++;
    }
}

static void copy_list(domid_t from, unsigned distance, unsigned count)
{
    static struct gnttab_copy list[LIST];

    for (unsigned i = 0; i < count; i++)
        list[i] = (struct gnttab_copy){ .source = grant_end(from, ref_of(distance), 0),
                                        .dest = page_end(copy, 0),
                                        .len = 4096,
                                        .flags = GNTCOPY_source_gref,
                                        .status = 1 };
    expect(CALL(grant_table_op, GNTTABOP_copy, list, count), 0, "copy");
    for (unsigned i = 0; i < count; i++) {
        status_ok(list[i].status);
        copied += list[i].status == GNTST_okay;
    }
    if (list[count - 1].status == GNTST_okay)
        expect_hex(copy[511], tag(from), "the copy from domain %u", from);
}

/* Now and then one is left out: the next mapping there takes its place, and only its pin stays. */
static void unmap_list(unsigned count, unsigned left_out)
{
    static struct gnttab_unmap_grant_ref list[LIST];

    for (unsigned i = 0; i < count; i++)
        list[i] =
            (struct gnttab_unmap_grant_ref){ .host_addr =
                                                 i == left_out ? 0 : (unsigned long)windows[i],
                                             .handle = handles[i],
                                             .status = 1 };
    expect(CALL(grant_table_op, GNTTABOP_unmap_grant_ref, list, count), 0, "unmap");
    for (unsigned i = 0; i < count; i++)
        status_ok(list[i].status);
}

void test_main(void)
{
    uint64_t end = system_time() + option_number("ms=", 100) * 1000000;

    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    self = own_domain();
    page = page_new();
    copy = page_new();
    for (unsigned i = 0; i < LIST; i++)
        windows[i] = page_new();
    lend();
    /* The first turn in any case: beside busy neighbours all the time may pass at once. */
    for (unsigned turn = 0; turn == 0 || system_time() < end; turn++) {
        unsigned distance = turn % 4 == 0 ? NEAR : turn % (2 * NEAR + 1), count = 1 + turn % LIST;
        domid_t from = distance == NEAR ? self : near(self, distance);

        map_list(from, distance, count);
        copy_list(from, distance, count);
        unmap_list(count, turn % 64);
    }
    expect_true(mapped > 0 && copied > 0, "%lu mapped, %lu copied", mapped, copied);
}
