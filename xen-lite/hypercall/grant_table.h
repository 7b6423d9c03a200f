/* SPDX-License-Identifier: MIT */
/*
 * grant_table_op: what its operations share.
 */
#ifndef XEN_LITE_HYPERCALL_GRANT_TABLE_H
#define XEN_LITE_HYPERCALL_GRANT_TABLE_H

#include "domain/grant.h"
#include "domain/guest_struct.h"
#include "hypercall/hypercall.h"

/* A list of elements, of which [0, .i) are done. */
struct grant_list {
    struct vcpu *v;
    gva_t list;
    size_t size;    /* of an element, in the guest's form */
    uint32_t count; /* that are left to be done at the start of this round */
    uint32_t i;
};

/* Each does as many elements as it may. 0 when all are done; HCALL_AGAIN to go on with element .i;
 * -XEN_EFAULT. */
long grant_map(struct grant_list *l);
long grant_unmap(struct grant_list *l);
long grant_replace(struct grant_list *l);
long grant_copy(struct grant_list *l);
long grant_transfer(struct grant_list *l);
long grant_swap_refs(struct grant_list *l);
long grant_cache_flush(struct grant_list *l);

/* Operations of one element, at `where`. 0 or an errno. */
long grant_setup_table(struct vcpu *v, gva_t where);
long grant_query_size(struct vcpu *v, gva_t where);
long grant_get_status_frames(struct vcpu *v, gva_t where);
long grant_set_version_op(struct vcpu *v, gva_t where);
long grant_get_version(struct vcpu *v, gva_t where);

static inline gva_t grant_element(const struct grant_list *l)
{
    return guest_index(l->list, l->i, l->size);
}

/* The element at .i cannot be read or written. */
static inline long grant_fault(const struct grant_list *l)
{
    return refuse(l->v, RULE_HCALL_2, "element at %lx", grant_element(l).n);
}

/* The domain of an element, to be given back. The caller's own needs no reference: it lasts as long
 * as its call. Null: there is none. */
static inline struct domain *grant_domain_get(const struct vcpu *v, domid_t id)
{
    return id == v->domain->id ? v->domain : domain_get(id);
}

static inline void grant_domain_put(const struct vcpu *v, struct domain *d)
{
    if (d != v->domain)
        domain_put(d);
}

/* Writes the status of the element at .i, which is at that offset. 0 or -XEN_EFAULT. That the list
 * is the guest's was asked before. */
static inline int grant_tell_status(const struct grant_list *l, size_t offset, int16_t status)
{
    bool done;

    stac();
    done = guest_put_short(grant_element(l).n + offset, (uint16_t)status);
    clac();
    return likely(done) ? 0 : -XEN_EFAULT;
}

/* Says why an element is refused. Its status. */
#define grant_refuse(v, rule, ...) ((void)refuse((v), (rule), __VA_ARGS__), grant_status_of(rule))

#endif
