/* SPDX-License-Identifier: MIT */
/*
 * grant_table_op: what a domain does with its own table: its size, its format, its entries; and
 * cache_flush.
 *
 * Without privilege "own" is DOMID_SELF or the domain's own number; any other is refused, with a
 * status (GRANT-2, -15) or an errno (-ESRCH, -EPERM), as the operation has one or the other.
 */
#include "domain/memory.h"
#include "hv/options.h"
#include "hv/work.h"
#include "hypercall/grant_table.h"
#include "lib/types.h"

/* Whether `id` is the caller: RULE_NONE, GRANT-15 for another, GRANT-2 for nobody. */
static enum rule_id own_rule(const struct vcpu *v, domid_t id)
{
    struct domain *d;

    if (id == DOMID_SELF || id == v->domain->id)
        return RULE_NONE;
    d = domain_get(id);
    if (d == NULL)
        return RULE_GRANT_2;
    domain_put(d);
    return RULE_GRANT_15;
}

static long refuse_argument(struct vcpu *v, gva_t where)
{
    return refuse(v, RULE_HCALL_2, "argument at %lx", where.n);
}

/* The argument, as it is told. Its result, or -XEN_EFAULT. */
static long tell(struct vcpu *v, gva_t where, const void *argument, size_t size, long result)
{
    return guest_copy_out(where, argument, size) == 0 ? result : refuse_argument(v, where);
}

/* ---- Size ---- */

/* Writes frames to the guest's list, of words or of 64 bits each. False: it cannot be written. */
static bool write_frames(struct vcpu *v, gva_t list, uint32_t count,
                         mfn_t (*frame)(struct domain *d, uint32_t i), bool words)
{
    bool done = true;

    for (uint32_t i = 0; i < count; i++) {
        uint64_t mfn = frame(v->domain, i).n;

        if (words)
            done &= guest_words_out(v, guest_word_at(v, list, i), &mfn, 1) == 0;
        else
            done &= guest_copy_out(guest_index(list, i, sizeof(mfn)), &mfn, sizeof(mfn)) == 0;
    }
    return done;
}

/* Frames that are added in one step: each is cleared, and so is what the hypervisor keeps of it. */
#define GROW_STEP 4

/* At least so many frames. RULE_GRANT_AGAIN: not yet, and others want the CPU. GRANT-16. */
static enum rule_id grow(struct domain *d, uint32_t frames)
{
    enum rule_id rule;

    if (frames > d->grant->max_frames)
        return RULE_GRANT_16;
    for (;;) {
        uint32_t now = atomic_load(&d->grant->frames);

        rule = grant_grow(d, min(frames, now + GROW_STEP));
        if (rule != RULE_NONE || frames <= now + GROW_STEP)
            return rule;
        if (preempt_wanted())
            return RULE_GRANT_AGAIN;
    }
}

/* setup_table: grows the table and tells its frames. GRANT-2, -15, -16, -17. Made again with the
 * same arguments it goes on. */
long grant_setup_table(struct vcpu *v, gva_t where)
{
    struct gnttab_setup_table_64 a;
    gva_t list;
    enum rule_id rule;

    if (guest_struct_in(v, &gnttab_setup_table_forms, &a, where) != 0)
        return refuse_argument(v, where);
    list = GVA(a.frame_list);
    if (!guest_words_ok(v, list, a.nr_frames))
        return refuse(v, RULE_HCALL_2, "list at %lx, %u frames", list.n, a.nr_frames);

    rule = own_rule(v, a.dom);
    if (rule == RULE_NONE)
        rule = grow(v->domain, a.nr_frames);
    if (rule == RULE_GRANT_AGAIN)
        return HCALL_AGAIN;
    if (rule == RULE_NONE && !write_frames(v, list, a.nr_frames, grant_frame, true))
        rule = RULE_GRANT_17;

    a.status = GNTST_okay;
    if (rule != RULE_NONE)
        a.status = grant_refuse(v, rule, "domain 0x%x, %u frames", a.dom, a.nr_frames);
    return guest_struct_out(v, &gnttab_setup_table_forms, where, &a) == 0
               ? 0
               : refuse_argument(v, where);
}

/* query_size. GRANT-2, -15. */
long grant_query_size(struct vcpu *v, gva_t where)
{
    struct gnttab_query_size a;
    enum rule_id rule;

    if (guest_copy_in(&a, where, sizeof(a)) != 0)
        return refuse_argument(v, where);

    rule = own_rule(v, a.dom);
    a.status = GNTST_okay;
    if (rule == RULE_NONE) {
        a.nr_frames = atomic_load(&v->domain->grant->frames);
        a.max_nr_frames = v->domain->grant->max_frames;
    } else {
        a.status = grant_refuse(v, rule, "domain 0x%x", a.dom);
    }
    return tell(v, where, &a, sizeof(a), 0);
}

