/* SPDX-License-Identifier: MIT */
/*
 * Grants: how domains share pages. Each domain has a table that the hypervisor reads. An entry says
 * which domain may use which of our frames; its index, the reference, is what the other one has to
 * know to map the page.
 *
 * While a page is in use, the hypervisor sets bits beside ours in the entry's flags. So access is
 * taken back by a compare-and-exchange: it works only when nobody has the page, and a page that
 * somebody has must not become anything else.
 */
#include "machine/pv/mmu.h"

static volatile struct grant_entry_v1 *const entries = (void *)GRANT_TABLE_AT;

bool pv_grant_init(void)
{
    unsigned long frame = 0;
    struct gnttab_setup_table setup = { .dom = DOMID_SELF,
                                        .nr_frames = 1,
                                        .frame_list = (unsigned long)&frame };

    if (hypercall_grant_table(GNTTABOP_setup_table, &setup) != 0 || setup.status != GNTST_okay)
        return false;
    pv_map_machine(GRANT_TABLE_AT, (uint64_t)frame * PAGE_SIZE);
    return true;
}

/* The flags last: they make the entry count. */
void pv_grant_give(grant_ref_t reference, domid_t domain, const void *page)
{
    volatile struct grant_entry_v1 *entry = &entries[reference];

    entry->frame = (uint32_t)pv_frame_of(page);
    entry->domid = domain;
    __asm__ volatile("" ::: "memory");
    entry->flags = GTF_permit_access;
}

bool pv_grant_take_back(grant_ref_t reference)
{
    uint16_t unused = GTF_permit_access;

    return __atomic_compare_exchange_n(&entries[reference].flags, &unused, GTF_invalid, false,
                                       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

bool pv_grant_map(domid_t domain, grant_ref_t reference, uintptr_t address, grant_handle_t *handle)
{
    struct gnttab_map_grant_ref map = { address, GNTMAP_host_map, reference, domain, 0, 0, 0 };

    pv_must(hypercall_grant_table(GNTTABOP_map_grant_ref, &map));
    *handle = map.handle;
    return map.status == GNTST_okay;
}

void pv_grant_unmap(uintptr_t address, grant_handle_t handle)
{
    struct gnttab_unmap_grant_ref unmap = { .host_addr = address, .handle = handle };

    pv_must(hypercall_grant_table(GNTTABOP_unmap_grant_ref, &unmap));
}
