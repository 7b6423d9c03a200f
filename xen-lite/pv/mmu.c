/* SPDX-License-Identifier: MIT */
/*
 * What to say when a change of page tables is refused.
 */
#include "pv/mmu.h"

#include "domain/refuse.h"
#include "hv/work.h"
#include "x86/instr.h"

/* Time for who waits for the lock to see that it is free: it goes to who comes first. */
#define LOCK_GAP 64

bool mmu_go_on(void)
{
    for (unsigned int i = 0; i < LOCK_GAP; i++)
        cpu_relax();
    return !preempt_wanted();
}

long mmu_refuse(struct mmu *m, struct vcpu *v, enum rule_id rule)
{
    mfn_t mfn = pte_mfn(m->entry);
    struct frame *f = frame_find(mfn);
    uint64_t type = f != NULL ? READ_ONCE(f->type) : 0;
    const char *what = frame_type_name(frame_type_of(type));
    bool own = f != NULL && READ_ONCE(f->node.owner) == v->domain->id;

    /* The first mistake with direct paging: a small number is likely the guest's own count. */
    if (!own && mfn.n < v->domain->max_pages)
        what = "not the domain's: a pfn?";
    else if (!own)
        what = f != NULL ? "not the domain's" : "no RAM";
    else if ((type & FRAME_TYPE_COUNT) == 0)
        what = "in no use";
    if (!mfn_is_valid(m->table))
        return refuse(v, rule, "mfn %lx (%s, uses %lu)", mfn.n, what,
                      own ? type & FRAME_TYPE_COUNT : 0);
    return refuse(v, rule, "table mfn %lx[%u], entry %lx: mfn %lx (%s, uses %lu)", m->table.n,
                  m->index, m->entry, mfn.n, what, own ? type & FRAME_TYPE_COUNT : 0);
}
