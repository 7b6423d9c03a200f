/* SPDX-License-Identifier: MIT */
/*
 * Claim: bytes are copied between own frames and grants in each combination, exactly those that
 *     were named; in format 2 within a part of a page, too; what the entry, the frame or the range
 *     does not allow is refused, and then no byte changes.
 * Rule: GRANT-2, GRANT-3, GRANT-4, GRANT-5, GRANT-8, GRANT-9, GRANT-15, GRANT-18, GRANT-19,
 *     GRANT-20
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * The domain is its own granter here; tests/qemu/test_grants.py has pairs, and transitive grants.
 */
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define NOBODY 0x7000
#define FROM   20
#define TO     21
#define PAGE   4096

#define REF_REF (GNTCOPY_source_gref | GNTCOPY_dest_gref)

static domid_t self;
static unsigned char *from, *to;

static void fill(void)
{
    for (unsigned i = 0; i < PAGE; i++) {
        from[i] = (unsigned char)(i * 7 + i / 256);
        to[i] = 0xaa;
    }
}

/* Bytes [at, at + length) of `to` are those of `from` at `start`, all others are as they were. */
static void expect_copied(unsigned start, unsigned at, unsigned length, const char *what)
{
    unsigned wrong = 0;

    for (unsigned i = 0; i < PAGE; i++) {
        unsigned char wanted = i >= at && i - at < length ? from[start + i - at] : 0xaa;

        wrong += *(volatile unsigned char *)(to + i) != wanted;
    }
    expect((long)wrong, 0, "%s: bytes that are wrong", what);
    fill();
}

static void ways(void)
{
    struct gnttab_copy_ptr ends[2][2] = {
        { page_end(from, 100), grant_end(self, FROM, 100) },
        { page_end(to, 3000), grant_end(DOMID_SELF, TO, 3000) },
    };

    for (unsigned way = 0; way < 4; way++) {
        expect(grant_copy(ends[0][way & 1], ends[1][way >> 1], 333, way), GNTST_okay, "way %u",
               way);
        expect_copied(100, 3000, 333, "a part");
    }
    expect(grant_copy(grant_end(self, FROM, 0), grant_end(self, TO, 0), PAGE, REF_REF), GNTST_okay,
           "a page");
    expect_copied(0, 0, PAGE, "a page");
    expect(grant_copy(grant_end(self, FROM, PAGE), grant_end(self, TO, 17), 0, REF_REF), GNTST_okay,
           "nothing");
    expect_copied(0, 0, 0, "nothing");
    expect(grant_v1(FROM)->flags, GTF_permit_access | GTF_readonly, "no marks at the source");
    expect(grant_v1(TO)->flags, GTF_permit_access, "nor at the other end");
}

static int copy_refs(domid_t domain, grant_ref_t source, grant_ref_t dest, unsigned flags)
{
    return grant_copy(grant_end(domain, source, 0), grant_end(domain, dest, 0), 16, flags);
}

static void refusals(void)
{
    struct gnttab_copy_ptr bad = page_end(from, 0);

    expect(grant_copy(grant_end(self, FROM, 1), grant_end(self, TO, 0), PAGE, REF_REF),
           GNTST_bad_copy_arg, "beyond the source");
    expect(grant_copy(grant_end(self, FROM, 0), grant_end(self, TO, 1), PAGE, REF_REF),
           GNTST_bad_copy_arg, "beyond the other end");
    expect(grant_copy(grant_end(self, FROM, 0xffff), grant_end(self, TO, 0xffff), 0xffff, REF_REF),
           GNTST_bad_copy_arg, "far beyond");
    expect(copy_refs(NOBODY, FROM, TO, REF_REF), GNTST_bad_domain, "nobody's");
    expect(copy_refs(self, 512 * 1000, TO, REF_REF), GNTST_bad_gntref, "beyond the table");
    expect(copy_refs(self, TO, FROM, REF_REF), GNTST_general_error, "to what is read-only");
    expect(copy_refs(self, FROM, FROM + 2, REF_REF), GNTST_general_error, "an empty entry");
    bad.domid = self;
    expect(grant_copy(bad, grant_end(self, TO, 0), 16, GNTCOPY_dest_gref), GNTST_permission_denied,
           "a frame of a domain by number");
    bad.domid = DOMID_SELF;
    bad.u.gmfn = 0xfffffff0;
    expect(grant_copy(bad, grant_end(self, TO, 0), 16, GNTCOPY_dest_gref), GNTST_bad_page,
           "no memory");
    bad.u.gmfn = (unsigned long)(entry_machine(from, 1) >> 12);
    expect(grant_copy(grant_end(self, FROM, 0), bad, 16, GNTCOPY_source_gref), GNTST_general_error,
           "to a page table");
    expect(grant_copy(bad, grant_end(self, TO, 0), 16, GNTCOPY_dest_gref), GNTST_okay,
           "from a page table");
    fill();
    grant_page(FROM + 2, NOBODY, from, GTF_permit_access);
    expect(copy_refs(self, FROM + 2, TO, REF_REF), GNTST_general_error, "another's entry");
    expect_copied(0, 0, 0, "what is refused");
}

