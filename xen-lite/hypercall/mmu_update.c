/* SPDX-License-Identifier: MIT */
/*
 * mmu_update(list, count, done, foreigndom): changes page-table entries and M2P entries.
 *
 * An element is a machine address and a value. The address names the entry and, in its three lowest
 * bits, which are 0 in the address of an entry, what is meant: an entry to be written, one to be
 * written with the accessed and dirty bits that it has, or an M2P entry. pv/mmu_entry.c has the
 * rules about entries; here is the list.
 *
 * Result: 0, or the errno of the first element that was refused; then *done tells how many were
 * done before it, and those stay done. Source: Xen's public xen.h.
 *
 * foreigndom: DOMID_SELF, or see mmu_foreign.c.
 */
#include "hv/work.h"
#include "hypercall/mmu_batch.h"
#include "pv/mmu.h"
#include "x86/guest_copy.h"

/* Elements that are copied in at once and then done in one hold of the lock: no lock is held across
 * a guest copy, and taking it for each element would cost as much as the element. */
#define CHUNK 16

#define COMMAND_BITS 7UL

/* The guest says which of its own frames this machine frame is. The hypervisor believes nothing of
 * it: the M2P is a service to guests. -EINVAL for a frame that is not the caller's (MMU-23). */
static enum rule_id set_m2p(struct mmu *m, const struct mmu_update *u)
{
    struct frame *f = domain_frame_get(m->d, paddr_to_mfn(u->ptr));

    if (f == NULL) {
        m->entry = u->ptr;
        return RULE_MMU_23;
    }
    m2p_set(frame_mfn(f), u->val);
    domain_frame_put(m->d, f);
    return RULE_NONE;
}

/* One element, with the lock held. RULE_AGAIN: not done, the budget of this hold is used up. */
static enum rule_id update(struct mmu *m, const struct mmu_update *u)
{
    unsigned int command = u->ptr & COMMAND_BITS;

    if (unlikely(!mmu_settle(m)))
        return RULE_AGAIN;
    switch (command) {
    case MMU_NORMAL_PT_UPDATE:
    case MMU_PT_UPDATE_PRESERVE_AD:
    case MMU_PT_UPDATE_NO_TRANSLATE:
        return mmu_update_one(m, u->ptr & ~COMMAND_BITS, u->val,
                              command == MMU_PT_UPDATE_PRESERVE_AD);
    case MMU_MACHPHYS_UPDATE: return set_m2p(m, u);
    default: m->entry = u->ptr; return RULE_MMU_24;
    }
}

/* Copies the next elements in. If not all can be read (the list ends at a page that is not mapped,
 * and count is too large), the first alone, so that those before the bad one are done. 0: not even
 * that. */
static unsigned int copy_chunk(const struct mmu_batch *b, struct mmu_update *to)
{
    unsigned int n = min(b->count - b->i, (uint32_t)CHUNK);
    gva_t from = guest_index(b->list, b->i, sizeof(*to));

    if (likely(guest_copy_in(to, from, n * sizeof(*to)) == 0))
        return n;
    return guest_copy_in(to, from, sizeof(*to)) == 0 ? 1 : 0;
}

/* One chunk. 0, a refusal, or HCALL_AGAIN. */
static inline long run_chunk(struct vcpu *v, struct mmu_batch *b)
{
    struct mmu_update chunk[CHUNK];
    unsigned int n = copy_chunk(b, chunk), k;
    enum rule_id rule = RULE_NONE;
    struct mmu m;

    if (unlikely(n == 0)) {
        mmu_batch_at(v, b);
        return refuse(v, RULE_HCALL_2, "element at %lx", guest_index(b->list, b->i, b->size).n);
    }

    mmu_begin(&m, v);
    for (k = 0; k < n; k++) {
        rule = update(&m, &chunk[k]);
        if (unlikely(rule != RULE_NONE))
            break;
    }
    mmu_end(&m);

    b->i += k;
    if (unlikely(rule == RULE_AGAIN))
        return mmu_go_on() ? 0 : HCALL_AGAIN;
    if (likely(rule == RULE_NONE))
        return b->i < b->count && preempt_wanted() ? HCALL_AGAIN : 0;
    mmu_batch_at(v, b);
    return mmu_refuse(&m, v, rule);
}

/* Errors of the list as a whole, before any element: -EFAULT (HCALL-2) for one that reaches into
 * the hypervisor's area, -ESRCH (MMU-28, -32) for a foreigndom that does not exist. */
long hc_mmu_update(struct hcall *h)
{
    struct mmu_batch b;
    long result = 0;
    bool self;

    if (unlikely(!mmu_batch_begin(h, &b, sizeof(struct mmu_update), &result)))
        return result;
    if (unlikely((uint32_t)h->arg[3] != DOMID_SELF)) {
        result = mmu_update_foreign(h, &b, &self);
        if (!self)
            return result;
    }

    while (b.i < b.count && result == 0)
        result = run_chunk(h->v, &b);
    return mmu_batch_end(h, &b, result);
}
