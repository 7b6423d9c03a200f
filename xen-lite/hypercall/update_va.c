/* SPDX-License-Identifier: MIT */
/*
 * update_va_mapping(address, entry, flags) and update_va_mapping_otherdomain(..., domid): changes
 * the L1 entry that maps an address in the caller's kernel tables, and flushes as the flags say.
 *
 * What a kernel does for one page (a stack, a page that was copied on write), where a list would be
 * overhead: it needs no frame number of the L1 table, and brings its own flush. The tables above
 * must be there. Both end with -EINVAL for an address without an L1 table (MMU-14), and with what
 * core/pte.h says about the entry. Source: Xen's public xen.h.
 */
#include "hypercall/mmu_batch.h"
#include "pv/mmu.h"

/* The two lowest bits of flags say what to flush (nothing, the address, all), the rest where: 0
 * this vCPU, 1 << 2 all of the domain, else it is the address of a bitmap of vCPUs. Both other
 * kinds of flush are no error and flush nothing, as on Xen. 0 or -XEN_EFAULT. */
static int flush_after(struct vcpu *v, gva_t address, unsigned long flags)
{
    unsigned long where = flags & ~UVMF_FLUSHTYPE_MASK;
    cpu_set_t cpus = atomic_load(&v->domain->cpus_loaded);
    bool page = (flags & UVMF_FLUSHTYPE_MASK) == UVMF_INVLPG;

    if ((flags & UVMF_FLUSHTYPE_MASK) != UVMF_INVLPG &&
        (flags & UVMF_FLUSHTYPE_MASK) != UVMF_TLB_FLUSH)
        return 0;
    if (where == UVMF_LOCAL) {
        if (page)
            tlb_flush_page_local(address);
        else
            tlb_flush_local();
        return 0;
    }
    if (where != UVMF_ALL && mmu_vcpu_mask(v, GVA(where), &cpus) != 0)
        return -XEN_EFAULT;
    if (page)
        tlb_flush_page(cpus, address);
    else
        tlb_flush(cpus);
    return 0;
}

/* One try, with the lock held: RULE_NONE, the rule that was broken, or RULE_AGAIN if the budget of
 * this hold went into what earlier calls left to be taken down. Only an own L1 table is found by
 * the walk, so the update's own check is about the entry. */
static enum rule_id write_va(struct mmu *m, const struct vcpu *v, gva_t address, uint64_t entry)
{
    unsigned int index;
    mfn_t table;

    if (unlikely(!mmu_settle(m)))
        return RULE_AGAIN;
    table = mmu_walk(v, address, &index);
    if (unlikely(!mfn_is_valid(table)))
        return RULE_MMU_14;
    return mmu_write_l1_entry(m, table, index, entry);
}

/* The call without its domain argument. A bad bitmap (-EFAULT) is found when the entry has been
 * written already, as on Xen: the guest may flush by another call. */
static long update_va(struct vcpu *v, gva_t address, uint64_t entry, unsigned long flags)
{
    enum rule_id rule;
    struct mmu m;

    do {
        mmu_begin(&m, v);
        rule = write_va(&m, v, address, entry);
        mmu_end(&m);
        if (unlikely(rule == RULE_AGAIN && !mmu_go_on()))
            return HCALL_AGAIN;
    } while (unlikely(rule == RULE_AGAIN));

    if (unlikely(rule == RULE_MMU_14))
        return refuse(v, rule, "address %lx", address.n);
    if (unlikely(rule != RULE_NONE))
        return mmu_refuse(&m, v, rule);
    if (unlikely(flush_after(v, address, flags) != 0))
        return refuse(v, RULE_HCALL_2, "bitmap of vCPUs at %lx", flags & ~UVMF_FLUSHTYPE_MASK);
    return 0;
}

/* update_va_mapping(address, entry, flags). */
long hc_update_va_mapping(struct hcall *h)
{
    return update_va(h->v, GVA(h->arg[0]), h->arg[1], h->arg[2]);
}

/* update_va_mapping(address, two halves of the entry, flags). */
long hc_update_va_mapping_32(struct hcall *h)
{
    struct hcall joined = hcall_join(h, 1);

    return hc_update_va_mapping(&joined);
}

/* The same with a fourth argument, the domain whose frame the entry names. Without privilege that
 * can be DOMID_SELF only: -ESRCH (MMU-28), -EPERM (HCALL-9). */
long hc_update_va_foreign(struct hcall *h)
{
    enum rule_id rule = mmu_foreign_rule(h->v, (uint16_t)h->arg[3]);

    if (rule != RULE_NONE)
        return refuse(h->v, rule, "domain 0x%x", (uint16_t)h->arg[3]);
    return update_va(h->v, GVA(h->arg[0]), h->arg[1], h->arg[2]);
}

/* The same with the entry in two halves. */
long hc_update_va_foreign_32(struct hcall *h)
{
    struct hcall joined = hcall_join(h, 1);

    return hc_update_va_foreign(&joined);
}
