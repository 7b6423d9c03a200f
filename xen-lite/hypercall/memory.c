/* SPDX-License-Identifier: MIT */
/*
 * memory_op(command, argument): what it asks and tells. abi/memory.def describes the operations;
 * those that move frames are in memory_reservation.c and memory_exchange.c, those that are not for
 * a domain like these in memory_others.c.
 *
 * A PV guest sees its memory twice: by its own count (pfn) and by the machine's (mfn). The
 * hypervisor keeps the table from mfn to pfn (M2P) for all guests to read, and does not know the
 * other way, which is the guest's own list. So most questions are about numbers of frames, and some
 * about the M2P.
 *
 * All end with -EFAULT (HCALL-2) for an argument that cannot be read or written. Source: Xen's
 * public memory.h.
 */
#include "domain/memory.h"
#include "hypercall/memory_extents.h"
#include "pv/mmu.h"
#include "x86/guest_copy.h"
#include "x86/paging.h"

/* The M2P is told of in pieces of this size. */
#define M2P_PIECE (2 * MIB)

/* -ESRCH (HCALL-8) where there is no such domain, before -EPERM (HCALL-9) where there is, as on
 * Xen: so a guest can learn which domains exist. */
long memory_check_domain(struct vcpu *v, domid_t id)
{
    struct domain *d;

    if (id == DOMID_SELF || id == v->domain->id)
        return 0;
    d = domain_get(id);
    if (d == NULL)
        return refuse(v, RULE_HCALL_8, "domain %x", id);
    domain_put(d);
    return refuse(v, RULE_HCALL_9, "domain %x", id);
}

