/* SPDX-License-Identifier: MIT */
/*
 * grant_table_op: copying bytes between two pages, each of which is a grant, or a frame of the
 * caller's own.
 *
 * Both ends are pinned for the moment of the copy only. Nothing is mapped for a guest, so no TLB
 * has anything to forget.
 */
#include "domain/memory.h"
#include "hv/work.h"
#include "hypercall/grant_table.h"
#include "lib/string.h"

/* One end while it is in use. */
struct end {
    struct domain *granter; /* null: an own frame */
    grant_ref_t ref;
    struct grant_use use;
};

/* Whose the end is: GRANT-15, -2. */
static inline enum rule_id find_end(struct vcpu *v, const struct gnttab_copy_ptr_64 *p, bool is_ref,
                                    struct end *end)
{
    end->granter = NULL;
    if (!is_ref)
        return likely(p->domid == DOMID_SELF) ? RULE_NONE : RULE_GRANT_15;
    end->granter = grant_domain_get(v, p->domid == DOMID_SELF ? v->domain->id : p->domid);
    return likely(end->granter != NULL) ? RULE_NONE : RULE_GRANT_2;
}

static inline enum rule_id begin_end(struct vcpu *v, const struct gnttab_copy_ptr_64 *p, bool write,
                                     struct end *end)
{
    if (end->granter == NULL) {
        end->use.mfn = MFN(p->u.gmfn);
        end->use.start = 0;
        end->use.size = PAGE_SIZE;
        return domain_get_frame_for(v->domain, v->domain, end->use.mfn, write);
    }
    end->ref = p->u.ref;
    grant_use_set(&end->use, v->domain, write ? GRANT_PIN_HOST_WRITE : GRANT_PIN_HOST_READ, write,
                  false);
    return grant_pin(end->granter, end->ref, &end->use);
}

static inline void finish_end(struct vcpu *v, bool write, const struct end *end)
{
    if (end->granter == NULL)
        domain_put_frame_for(v->domain, end->use.mfn, write);
    else
        grant_end_use(end->granter, end->ref, &end->use);
}

/* With both in use. */
static inline enum rule_id copy_bytes(const struct gnttab_copy_64 *op, const struct end *source,
                                      const struct end *dest)
{
    enum rule_id rule =
        grant_copy_range(op->source.offset, op->len, source->use.start, source->use.size);

    /* Beyond a page at either end comes first. */
    if (op->dest.offset + op->len > PAGE_SIZE)
        return RULE_GRANT_18;
    if (rule == RULE_NONE)
        rule = grant_copy_range(op->dest.offset, op->len, dest->use.start, dest->use.size);
    if (unlikely(rule != RULE_NONE))
        return rule;
    memmove((char *)mfn_to_virt(dest->use.mfn) + op->dest.offset,
            (const char *)mfn_to_virt(source->use.mfn) + op->source.offset, op->len);
    return RULE_NONE;
}

static enum rule_id copy_between(struct vcpu *v, const struct gnttab_copy_64 *op,
                                 struct end *source, struct end *dest)
{
    enum rule_id rule = begin_end(v, &op->source, false, source);

    if (unlikely(rule != RULE_NONE))
        return rule;
    rule = begin_end(v, &op->dest, true, dest);
    if (likely(rule == RULE_NONE)) {
        rule = copy_bytes(op, source, dest);
        finish_end(v, true, dest);
    }
    finish_end(v, false, source);
    return rule;
}

static enum rule_id copy_one(struct vcpu *v, const struct gnttab_copy_64 *op)
{
    struct end source, dest;
    enum rule_id rule = find_end(v, &op->source, op->flags & GNTCOPY_source_gref, &source);

    dest.granter = NULL;
    if (likely(rule == RULE_NONE))
        rule = find_end(v, &op->dest, op->flags & GNTCOPY_dest_gref, &dest);
    if (likely(rule == RULE_NONE))
        rule = copy_between(v, op, &source, &dest);
    if (source.granter != NULL)
        grant_domain_put(v, source.granter);
    if (dest.granter != NULL)
        grant_domain_put(v, dest.granter);
    return rule;
}

static void widen_end(struct gnttab_copy_ptr_64 *to, const struct gnttab_copy_ptr_32 *from)
{
    /* Of either kind: a reference has 32 bits at both widths. */
    to->u.gmfn = from->u.gmfn;
    to->domid = from->domid;
    to->offset = from->offset;
}

/* Copies an element in, of a list that was looked at as a whole. By hand: the general way for both
 * widths takes as long as the copy. */
static inline int read_element(const struct grant_list *l, struct gnttab_copy_64 *op)
{
    struct gnttab_copy_32 narrow;

    if (guest_is_native(l->v))
        return guest_read_checked(op, grant_element(l), sizeof(*op));
    if (guest_read_checked(&narrow, grant_element(l), sizeof(narrow)) != 0)
        return -XEN_EFAULT;
    widen_end(&op->source, &narrow.source);
    widen_end(&op->dest, &narrow.dest);
    op->len = narrow.len;
    op->flags = narrow.flags;
    return 0;
}

/* Where in an element its status is. */
static inline size_t status_offset(const struct grant_list *l)
{
    return guest_is_native(l->v) ? offsetof(struct gnttab_copy_64, status)
                                 : offsetof(struct gnttab_copy_32, status);
}

long grant_copy(struct grant_list *l)
{
    for (; l->i < l->count; l->i++) {
        struct gnttab_copy_64 op;
        enum rule_id rule;
        int16_t status = GNTST_okay;

        if (l->i != 0 && preempt_wanted())
            return HCALL_AGAIN;
        if (unlikely(read_element(l, &op) != 0))
            return grant_fault(l);

        l->v->call.index = l->i;
        rule = copy_one(l->v, &op);

        if (unlikely(rule == RULE_GRANT_AGAIN))
            return HCALL_AGAIN;
        if (unlikely(rule != RULE_NONE))
            status = grant_refuse(l->v, rule, "from %x:%lx+%x to %x:%lx+%x, %x bytes",
                                  op.source.domid, op.source.u.gmfn, op.source.offset,
                                  op.dest.domid, op.dest.u.gmfn, op.dest.offset, op.len);
        if (unlikely(grant_tell_status(l, status_offset(l), status) != 0))
            return grant_fault(l);
    }
    return 0;
}
