/* SPDX-License-Identifier: MIT */
/*
 * Claim: a grant is mapped by address or by the machine address of the entry, to read or to write,
 *     for the CPU or for devices, with the bits that were asked for; the entry is marked as long as
 *     that is so; it is undone by the handle only where and as it was done, also by putting another
 *     mapping in its place; what an entry does not permit, and what is no entry, is refused; of a
 *     list that breaks off, what is before that is done.
 * Rule: GRANT-1, GRANT-2, GRANT-3, GRANT-4, GRANT-5, GRANT-7, GRANT-8, GRANT-9, GRANT-11, GRANT-12,
 *     GRANT-13, GRANT-14, HCALL-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * The domain is its own granter here; tests/qemu/test_grants.py has pairs.
 */
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define NOBODY    0x7000
#define REF       20
#define NO_HANDLE 0x12345u

/* What of an entry's bits the width leaves to the guest. */
#define ENTRY_BITS (PTE_FRAME | PTE_PRESENT | PTE_WRITE | 7ull << 9 | PTE_ACCESSED | PTE_DIRTY)

static domid_t self;
static char *page, *at, *elsewhere;

static unsigned marks(void)
{
    return grant_v1(REF)->flags & (GTF_reading | GTF_writing);
}

static uint64_t entry_at(const volatile void *address)
{
    return *entry_of(address, 1) & ENTRY_BITS;
}

static uint64_t frame_entry(const volatile void *of, uint64_t bits)
{
    return mfn_of(of) << 12 | PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY | bits;
}

static void by_address(void)
{
    grant_handle_t handle, second;

    grant_page(REF, self, page, GTF_permit_access);
    expect(grant_map_at(self, REF, at, 0, &handle), GNTST_okay, "map to write");
    expect_hex(entry_at(at), frame_entry(page, PTE_WRITE), "its entry");
    expect((long)marks(), GTF_reading | GTF_writing, "marks");
    page[5] = 'x';
    expect(((volatile char *)at)[5], 'x', "what is read there");
    ((volatile char *)at)[6] = 'y';
    expect(((volatile char *)page)[6], 'y', "what is written there");

    expect(grant_map_at(self, REF, at + 4096, GNTMAP_readonly, &second), GNTST_okay,
           "a second time, to read");
    expect_hex(entry_at(at + 4096), frame_entry(page, 0), "its entry");
    expect(grant_unmap_at(handle, at), GNTST_okay, "unmap the first");
    expect_hex(entry_at(at), 0, "its entry then");
    expect((long)marks(), GTF_reading, "marks");
    expect(grant_unmap_at(handle, at), GNTST_bad_handle, "unmap it again");
    expect(grant_unmap_at(second, at + 4096), GNTST_okay, "unmap the second");
    expect((long)marks(), 0, "no marks");
    expect(grant_unmap_at(NO_HANDLE, at), GNTST_bad_handle, "a handle that never was");
}

static void by_entry(void)
{
    struct gnttab_map_grant_ref op;
    uint64_t entry = entry_machine(at, 1);

    expect(grant_map(&op, self, REF, entry,
                     GNTMAP_host_map | GNTMAP_contains_pte | 5 << 16 | GNTMAP_application_map),
           GNTST_okay, "map by its entry");
    expect_hex(entry_at(at), frame_entry(page, PTE_WRITE | 5 << 9), "its entry");
    expect(grant_unmap(op.handle, entry + 8, 0), GNTST_general_error, "the next entry");
    expect(grant_unmap(op.handle, entry, 0), GNTST_okay, "unmap by entry");
    expect(grant_map(&op, self, REF, entry + 4, GNTMAP_host_map | GNTMAP_contains_pte),
           GNTST_general_error, "not aligned");
    expect(grant_map(&op, self, REF, machine_of(page), GNTMAP_host_map | GNTMAP_contains_pte),
           GNTST_general_error, "no table");
    expect(grant_map(&op, self, REF, ~7ull & PTE_FRAME, GNTMAP_host_map | GNTMAP_contains_pte),
           GNTST_general_error, "no memory");
    expect(grant_map(&op, self, REF, UNMAPPED_ADDRESS, GNTMAP_host_map), GNTST_general_error,
           "no L1 table");
    expect(grant_map(&op, self, REF, HYPERVISOR_ADDRESS, GNTMAP_host_map), GNTST_general_error,
           "the hypervisor's area");
    expect((long)marks(), 0, "no marks after that");
}