/* Reads a domain id; only the caller's own passes. 0 or a refusal. */
static long own_domain(struct hcall *h)
{
    struct xen_memory_domain domain;

    if (guest_copy_in(&domain, GVA(h->arg[1]), sizeof(domain)) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct xen_memory_domain at %lx", h->arg[1]);
    return memory_check_domain(h->v, domain.domid);
}

/* The guest says it itself, by where its pfn list ends; whatever that is. */
static long maximum_gpfn(const struct domain *d)
{
    uint64_t max_pfn = READ_ONCE(*shared_word(d->shared, d->width->max_pfn)) & d->width->word_mask;
    long result = max_pfn == 0 ? 0 : (long)(max_pfn - 1);

    /* Two numbers are no results (hypercall.h), and no guest has such a list. */
    return result <= HCALL_DONE ? LONG_MAX : result;
}

/* The result is the number: frames that the domain has, that it may have, or its highest pfn. */
static long about_reservation(struct hcall *h, unsigned long op)
{
    const struct domain *d = h->v->domain;
    long result = own_domain(h);

    if (result != 0)
        return result;
    switch (op) {
    case XENMEM_current_reservation: return READ_ONCE(d->pages);
    case XENMEM_maximum_reservation: return d->max_pages;
    default: return maximum_gpfn(d);
    }
}

/* OUT: where guests find the M2P. That the whole range is told does not mean that all of it is
 * there: where the machine has no RAM, reading it is a page fault. */
static long machphys_mapping(struct hcall *h)
{
    const struct xen_machphys_mapping_64 mapping = {
        .v_start = MACH2PHYS_VIRT_START_64,
        .v_end = MACH2PHYS_VIRT_END_64,
        .max_mfn = MACH2PHYS_NR_ENTRIES_64 - 1,
    };

    if (guest_copy_out(GVA(h->arg[1]), &mapping, sizeof(mapping)) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct xen_machphys_mapping at %lx", h->arg[1]);
    return 0;
}

/* The frame that an address in the hypervisor's area is mapped to, or INVALID_MFN. */
static mfn_t hv_frame_at(uint64_t address)
{
    const uint64_t *table = mfn_to_virt(hv_l4_mfn());

    for (unsigned int level = 4;; level--) {
        uint64_t entry = table[pte_index(address, level)];
        uint64_t size = 1UL << (PAGE_SHIFT + 9 * (level - 1));

        if (!pte_is_present(entry))
            return INVALID_MFN;
        if (level == 1 || (entry & PTE_PSE))
            return mfn_add(MFN((entry & PTE_ADDRESS & ~(size - 1)) >> PAGE_SHIFT),
                           (address & (size - 1)) >> PAGE_SHIFT);
        table = mfn_to_virt(pte_mfn(entry));
    }
}

/* OUT: the first frame of each 2 MiB of the M2P, up to the list's end or the table's; .nr_extents:
 * how many. For tools that map the table by themselves; one pass over at most 512 GiB of RAM is 512
 * pieces of 2 MiB, so it is not continued. */
static long machphys_mfn_list(struct hcall *h)
{
    uint64_t end = M2P_RW_BASE + frame_limit() * sizeof(uint64_t);
    struct xen_machphys_mfn_list_64 list;
    uint64_t address = M2P_RW_BASE;
    mfn_t last = INVALID_MFN;
    uint32_t i;

    if (guest_copy_in(&list, GVA(h->arg[1]), sizeof(list)) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct xen_machphys_mfn_list at %lx", h->arg[1]);
    /* A piece of the table that describes a hole is told as the one before it. */
    for (i = 0; i < list.max_extents && address < end; i++, address += M2P_PIECE) {
        gva_t to = guest_index(GVA(list.extent_start), i, sizeof(last.n));
        mfn_t mfn = hv_frame_at(address);

        if (mfn_is_valid(mfn))
            last = mfn;
        if (guest_copy_out(to, &last.n, sizeof(last.n)) != 0)
            return refuse(h->v, RULE_HCALL_2, "list at %lx", list.extent_start);
    }
    list.nr_extents = i;
    if (guest_copy_out(GVA(h->arg[1]), &list, sizeof(list)) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct xen_machphys_mfn_list at %lx", h->arg[1]);
    return 0;
}

/* What the command's upper bits may hold: where a call goes on. Some operations do go on, some have
 * an error of their own for bits that make no sense, to others such a command is unknown. */
static enum rule_id start_rule(unsigned long op, unsigned long start)
{
    if (start == 0)
        return RULE_NONE;
    switch (op) {
    case XENMEM_increase_reservation:
    case XENMEM_decrease_reservation:
    case XENMEM_populate_physmap:
    case XENMEM_access_op:
    case XENMEM_acquire_resource: return RULE_NONE;
    case XENMEM_add_to_physmap:
    case XENMEM_add_to_physmap_batch: return start > UINT16_MAX ? RULE_MEM_17 : RULE_NONE;
    case XENMEM_maximum_ram_page:
    case XENMEM_current_reservation:
    case XENMEM_maximum_reservation:
    case XENMEM_exchange:
    case XENMEM_maximum_gpfn:
    case XENMEM_remove_from_physmap:
    case XENMEM_claim_pages:
    case XENMEM_get_vnumainfo:
    case XENMEM_reserved_device_memory_map: return RULE_MEM_16;
    default: return RULE_HCALL_3;
    }
}

/* memory_op(command, argument). The command's upper bits are where a continued call goes on; guests
 * pass 0 there (MEM-16, -17). The three that change a reservation have a result of their own kind,
 * see there; the others 0, a number, or an errno, and HCALL-3 (-ENOSYS) for no such operation. */
long hc_memory_op(struct hcall *h)
{
    unsigned long op = h->arg[0] & MEMORY_OP_MASK;
    enum rule_id rule = start_rule(op, h->arg[0] >> MEMORY_OP_SHIFT);

    if (rule != RULE_NONE)
        return refuse(h->v, rule, "command %lx", h->arg[0]);
    switch (op) {
    case XENMEM_increase_reservation:
    case XENMEM_decrease_reservation:
    case XENMEM_populate_physmap: return memory_change_reservation(h);
    case XENMEM_exchange: return memory_exchange(h);
    case XENMEM_maximum_ram_page: return (long)frame_limit();
    case XENMEM_current_reservation:
    case XENMEM_maximum_reservation:
    case XENMEM_maximum_gpfn: return about_reservation(h, op);
    case XENMEM_machphys_mapping: return machphys_mapping(h);
    case XENMEM_machphys_mfn_list: return machphys_mfn_list(h);
    case XENMEM_memory_map: return memory_map(h);
    case XENMEM_set_memory_map: return memory_set_map(h);
    default: return memory_other(h, op);
    }
}
