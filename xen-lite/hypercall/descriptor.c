/* SPDX-License-Identifier: MIT */
/*
 * set_gdt(frames, entries) and update_descriptor(machine address, descriptor).
 */
#include "core/descriptor.h"
#include "hypercall/hypercall.h"
#include "pv/mmu.h"
#include "x86/guest_copy.h"

/* Replaces the GDT: entries descriptors in as many frames as they need, or none. Each frame must be
 * the caller's and hold nothing else than safe descriptors (DESC-2, -5, -7). */
long hc_set_gdt(struct hcall *h)
{
    unsigned int entries = (unsigned int)h->arg[1];
    mfn_t frames[GDT_GUEST_PAGES];
    enum rule_id rule;
    struct mmu m;

    if (entries > GDT_GUEST_ENTRIES)
        return refuse(h->v, RULE_DESC_1, "%u entries", entries);
    if (guest_copy_in(frames, GVA(h->arg[0]),
                      (entries + DESCRIPTORS_PER_PAGE - 1) / DESCRIPTORS_PER_PAGE * sizeof(mfn_t)))
        return refuse(h->v, RULE_HCALL_2, "list of frames at %lx", h->arg[0]);

    mmu_begin(&m, h->v);
    rule = mmu_set_gdt(&m, h->v, frames, entries);
    mmu_end(&m);

    if (rule != RULE_NONE)
        return mmu_refuse(&m, h->v, rule);
    tlb_flush_local();
    return 0;
}

/* Writes one descriptor, in a descriptor page or in plain memory of the caller. */
long hc_update_descriptor(struct hcall *h)
{
    enum rule_id rule;
    struct mmu m;

    mmu_begin(&m, h->v);
    rule = mmu_update_descriptor(&m, h->arg[0], h->arg[1]);
    mmu_end(&m);

    if (rule != RULE_NONE)
        return refuse(h->v, rule, "address %lx, descriptor %016lx", h->arg[0], h->arg[1]);
    return 0;
}
