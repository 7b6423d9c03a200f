/* SPDX-License-Identifier: MIT */
/*
 * update_va_mapping(address, entry, flags) and update_va_mapping_otherdomain(..., domid): changes
 * the L1 entry that maps an address in the caller's kernel tables, and flushes as the flags say.
 */
#include "hv/work.h"
#include "hypercall/mmu_batch.h"
#include "pv/mmu.h"

/* The flags name the CPUs (lower bits: what to flush there); 0 or -XEN_EFAULT. */
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

static long update_va(struct vcpu *v, gva_t address, uint64_t entry, unsigned long flags)
{
    enum rule_id rule;
    struct mmu m;

    do {
        mmu_begin(&m, v);
        rule = write_va(&m, v, address, entry);
        mmu_end(&m);
        if (unlikely(rule == RULE_AGAIN && preempt_wanted()))
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

long hc_update_va_mapping(struct hcall *h)
{
    return update_va(h->v, GVA(h->arg[0]), h->arg[1], h->arg[2]);
}

long hc_update_va_mapping_otherdomain(struct hcall *h)
{
    enum rule_id rule = mmu_foreign_rule(h->v, (uint16_t)h->arg[3]);

    if (rule != RULE_NONE)
        return refuse(h->v, rule, "domain %x", (uint16_t)h->arg[3]);
    return update_va(h->v, GVA(h->arg[0]), h->arg[1], h->arg[2]);
}
