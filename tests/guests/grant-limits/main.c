/* SPDX-License-Identifier: MIT */
/*
 * Claim: a grant table and the mapping track have the sizes that the boot options set, and not one
 *     more; a handle that is given back can be had again; what the options switch off is refused.
 * Rule: GRANT-10, GRANT-16, GRANT-31, GRANT-33
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --hypervisor-args "gnttab_max_frames=2 gnttab_max_maptrack_frames=1
 *     gnttab=max-ver:1,transfer=off"
 */
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define FIRST    20
#define EACH     100 /* mappings of one entry */
#define MAPPINGS 256 /* on a frame of the track */

static domid_t self;
static grant_handle_t handles[MAPPINGS + EACH];
static uint64_t bus_address;

/* The end of Xen's list of free handles is never used. */
static long most(void)
{
    return is_xen_lite() ? MAPPINGS : MAPPINGS - 1;
}

static int map_for_device(unsigned number)
{
    struct gnttab_map_grant_ref op;
    int status =
        grant_map(&op, self, FIRST + number / EACH, 0, GNTMAP_device_map | GNTMAP_readonly);

    handles[number] = op.handle;
    return status;
}

static void table(void)
{
    struct gnttab_query_size size = { .dom = DOMID_SELF, .status = 1 };
    unsigned long list[3];
    struct gnttab_setup_table setup = { .dom = DOMID_SELF,
                                        .nr_frames = 3,
                                        .frame_list = (unsigned long)list };

    expect(grant_op(GNTTABOP_query_size, &size), 0, "query_size");
    expect((long)size.max_nr_frames, 2, "frames at most");
    expect(grant_op(GNTTABOP_setup_table, &setup), 0, "setup_table");
    expect(setup.status, GNTST_general_error, "three frames");
    setup.nr_frames = 2;
    expect(grant_op(GNTTABOP_setup_table, &setup), 0, "setup_table");
    expect(setup.status, GNTST_okay, "two frames");
}

static void track(void)
{
    unsigned n = 0;
    int status;

    while ((status = map_for_device(n)) == GNTST_okay && n < COUNT(handles) - 1)
        n++;
    expect(status, GNTST_no_space, "when the track is full");
    expect((long)n, most(), "mappings then");
    expect(grant_unmap(handles[7], 0, bus_address), GNTST_okay, "unmap one");
    expect(map_for_device(7), GNTST_okay, "and map it again");
    expect(map_for_device(n), GNTST_no_space, "one more");
    while (n-- > 0)
        expect(grant_unmap(handles[n], 0, bus_address), GNTST_okay, "unmap mapping %u", n);
}

static void switched_off(void)
{
    struct gnttab_set_version version = { .version = 2 };
    struct gnttab_transfer transfer = { .domid = self, .ref = FIRST };

    expect(CALL(grant_table_op, GNTTABOP_set_version, &version, 1), -XEN_ENOSYS, "format 2");
    expect((long)version.version, 1, "what the format is");
    expect(CALL(grant_table_op, GNTTABOP_transfer, &transfer, 1), -XEN_EOPNOTSUPP, "transfer");
}

void test_main(void)
{
    char *page = page_new();

    self = own_domain();
    bus_address = machine_of(page);
    grant_setup(1);
    for (unsigned i = 0; i < 4; i++)
        grant_page(FIRST + i, self, page, GTF_permit_access);
    table();
    track();
    switched_off();
}
