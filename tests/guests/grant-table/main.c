/* SPDX-License-Identifier: MIT */
/*
 * Claim: a domain has a grant table of one frame, which grows up to its limit and no further; its
 *     format changes between 1 and 2 while no entry is in use, and keeps the first eight; entries
 *     are swapped; other domains' tables are none of its business; wrong calls are told apart.
 * Rule: GRANT-2, GRANT-3, GRANT-15, GRANT-16, GRANT-17, GRANT-21, GRANT-22, GRANT-23, GRANT-24,
 *     GRANT-27, GRANT-29, GRANT-30, GRANT-31, GRANT-32, HCALL-2, HCALL-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define NOBODY 0x7000

static domid_t self;

/* Xen forgets to tell a 32-bit guest that its list could not be written (docs/differences.md). */
static int bad_list(void)
{
    return sizeof(long) == 8 || is_xen_lite() ? GNTST_bad_virt_addr : GNTST_okay;
}

static struct gnttab_query_size query(domid_t domain)
{
    struct gnttab_query_size size = { .dom = domain, .status = 1 };

    expect(grant_op(GNTTABOP_query_size, &size), 0, "query_size");
    return size;
}

static int setup(domid_t domain, uint32_t frames, unsigned long list)
{
    struct gnttab_setup_table op = {
        .dom = domain, .nr_frames = frames, .status = 1, .frame_list = list
    };

    expect(grant_op(GNTTABOP_setup_table, &op), 0, "setup_table of %u frames", frames);
    return op.status;
}

static void sizes(void)
{
    static unsigned long list[1024], again[1024];
    struct gnttab_query_size size = query(DOMID_SELF);

    expect(size.status, GNTST_okay, "the own size");
    expect_true(size.nr_frames >= 1 && size.max_nr_frames >= size.nr_frames, "%u frames of %u",
                size.nr_frames, size.max_nr_frames);
    expect(query(self).status, GNTST_okay, "by number");
    expect(query(NOBODY).status, GNTST_bad_domain, "nobody's size");
    expect(setup(DOMID_SELF, 0, 0), GNTST_okay, "no frame");
    expect(setup(NOBODY, 1, (unsigned long)list), GNTST_bad_domain, "nobody's table");
    expect(setup(DOMID_SELF, size.max_nr_frames + 1, (unsigned long)list), GNTST_general_error,
           "one more than the limit");
    expect((long)query(DOMID_SELF).nr_frames, (long)size.nr_frames, "frames after that");
    expect(setup(self, 3, (unsigned long)list), GNTST_okay, "three frames");
    expect(setup(DOMID_SELF, 3, UNMAPPED_ADDRESS), bad_list(), "a list that is not there");
    expect(setup(DOMID_SELF, size.max_nr_frames, (unsigned long)again), GNTST_okay, "all");
    expect((long)query(DOMID_SELF).nr_frames, (long)size.max_nr_frames, "frames then");
    for (unsigned i = 0; i < 3; i++)
        expect_hex(again[i], list[i], "frame %u is still where it was", i);
    for (unsigned i = 1; i < size.max_nr_frames; i++)
        expect_true(again[i] != again[i - 1] && again[i] != 0, "frame %u is one of its own", i);
}

static long set_version(uint32_t version, uint32_t is_then)
{
    struct gnttab_set_version op = { .version = version };
    long result = CALL(grant_table_op, GNTTABOP_set_version, &op, 1);

    expect((long)op.version, (long)is_then, "version after asking for %u", version);
    return result;
}

static long get_version(domid_t domain, uint32_t *version)
{
    struct gnttab_get_version op = { .dom = domain };
    long result = CALL(grant_table_op, GNTTABOP_get_version, &op, 1);

    *version = op.version;
    return result;
}

static int status_frames(uint32_t frames, unsigned long list)
{
    struct gnttab_get_status_frames op = {
        .nr_frames = frames, .dom = DOMID_SELF, .status = 1, .frame_list = list
    };

    expect(grant_op(GNTTABOP_get_status_frames, &op), 0, "get_status_frames");
    return op.status;
}