static void list_of_many(void)
{
    static struct gnttab_copy list[100];

    for (unsigned i = 0; i < COUNT(list); i++)
        list[i] = (struct gnttab_copy){ .source = grant_end(self, FROM, i * 16),
                                        .dest = grant_end(self, i == 50 ? TO + 9 : TO, i * 16),
                                        .len = 16,
                                        .flags = REF_REF,
                                        .status = 1 };
    expect(CALL(grant_table_op, GNTTABOP_copy, list, COUNT(list)), 0, "a list");
    for (unsigned i = 0; i < COUNT(list); i++)
        expect(list[i].status, i == 50 ? GNTST_general_error : GNTST_okay, "element %u", i);
    memset(to + 50 * 16, 0xaa, 16);
    memcpy(to + 50 * 16, from + 50 * 16, 16);
    expect_copied(0, 0, 1600, "a list but for one");
}

static void set_part(grant_ref_t ref, const void *page, unsigned offset, unsigned length)
{
    volatile union grant_entry_v2 *entry = grant_v2(ref);

    entry->sub_page.frame = mfn_of(page);
    entry->sub_page.page_off = (uint16_t)offset;
    entry->sub_page.length = (uint16_t)length;
    entry->hdr.domid = self;
    entry->hdr.flags = GTF_permit_access | GTF_sub_page;
}

static int copy_part(unsigned start, unsigned at, unsigned length)
{
    return grant_copy(grant_end(self, FROM, start), grant_end(self, TO, at), length, REF_REF);
}

static void parts(void)
{
    struct gnttab_set_version version = { .version = 2 };
    grant_handle_t handle;

    expect(CALL(grant_table_op, GNTTABOP_set_version, &version, 1), 0, "format 2");
    set_part(FROM, from, 1000, 50);
    set_part(TO, to, 2000, 100);
    expect(copy_part(1000, 2050, 50), GNTST_okay, "the whole part");
    expect_copied(1000, 2050, 50, "the whole part");
    expect(copy_part(999, 2000, 10), GNTST_general_error, "before it");
    expect(copy_part(1045, 2000, 6), GNTST_general_error, "behind it");
    expect(copy_part(1000, 2095, 6), GNTST_general_error, "behind the other");
    expect(copy_part(1000, 4090, 7), GNTST_bad_copy_arg, "behind the page");
    set_part(FROM, from, 0xffff, 0xffff);
    expect(copy_part(1000, 2000, 6), GNTST_general_error, "a part that is none");
    expect(grant_map_at(self, TO, from + PAGE, 0, &handle), GNTST_general_error, "map a part");
    grant_v2(FROM)->full_page.frame = mfn_of(from) | 1ull << 40;
    grant_v2(FROM)->hdr.flags = GTF_permit_access;
    expect(copy_part(0, 2000, 6), GNTST_bad_page, "a frame far up");
    grant_v2(FROM)->full_page.frame = mfn_of(from);
    expect(copy_part(0, 2000, 6), GNTST_okay, "a whole page");
    expect_copied(0, 2000, 6, "a whole page");
    grant_v2(FROM)->transitive.trans_domid = self;
    grant_v2(FROM)->transitive.gref = TO;
    grant_v2(FROM)->hdr.flags = GTF_transitive;
    expect(copy_part(2000, 2000, 6), GNTST_general_error, "transitive, to itself");
    grant_v2(FROM)->transitive.trans_domid = NOBODY;
    expect(copy_part(2000, 2000, 6), GNTST_general_error, "transitive, to nobody");
    expect_copied(0, 0, 0, "what is refused");
}

void test_main(void)
{
    self = own_domain();
    grant_setup(1);
    from = page_new();
    (void)page_new();
    to = page_new();
    fill();
    grant_page(FROM, self, from, GTF_permit_access | GTF_readonly);
    grant_page(TO, self, to, GTF_permit_access);
    ways();
    refusals();
    list_of_many();
    parts();
}