static void for_devices(void)
{
    struct gnttab_map_grant_ref op;
    uint64_t bus = machine_of(page);

    expect(grant_map(&op, self, REF, 0, GNTMAP_device_map | GNTMAP_readonly), GNTST_okay,
           "for a device, to read");
    expect_hex(op.dev_bus_addr, bus, "its address");
    expect((long)marks(), GTF_reading, "marks");
    expect(grant_unmap(op.handle, 0, bus + 4096), GNTST_bad_dev_addr, "another address");
    expect(grant_unmap(op.handle, (unsigned long)at, 0), GNTST_okay, "what it is not");
    expect((long)marks(), GTF_reading, "marks still");
    expect(grant_unmap(op.handle, 0, bus), GNTST_okay, "unmap it");
    expect(grant_unmap(op.handle, 0, bus), GNTST_bad_handle, "once more");

    expect(grant_map(&op, self, REF, (unsigned long)at, GNTMAP_device_map | GNTMAP_host_map),
           GNTST_okay, "for both");
    expect(grant_unmap(op.handle, (unsigned long)at, 0), GNTST_okay, "unmap the address");
    expect((long)marks(), GTF_reading | GTF_writing, "marks");
    expect(grant_unmap(op.handle, (unsigned long)at, 0), GNTST_okay, "nothing is left there");
    expect(grant_unmap(op.handle, 0, bus), GNTST_okay, "unmap the device");
    expect((long)marks(), 0, "no marks");
}

static int try_map(unsigned flags)
{
    struct gnttab_map_grant_ref op;
    int status = grant_map(&op, self, REF, (unsigned long)elsewhere, flags);

    if (status == GNTST_okay)
        expect(grant_unmap(op.handle, (unsigned long)elsewhere, op.dev_bus_addr), GNTST_okay,
               "unmap it");
    return status;
}

static void refusals(void)
{
    struct gnttab_map_grant_ref op;

    expect(grant_map(&op, self, REF, (unsigned long)at, 0), GNTST_bad_gntref, "in no way");
    expect(grant_map(&op, NOBODY, REF, (unsigned long)at, GNTMAP_host_map), GNTST_bad_domain,
           "nobody's");
    expect(grant_map(&op, DOMID_SELF, REF, (unsigned long)at, GNTMAP_host_map), GNTST_bad_domain,
           "DOMID_SELF's");
    expect(grant_map(&op, self, 512 * 1000, (unsigned long)at, GNTMAP_host_map), GNTST_bad_gntref,
           "beyond the table");
    grant_page(REF, NOBODY, page, GTF_permit_access);
    expect(try_map(GNTMAP_host_map), GNTST_general_error, "for another domain");
    grant_page(REF, self, page, GTF_invalid);
    expect(try_map(GNTMAP_host_map), GNTST_general_error, "an empty entry");
    grant_page(REF, self, page, GTF_accept_transfer);
    expect(try_map(GNTMAP_host_map), GNTST_general_error, "one that waits for a frame");
    grant_page(REF, self, page, GTF_permit_access | GTF_sub_page);
    expect(try_map(GNTMAP_host_map), GNTST_general_error, "a part of a page");
    grant_page(REF, self, page, GTF_permit_access | GTF_readonly);
    expect(try_map(GNTMAP_host_map), GNTST_general_error, "read-only, to write");
    expect(try_map(GNTMAP_host_map | GNTMAP_readonly), GNTST_okay, "read-only, to read");
    expect(grant_v1(REF)->flags, GTF_permit_access | GTF_readonly, "no marks left");
    grant_mfn(REF, self, 0xfffffff0, GTF_permit_access);
    expect(try_map(GNTMAP_host_map), GNTST_bad_page, "no memory");
    expect((long)marks(), 0, "no marks");
    grant_mfn(REF, self, entry_machine(at, 1) >> 12, GTF_permit_access);
    expect(try_map(GNTMAP_host_map), GNTST_general_error, "a page table, to write");
    expect(try_map(GNTMAP_device_map), GNTST_general_error, "for a device");
    expect((long)marks(), 0, "no marks");
    expect(try_map(GNTMAP_host_map | GNTMAP_readonly), GNTST_okay, "a page table, to read");
    grant_page(REF, self, page, GTF_permit_access);
}