/* get_status_frames. GRANT-2, -15, -16 (more than there are), -17. */
long grant_get_status_frames(struct vcpu *v, gva_t where)
{
    struct gnttab_get_status_frames_64 a;
    gva_t list;
    enum rule_id rule;

    if (guest_struct_in(v, &gnttab_get_status_frames_forms, &a, where) != 0)
        return refuse_argument(v, where);
    list = GVA(a.frame_list);
    if (!guest_list_ok(v, list, a.nr_frames, sizeof(uint64_t)))
        return refuse(v, RULE_HCALL_2, "list at %lx, %u frames", list.n, a.nr_frames);

    rule = own_rule(v, a.dom);
    if (rule == RULE_NONE && a.nr_frames != 0 &&
        !mfn_is_valid(grant_status_frame(v->domain, a.nr_frames - 1)))
        rule = RULE_GRANT_16;
    if (rule == RULE_NONE && !write_frames(v, list, a.nr_frames, grant_status_frame, false))
        rule = RULE_GRANT_17;

    a.status = GNTST_okay;
    if (rule != RULE_NONE)
        a.status = grant_refuse(v, rule, "domain 0x%x, %u frames", a.dom, a.nr_frames);
    return guest_struct_out(v, &gnttab_get_status_frames_forms, where, &a) == 0
               ? 0
               : refuse_argument(v, where);
}

/* ---- Format ---- */

/* set_version. -EINVAL: GRANT-27; -ENOSYS: GRANT-33; -EBUSY: GRANT-22; -ERANGE: GRANT-23; -ENOMEM.
 * What the format is then is told in any case. */
long grant_set_version_op(struct vcpu *v, gva_t where)
{
    struct gnttab_set_version a;
    enum rule_id rule;
    long result = 0;

    if (guest_copy_in(&a, where, sizeof(a)) != 0)
        return refuse_argument(v, where);

    if (a.version != 1 && a.version != 2)
        rule = RULE_GRANT_27;
    else if (a.version > options.gnttab.max_version)
        rule = RULE_GRANT_33;
    else
        rule = grant_set_version(v->domain, a.version);
    if (rule != RULE_NONE)
        result = refuse(v, rule, "version %u", a.version);
    if (rule == RULE_GRANT_16)
        result = -XEN_ENOMEM;

    a.version = grant_version(v->domain);
    return tell(v, where, &a, sizeof(a), result);
}

/* get_version. -ESRCH: HCALL-8; -EPERM: HCALL-9. */
long grant_get_version(struct vcpu *v, gva_t where)
{
    struct gnttab_get_version a;
    enum rule_id rule;

    if (guest_copy_in(&a, where, sizeof(a)) != 0)
        return refuse_argument(v, where);
    rule = own_rule(v, a.dom);
    if (rule != RULE_NONE)
        return refuse(v, rule == RULE_GRANT_2 ? RULE_HCALL_8 : RULE_HCALL_9, "domain 0x%x", a.dom);

    a.version = grant_version(v->domain);
    return tell(v, where, &a, sizeof(a), 0);
}

/* ---- Entries ---- */

/* Copies the element at .i in. 0; HCALL_AGAIN: not now; -XEN_EFAULT. */
static long next_element(const struct grant_list *l, void *to)
{
    if (l->i != 0 && preempt_wanted())
        return HCALL_AGAIN;
    if (guest_copy_in(to, grant_element(l), l->size) != 0)
        return grant_fault(l);
    l->v->call.index = l->i;
    return 0;
}

/* swap_grant_ref. GRANT-3, -24. */
long grant_swap_refs(struct grant_list *l)
{
    for (; l->i < l->count; l->i++) {
        struct gnttab_swap_grant_ref a;
        long result = next_element(l, &a);
        enum rule_id rule;

        if (result != 0)
            return result;
        rule = grant_swap(l->v->domain, a.ref_a, a.ref_b);
        a.status = GNTST_okay;
        if (rule != RULE_NONE)
            a.status = grant_refuse(l->v, rule, "references %u and %u", a.ref_a, a.ref_b);
        if (guest_copy_out(grant_element(l), &a, sizeof(a)) != 0)
            return grant_fault(l);
    }
    return 0;
}

/* Whether the caller may flush that; the memory of others only if it uses it by grant. */
static enum rule_id flush_rule(struct domain *d, const struct gnttab_cache_flush *a)
{
    struct frame *f;
    struct domain *owner;
    bool used;

    if (a->offset >= PAGE_SIZE || a->length > PAGE_SIZE || a->offset + a->length > PAGE_SIZE ||
        (a->op & ~(GNTTAB_CACHE_CLEAN | GNTTAB_CACHE_INVAL)))
        return RULE_GRANT_29;
    if (a->length == 0 || a->op == 0)
        return RULE_NONE;
    f = frame_find(paddr_to_mfn(a->a.dev_bus_addr));
    if (f == NULL)
        return RULE_GRANT_29;
    owner = domain_get(READ_ONCE(f->node.owner));
    if (owner == NULL)
        return RULE_GRANT_30;
    used = owner == d || grant_is_used(owner, d->id, frame_mfn(f));
    look_at_clock();
    domain_put(owner);
    if (!used)
        return RULE_GRANT_29;
    return a->op == GNTTAB_CACHE_INVAL ? RULE_GRANT_31 : RULE_NONE;
}

/* cache_flush: -EINVAL: GRANT-29; -EPERM: GRANT-30; -EOPNOTSUPP: GRANT-31. All caches of this
 * machine are coherent, and no device is the guest's: nothing has to be done. */
long grant_cache_flush(struct grant_list *l)
{
    for (; l->i < l->count; l->i++) {
        struct gnttab_cache_flush a;
        long result = next_element(l, &a);
        enum rule_id rule;

        if (result != 0)
            return result;
        rule = flush_rule(l->v->domain, &a);
        if (rule != RULE_NONE)
            return refuse(l->v, rule, "address %lx, offset %u, length %u, operation %x",
                          a.a.dev_bus_addr, a.offset, a.length, a.op);
    }
    return 0;
}
