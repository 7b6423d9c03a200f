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
#include "domain/guest_struct.h"
#include "domain/memory.h"
#include "hypercall/memory_extents.h"
#include "pv/mmu.h"
#include "x86/guest_copy.h"

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
        return refuse(v, RULE_HCALL_8, "domain 0x%x", id);
    domain_put(d);
    return refuse(v, RULE_HCALL_9, "domain 0x%x", id);
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

/* OUT: where such guests find the M2P. That the whole range is told does not mean that all of it is
 * there: where the machine has no RAM, reading it is a page fault. */
static long machphys_mapping(struct hcall *h)
{
    const struct m2p_view *m2p = h->v->pv->width->m2p;
    const struct xen_machphys_mapping_64 mapping = {
        .v_start = m2p->start,
        .v_end = m2p->end,
        .max_mfn = (m2p->end - m2p->start) / m2p->word - 1,
    };

    if (guest_struct_out(h->v, &xen_machphys_mapping_forms, GVA(h->arg[1]), &mapping) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct xen_machphys_mapping at %lx", h->arg[1]);
    return 0;
}

/* OUT: the first frame of each 2 MiB of the M2P, up to the list's end or the table's; .nr_extents:
 * how many. For tools that map the table by themselves; one pass over at most 512 GiB of RAM is 512
 * pieces of 2 MiB, so it is not continued. */
static long machphys_list(struct hcall *h, const struct m2p_view *m2p)
{
    uint64_t end = min(m2p->end, m2p->start + frame_limit() * m2p->word);
    struct xen_machphys_mfn_list_64 list;
    uint64_t address = m2p->start;
    mfn_t last = INVALID_MFN;
    uint32_t i;

    if (guest_struct_in(h->v, &xen_machphys_mfn_list_forms, &list, GVA(h->arg[1])) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct xen_machphys_mfn_list at %lx", h->arg[1]);
    /* A piece of the table that describes a hole is told as the one before it. */
    for (i = 0; i < list.max_extents && address < end; i++, address += M2P_PIECE) {
        mfn_t mfn = m2p->frame_at(address);

        if (mfn_is_valid(mfn))
            last = mfn;
        if (guest_words_out(h->v, guest_word_at(h->v, GVA(list.extent_start), i), &last.n, 1) != 0)
            return refuse(h->v, RULE_HCALL_2, "list at %lx", list.extent_start);
    }
    list.nr_extents = i;
    if (guest_struct_out(h->v, &xen_machphys_mfn_list_forms, GVA(h->arg[1]), &list) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct xen_machphys_mfn_list at %lx", h->arg[1]);
    return 0;
}

/* That of 32-bit guests, for whoever asks. -EOPNOTSUPP (MEM-15) if there is none. */
static long machphys_compat_list(struct hcall *h)
{
    if (m2p32_l2 == NULL)
        return refuse(h->v, RULE_MEM_15, "machphys_compat_mfn_list");
    return machphys_list(h, &m2p_view_32);
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
    case XENMEM_machphys_mfn_list: return machphys_list(h, h->v->pv->width->m2p);
    case XENMEM_machphys_compat_mfn_list: return machphys_compat_list(h);
    case XENMEM_memory_map: return memory_map(h);
    case XENMEM_set_memory_map: return memory_set_map(h);
    default: return memory_other(h, op);
    }
}
