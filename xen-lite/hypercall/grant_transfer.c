/* SPDX-License-Identifier: MIT */
/*
 * grant_table_op: giving frames away.
 *
 * The receiver has an entry that waits for a frame of the caller's. The frame leaves its domain
 * only when nothing uses it any more, with its contents; on the way it is nobody's, and comes back
 * to the caller if the receiver will not have it.
 */
#include "domain/memory.h"
#include "hv/alloc.h"
#include "hv/options.h"
#include "hv/work.h"
#include "hypercall/grant_table.h"
#include "lib/string.h"

/* A frame that is nobody's just now, to e. */
static enum rule_id give(struct domain *d, struct domain *e, struct frame *f, grant_ref_t ref)
{
    enum rule_id rule;
    uint64_t gfn;

    if (domain_memory_end(e, 0) - 1 < mfn_to_paddr(frame_mfn(f)))
        return RULE_GRANT_28;
    /* A place is kept before the entry is marked, which cannot be undone. But not for a frame that
     * nobody waits for: the place would be missing, for that moment, to what e gets by itself, and
     * to a domain that is just being built. */
    if (!grant_awaits_frame(e, ref, d) || !domain_reserve_place(e))
        return RULE_GRANT_26;
    rule = grant_begin_transfer(e, ref, d, &gfn);
    if (rule != RULE_NONE) {
        domain_drop_place(e);
        return rule;
    }
    if (!domain_move_page(d, e, f, gfn))
        return RULE_GRANT_26;
    grant_end_transfer(e, ref, frame_mfn(f));
    return RULE_NONE;
}

/* What is wrong with the frame comes before what is wrong with the receiver, as on Xen. */
static enum rule_id transfer_one(struct vcpu *v, const struct gnttab_transfer_64 *op)
{
    struct domain *d = v->domain, *e;
    struct frame *f = domain_frame_get(d, MFN(op->mfn));
    enum rule_id rule = RULE_GRANT_2;

    if (f == NULL)
        return RULE_GRANT_25;
    if (!domain_steal_page(d, f)) {
        domain_frame_put(d, f);
        return RULE_GRANT_32;
    }
    e = domain_get(op->domid);
    if (e != NULL) {
        rule = give(d, e, f, op->ref);
        domain_put(e);
    }
    if (rule != RULE_NONE)
        domain_return_page(d, f);
    return rule;
}

static inline gva_t status_at(const struct grant_list *l)
{
    return guest_member_at(l->v, &gnttab_transfer_forms, gnttab_transfer_forms.count - 1,
                           grant_element(l));
}

long grant_transfer(struct grant_list *l)
{
    if (!options.gnttab.transfer)
        return refuse(l->v, RULE_GRANT_31, "transfer");
    for (; l->i < l->count; l->i++) {
        struct gnttab_transfer_64 op;
        enum rule_id rule;
        int16_t status = GNTST_okay;

        if (l->i != 0 && preempt_wanted())
            return HCALL_AGAIN;
        if (guest_struct_in(l->v, &gnttab_transfer_forms, &op, grant_element(l)) != 0)
            return grant_fault(l);

        l->v->call.index = l->i;
        rule = transfer_one(l->v, &op);

        if (rule != RULE_NONE)
            status = grant_refuse(l->v, rule, "mfn %lx to domain 0x%x, reference %u", op.mfn,
                                  op.domid, op.ref);
        if (guest_copy_out(status_at(l), &status, sizeof(status)) != 0)
            return grant_fault(l);
    }
    return 0;
}
