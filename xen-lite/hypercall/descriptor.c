/* SPDX-License-Identifier: MIT */
/*
 * set_gdt(frames, entries) and update_descriptor(machine address, descriptor).
 *
 * The guest has its own GDT and LDT, which the CPU uses as they are. So the frames that hold them
 * are typed like page tables: while one is in use nobody can write to it, and each change goes
 * through update_descriptor. core/descriptor.c says which descriptors are safe; the work is done in
 * pv/descriptor_tables.c. (The LDT is set by mmuext_op, SET_LDT.)
 */
#include "core/descriptor.h"
#include "domain/guest_struct.h"
#include "hypercall/hypercall.h"
#include "pv/mmu.h"
#include "x86/guest_copy.h"

static unsigned int pages_of(unsigned int entries)
{
    return (entries + DESCRIPTORS_PER_PAGE - 1) / DESCRIPTORS_PER_PAGE;
}

static long set_gdt(struct hcall *h, const mfn_t *frames, unsigned int entries)
{
    enum rule_id rule;
    struct mmu m;

    mmu_begin(&m, h->v);
    rule = mmu_set_gdt(&m, h->v, frames, entries);
    mmu_end(&m);

    if (rule != RULE_NONE)
        return mmu_refuse(&m, h->v, rule);
    /* The table is reached through this vCPU's window, whose entries have just changed. */
    tlb_flush_local();
    return 0;
}

/*
 * set_gdt(list of frames, number of descriptors): replaces the calling vCPU's GDT. 512 descriptors
 * make a frame; with 0 the guest has none. Xen's public xen.h has the limit of 14 frames: the last
 * two of the table are the hypervisor's, with the segments that every guest may use.
 *
 * 0; -EINVAL for too many (DESC-1) or for a frame that is not the caller's, holds a descriptor that
 * is not safe, or is mapped writable (DESC-2, -5, -7); -EFAULT (HCALL-2). If it is refused the old
 * table stays. The frames are fetched before the lock: no lock is held across guest copies.
 */
long hc_set_gdt(struct hcall *h)
{
    unsigned int entries = (unsigned int)h->arg[1];
    uint64_t list[GDT_GUEST_PAGES];
    mfn_t frames[GDT_GUEST_PAGES];

    if (entries > GDT_GUEST_ENTRIES)
        return refuse(h->v, RULE_DESC_1, "%u entries", entries);
    if (guest_words_in(h->v, list, GVA(h->arg[0]), pages_of(entries)) != 0)
        return refuse(h->v, RULE_HCALL_2, "list of frames at %lx", h->arg[0]);

    for (unsigned int i = 0; i < pages_of(entries); i++)
        frames[i] = MFN(list[i]);
    return set_gdt(h, frames, entries);
}

/*
 * update_descriptor(machine address, descriptor): writes one descriptor, in a descriptor page or in
 * plain memory of the caller. -EINVAL for an address that is no multiple of 8 or not the caller's
 * (DESC-6), for a descriptor that is not safe (DESC-5), and for a frame that is a page table
 * (DESC-7). A segment of ring 0 to 2 is no error: the guest reads it back with ring 3, as on Xen.
 * Nothing is flushed: a segment register keeps what it had until it is loaded anew, as on bare
 * hardware.
 */
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

/* Both values in two halves each, the lower one first. */
long hc_update_descriptor_32(struct hcall *h)
{
    h->arg[0] |= h->arg[1] << 32;
    h->arg[1] = h->arg[2] | h->arg[3] << 32;
    return hc_update_descriptor(h);
}
