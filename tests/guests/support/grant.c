/* SPDX-License-Identifier: MIT */
/*
 * The guest's own grant table, and calls about grants. See grant.h.
 */
#include "tests/guests/support/grant.h"

#include "tests/guests/support/support.h"

static char *table[GRANT_FRAMES];

domid_t own_domain(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    struct evtchn_status status = { .dom = DOMID_SELF };
    struct evtchn_close close;

    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), 0, "a port, to learn the own number");
    status.port = close.port = alloc.port;
    expect(event_op(EVTCHNOP_status, &status), 0, "its status");
    expect(event_op(EVTCHNOP_close, &close), 0, "close it");
    return status.u.unbound.dom;
}

long grant_op(unsigned operation, void *argument)
{
    return CALL(grant_table_op, operation, argument, 1);
}

void grant_setup(unsigned frames)
{
    unsigned long list[GRANT_FRAMES];
    struct gnttab_setup_table setup = { .dom = DOMID_SELF,
                                        .nr_frames = frames,
                                        .frame_list = (unsigned long)list };

    expect(grant_op(GNTTABOP_setup_table, &setup), 0, "setup_table");
    expect(setup.status, GNTST_okay, "a table of %u frames", frames);
    for (unsigned i = 0; i < frames; i++) {
        if (table[i] != NULL)
            continue;
        table[i] = page_new();
        expect(map(table[i], (uint64_t)list[i] << 12 | PTE_RW), 0, "map frame %u of the table", i);
    }
}

volatile struct grant_entry_v1 *grant_v1(grant_ref_t ref)
{
    return (volatile struct grant_entry_v1 *)table[ref / 512] + ref % 512;
}

volatile union grant_entry_v2 *grant_v2(grant_ref_t ref)
{
    return (volatile union grant_entry_v2 *)table[ref / 256] + ref % 256;
}

void grant_mfn(grant_ref_t ref, domid_t domain, uint64_t mfn, unsigned flags)
{
    volatile struct grant_entry_v1 *entry = grant_v1(ref);

    entry->frame = (uint32_t)mfn;
    entry->domid = domain;
    __asm__ volatile("" ::: "memory");
    entry->flags = (uint16_t)flags;
}

void grant_page(grant_ref_t ref, domid_t domain, const volatile void *page, unsigned flags)
{
    grant_mfn(ref, domain, mfn_of(page), flags);
}

int grant_map(struct gnttab_map_grant_ref *op, domid_t domain, grant_ref_t ref, uint64_t address,
              unsigned flags)
{
    *op = (struct gnttab_map_grant_ref){
        .host_addr = address, .flags = flags, .ref = ref, .dom = domain, .status = 1
    };
    expect(grant_op(GNTTABOP_map_grant_ref, op), 0, "map_grant_ref");
    return op->status;
}

int grant_map_at(domid_t domain, grant_ref_t ref, const volatile void *at, unsigned flags,
                 grant_handle_t *handle)
{
    struct gnttab_map_grant_ref op;
    int status = grant_map(&op, domain, ref, (unsigned long)at, GNTMAP_host_map | flags);

    *handle = op.handle;
    return status;
}

int grant_unmap(grant_handle_t handle, uint64_t address, uint64_t bus_address)
{
    struct gnttab_unmap_grant_ref op = {
        .host_addr = address, .dev_bus_addr = bus_address, .handle = handle, .status = 1
    };

    expect(grant_op(GNTTABOP_unmap_grant_ref, &op), 0, "unmap_grant_ref");
    return op.status;
}

int grant_unmap_at(grant_handle_t handle, const volatile void *at)
{
    return grant_unmap(handle, (unsigned long)at, 0);
}

struct gnttab_copy_ptr grant_end(domid_t domain, grant_ref_t ref, unsigned offset)
{
    struct gnttab_copy_ptr end = { .domid = domain, .offset = (uint16_t)offset };

    end.u.ref = ref;
    return end;
}

struct gnttab_copy_ptr page_end(const volatile void *page, unsigned offset)
{
    struct gnttab_copy_ptr end = { .domid = DOMID_SELF, .offset = (uint16_t)offset };

    end.u.gmfn = (unsigned long)mfn_of(page);
    return end;
}

int grant_copy(struct gnttab_copy_ptr from, struct gnttab_copy_ptr to, unsigned length,
               unsigned flags)
{
    struct gnttab_copy op = {
        .source = from, .dest = to, .len = (uint16_t)length, .flags = (uint16_t)flags, .status = 1
    };

    expect(grant_op(GNTTABOP_copy, &op), 0, "copy");
    return op.status;
}