/* Who is in an entry already keeps it, whatever the granter writes there. */
static void used_entries(void)
{
    grant_handle_t first, handle, handles[130];
    unsigned n = 0;

    expect(grant_map_at(self, REF, at, GNTMAP_readonly, &first), GNTST_okay, "map to read");
    grant_page(REF, NOBODY, at, GTF_permit_access | GTF_readonly | GTF_reading);
    expect(try_map(GNTMAP_host_map | GNTMAP_readonly), GNTST_okay, "another frame and domain");
    expect(grant_map_at(self, REF, at + 4096, 0, &handle), GNTST_general_error,
           "to write, which is not permitted any more");
    grant_page(REF, self, page, GTF_permit_access | GTF_reading);
    while (n < COUNT(handles) &&
           grant_map_at(self, REF, at + 4096, GNTMAP_readonly, &handles[n]) == GNTST_okay)
        n++;
    expect((long)n, 128 - 1, "more mappings of one entry, each over the last");
    for (unsigned i = 0; i + 1 < n; i++)
        expect(grant_unmap(handles[i], 0, 0), GNTST_okay, "nothing is asked of handle %u", i);
    while (n-- > 0) {
        expect(map(at + 4096, make_entry(page, PTE_RO)), 0, "map it as an own page");
        expect(grant_unmap_at(handles[n], at + 4096), GNTST_okay, "unmap handle %u", n);
    }
    expect(grant_unmap_at(first, at), GNTST_okay, "unmap the first");
    expect((long)marks(), 0, "no marks");
}

static void changed_entries(void)
{
    grant_handle_t handle;

    expect(grant_map_at(self, REF, at, 0, &handle), GNTST_okay, "map to write");
    expect(grant_unmap_at(handle, at + 4096), GNTST_general_error, "where it is not");
    expect(grant_unmap_at(handle, (void *)UNMAPPED_ADDRESS), GNTST_general_error, "no L1 table");
    expect(map(at, make_entry(page, PTE_RO)), 0, "take the right to write away");
    expect(grant_unmap_at(handle, at), GNTST_general_error, "with other rights");
    expect(map(at, make_entry(page, PTE_RW)), 0, "give it back");
    expect(grant_unmap_at(handle, at), GNTST_okay, "unmap it");
}

static int replace(grant_handle_t handle, const volatile void *where, const volatile void *with)
{
    struct gnttab_unmap_and_replace op = { .host_addr = (unsigned long)where,
                                           .new_addr = (unsigned long)with,
                                           .handle = handle,
                                           .status = 1 };

    expect(grant_op(GNTTABOP_unmap_and_replace, &op), 0, "unmap_and_replace");
    return op.status;
}

static void replaced(void)
{
    char *other = page_new(), *second = page_new();
    struct gnttab_map_grant_ref op;
    grant_handle_t handle;

    other[0] = 'o';
    expect(map(second, make_entry(other, PTE_RO)), 0, "a second mapping of a page");
    expect(grant_map_at(self, REF, at, 0, &handle), GNTST_okay, "map a grant");
    expect(replace(handle, at, second), GNTST_okay, "put it in its place");
    expect_hex(entry_at(at) & PTE_FRAME, mfn_of(other) << 12, "the entry");
    expect(((volatile char *)at)[0], 'o', "what is there");
    expect_hex(entry_at(second), 0, "and where it was");
    expect((long)marks(), 0, "no marks");
    expect(replace(handle, at, second), GNTST_bad_handle, "again");
    expect(map(at, 0), 0, "clear");

    expect(grant_map(&op, self, REF, entry_machine(at, 1), GNTMAP_host_map | GNTMAP_contains_pte),
           GNTST_okay, "by entry");
    expect(replace(op.handle, at, 0), GNTST_general_error, "an address for one made by entry");
    expect(grant_unmap(op.handle, entry_machine(at, 1), 0), GNTST_okay, "unmap it");
}