/* With a page in use, one that cannot be written in format 1, a status frame that is mapped. */
static void version_refusals(void)
{
    static uint64_t list[1];
    grant_handle_t handle;
    char *at = page_new();

    expect(status_frames(1, (unsigned long)list), GNTST_okay, "the status frame");
    expect(status_frames(1, UNMAPPED_ADDRESS), bad_list(), "to nowhere");
    expect(status_frames(1000, UNMAPPED_ADDRESS), GNTST_general_error, "too many of them");
    expect(map(at, list[0] << 12 | PTE_RW), 0, "map it");
    expect(set_version(1, 2), -XEN_EBUSY, "a status frame is mapped");
    expect(map(at, 0), 0, "unmap it");

    grant_v2(4)->hdr.flags = GTF_transitive;
    expect(set_version(1, 2), -XEN_ERANGE, "a transitive entry among the first");
    grant_v2(4)->hdr.flags = GTF_invalid;

    grant_v2(9)->full_page.frame = mfn_of(page_new());
    grant_v2(9)->hdr.domid = self;
    grant_v2(9)->hdr.flags = GTF_permit_access;
    expect(grant_map_at(self, 9, at, 0, &handle), GNTST_okay, "map an own grant");
    expect(set_version(1, 2), -XEN_EBUSY, "an entry is in use");
    expect(grant_unmap_at(handle, at), GNTST_okay, "unmap it");
}

static void versions(void)
{
    uint32_t version;
    char *page = page_new();

    expect(get_version(NOBODY, &version), -XEN_ESRCH, "nobody's version");
    expect(get_version(self, &version), 0, "the own version");
    expect((long)version, 1, "which is");
    expect(set_version(3, 1), -XEN_EINVAL, "version 3");
    expect(set_version(0, 1), -XEN_EINVAL, "version 0");
    expect(status_frames(0, 0), GNTST_okay, "no status frames");
    expect(status_frames(1, 0), GNTST_general_error, "there are none");

    grant_page(5, NOBODY, page, GTF_permit_access | GTF_readonly);
    grant_page(10, NOBODY, page, GTF_permit_access);
    expect(set_version(2, 2), 0, "version 2");
    expect(grant_v2(5)->hdr.flags, GTF_permit_access | GTF_readonly, "entry 5 is kept");
    expect(grant_v2(5)->hdr.domid, NOBODY, "with its domain");
    expect_hex(grant_v2(5)->full_page.frame, mfn_of(page), "and its frame");
    expect(grant_v2(10)->hdr.flags, 0, "entry 10 is not");
    version_refusals();
    expect(set_version(1, 1), 0, "version 1 again");
    expect(grant_v1(5)->flags, GTF_permit_access | GTF_readonly, "entry 5 is kept still");
    expect_hex(grant_v1(5)->frame, mfn_of(page), "with its frame");
    expect(status_frames(1, 0), GNTST_general_error, "no status frames any more");
}

static int swap(grant_ref_t a, grant_ref_t b)
{
    struct gnttab_swap_grant_ref op = { .ref_a = a, .ref_b = b, .status = 1 };

    expect(grant_op(GNTTABOP_swap_grant_ref, &op), 0, "swap_grant_ref");
    return op.status;
}

static void swaps(void)
{
    char *page = page_new(), *at = page_new();
    grant_handle_t handle;

    grant_page(20, self, page, GTF_permit_access);
    grant_mfn(600, 0, 0, GTF_invalid);
    expect(swap(20, 600), GNTST_okay, "swap");
    expect_hex(grant_v1(600)->frame, mfn_of(page), "what was 20");
    expect(grant_v1(600)->flags, GTF_permit_access, "with its flags");
    expect(grant_v1(20)->flags, GTF_invalid, "what was 600");
    expect(swap(20, 512 * 1000), GNTST_bad_gntref, "beyond the table");
    expect(swap(512 * 1000, 20), GNTST_bad_gntref, "the first one");
    expect(swap(20, 20), GNTST_okay, "with itself");
    expect(grant_map_at(self, 600, at, 0, &handle), GNTST_okay, "map it");
    expect(swap(20, 600), GNTST_eagain, "the second is in use");
    expect(swap(600, 20), GNTST_eagain, "the first is in use");
    expect(swap(600, 600), GNTST_okay, "in use, with itself");
    expect(grant_unmap_at(handle, at), GNTST_okay, "unmap it");
}

static long flush(uint64_t address, unsigned offset, unsigned length, uint32_t op)
{
    struct gnttab_cache_flush flush = { .offset = (uint16_t)offset,
                                        .length = (uint16_t)length,
                                        .op = op };

    flush.a.dev_bus_addr = address;
    return grant_op(GNTTABOP_cache_flush, &flush);
}