/* ---- Lists that cannot be read or written to their end ---- */

static char *list; /* behind this page there is none */

/* Where the last element of that size is. */
static void *last(unsigned long size)
{
    return list + 4096 - size;
}

static struct gnttab_unmap_grant_ref *unmap_last(grant_handle_t handle)
{
    struct gnttab_unmap_grant_ref *op = last(sizeof(*op));

    *op = (struct gnttab_unmap_grant_ref){ .host_addr = (unsigned long)at,
                                           .handle = handle,
                                           .status = 1 };
    return op;
}

static void is_undone(grant_handle_t handle)
{
    expect_hex(entry_at(at), 0, "its entry");
    expect((long)marks(), 0, "marks");
    expect(grant_unmap_at(handle, at), GNTST_bad_handle, "its handle");
}

static void second_is_nowhere(void)
{
    struct gnttab_map_grant_ref *op = last(sizeof(*op));
    struct gnttab_unmap_grant_ref *undo;
    grant_handle_t handle;

    *op = (struct gnttab_map_grant_ref){ .host_addr = (unsigned long)at,
                                         .flags = GNTMAP_host_map,
                                         .ref = REF,
                                         .dom = self,
                                         .status = 1 };
    expect(CALL(grant_table_op, GNTTABOP_map_grant_ref, op, 2), -XEN_EFAULT, "map two");
    expect(op->status, GNTST_okay, "the first");
    expect_hex(entry_at(at), frame_entry(page, PTE_WRITE), "its entry");
    handle = op->handle;
    undo = unmap_last(handle);
    expect(CALL(grant_table_op, GNTTABOP_unmap_grant_ref, undo, 2), -XEN_EFAULT, "unmap two");
    expect(undo->status, GNTST_okay, "the first");
    is_undone(handle);
}

static void status_is_read_only(void)
{
    struct gnttab_unmap_grant_ref *op;
    grant_handle_t handle;

    expect(grant_map_at(self, REF, at, 0, &handle), GNTST_okay, "map it");
    op = unmap_last(handle);
    set_writable(list, false);
    expect(CALL(grant_table_op, GNTTABOP_unmap_grant_ref, op, 1), -XEN_EFAULT, "unmap it");
    set_writable(list, true);
    expect(op->status, 1, "what is not told");
    is_undone(handle);
}

/* Xen reads what it can of a 32-bit guest's list before it begins (docs/differences.md). */
static void copies(void)
{
    bool begins = sizeof(long) == 8 || is_xen_lite();
    struct gnttab_copy *op = last(sizeof(*op));
    char *own = page_new();

    page[0] = '1';
    own[0] = '2';
    *op = (struct gnttab_copy){ .source = grant_end(self, REF, 0),
                                .dest = page_end(own, 0),
                                .len = 1,
                                .flags = GNTCOPY_source_gref,
                                .status = 1 };
    expect(CALL(grant_table_op, GNTTABOP_copy, op, 2), -XEN_EFAULT, "copy two");
    expect(op->status, begins ? GNTST_okay : 1, "the first");
    expect(((volatile char *)own)[0], begins ? '1' : '2', "what was copied");
    page[0] = '3';
    op->status = 1;
    set_writable(list, false);
    expect(CALL(grant_table_op, GNTTABOP_copy, op, 1), -XEN_EFAULT, "copy, and tell nothing");
    set_writable(list, true);
    expect(op->status, 1, "what is not told");
    expect(((volatile char *)own)[0], '3', "what was copied all the same");
    expect((long)marks(), 0, "marks");
}

static void broken_lists(void)
{
    list = page_new();
    expect(map(page_new(), 0), 0, "nothing behind it");
    grant_page(REF, self, page, GTF_permit_access);
    second_is_nowhere();
    status_is_read_only();
    copies();
}

void test_main(void)
{
    self = own_domain();
    grant_setup(1);
    page = page_new();
    at = page_new();
    (void)page_new();
    elsewhere = page_new();
    expect(map(at, 0), 0, "clear the first address");
    expect(map(at + 4096, 0), 0, "clear the second");
    by_address();
    by_entry();
    for_devices();
    refusals();
    used_entries();
    changed_entries();
    replaced();
    broken_lists();
}