/* A 32-bit guest may ask for none of what has lists. */
#define NO_ELEMENT (sizeof(long) == 8 ? -XEN_EINVAL : 0)

static void calls(void)
{
    char *gift_page = page_new();
    uint64_t address = machine_of(gift_page);
    struct gnttab_query_size size = { .dom = DOMID_SELF };
    struct gnttab_dump_table dump = { .dom = DOMID_SELF };
    struct gnttab_transfer gift = { .mfn = (unsigned long)(address / PAGE_SIZE),
                                    .domid = NOBODY,
                                    .status = 1 };

    expect(flush(address, 0, 64, GNTTAB_CACHE_CLEAN), 0, "clean");
    expect(flush(address, 0, 4096, GNTTAB_CACHE_CLEAN | GNTTAB_CACHE_INVAL), 0, "clean and drop");
    expect(flush(address, 0, 64, GNTTAB_CACHE_INVAL), -XEN_EOPNOTSUPP, "drop");
    expect(flush(address, 0, 0, GNTTAB_CACHE_INVAL), 0, "nothing");
    expect(flush(address, 4095, 2, GNTTAB_CACHE_CLEAN), -XEN_EINVAL, "beyond the page");
    expect(flush(address, 0, 64, 4), -XEN_EINVAL, "an unknown operation");
    expect(flush(~0xfffull & PTE_FRAME, 0, 64, GNTTAB_CACHE_CLEAN), -XEN_EINVAL, "no memory");

    expect(grant_op(GNTTABOP_transfer, &gift), 0, "transfer");
    expect(gift.status, GNTST_bad_page, "of a frame in use, to nobody");

    expect(map(gift_page, 0), 0, "unmap it");
    gift.domid = self;
    gift.ref = 512 * 1000;
    expect(grant_op(GNTTABOP_transfer, &gift), 0, "transfer");
    expect(gift.status, GNTST_general_error, "to an entry beyond the table");

    expect(grant_op(GNTTABOP_dump_table, &dump), -XEN_ENOSYS, "dump_table");
    expect(grant_op(13, &dump), -XEN_ENOSYS, "operation 13");
    expect(CALL(grant_table_op, GNTTABOP_query_size, &size, 2), -XEN_EINVAL, "two sizes");
    expect(CALL(grant_table_op, GNTTABOP_query_size, &size, 0), -XEN_EINVAL, "no size");
    expect(CALL(grant_table_op, GNTTABOP_setup_table, &size, 0), NO_ELEMENT, "no table");
    expect(CALL(grant_table_op, GNTTABOP_setup_table, UNMAPPED_ADDRESS, 0), NO_ELEMENT,
           "no table, nowhere");
    expect(CALL(grant_table_op, GNTTABOP_get_status_frames, &size, 0), NO_ELEMENT,
           "no status frames");
    expect(CALL(grant_table_op, GNTTABOP_setup_table, &size, 2), -XEN_EINVAL, "two tables");
    expect(CALL(grant_table_op, GNTTABOP_get_status_frames, &size, 2), -XEN_EINVAL,
           "status frames twice");
    expect(CALL(grant_table_op, GNTTABOP_map_grant_ref, &size, 0x80000000u), -XEN_EINVAL,
           "2^31 elements");
    expect(CALL(grant_table_op, GNTTABOP_map_grant_ref | 0x1000, &size, 1), -XEN_EINVAL,
           "upper bits of the operation");
    expect(CALL(grant_table_op, GNTTABOP_map_grant_ref, 0, 0), 0, "an empty list");
    expect(CALL(grant_table_op, GNTTABOP_map_grant_ref, UNMAPPED_ADDRESS, 1), -XEN_EFAULT,
           "a list that is not there");
    expect(CALL(grant_table_op, GNTTABOP_query_size, UNMAPPED_ADDRESS, 1), -XEN_EFAULT,
           "an argument that is not there");
    expect(CALL(grant_table_op, GNTTABOP_copy, HYPERVISOR_ADDRESS, 1), -XEN_EFAULT,
           "the hypervisor's area");
}

void test_main(void)
{
    self = own_domain();
    grant_setup(2);
    versions();
    swaps();
    sizes();
    calls();
}
