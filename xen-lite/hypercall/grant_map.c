/* SPDX-License-Identifier: MIT */
/*
 * grant_table_op: mapping and unmapping.
 *
 * A mapping takes: a handle, the pins and references, the page-table entry; each under its own
 * lock, and gives all back if the next is refused. Unmapping takes the entry away, notes in the
 * mapping track what is left, and when the TLBs are flushed, once for a batch, gives references and
 * pins back.
 */
#include "domain/memory.h"
#include "hv/work.h"
#include "hypercall/grant_table.h"
#include "pv/mmu.h"

/* GNTMAP_* that the track remembers. */
#define KEPT_FLAGS                                                                    \
    (GNTMAP_device_map | GNTMAP_host_map | GNTMAP_readonly | GNTMAP_application_map | \
     GNTMAP_contains_pte)

/* ---- Mapping ---- */

/* With a handle. */
static enum rule_id map_with(struct vcpu *v, struct domain *granter, grant_handle_t handle,
                             struct gnttab_map_grant_ref *op)
{
    struct grant_use use;
    enum rule_id rule;

    grant_use_set(&use, v->domain, grant_pins_of(op->flags), !(op->flags & GNTMAP_readonly), true);
    rule = grant_pin(granter, op->ref, &use);
    if (unlikely(rule != RULE_NONE))
        return rule;
    if (op->flags & GNTMAP_host_map)
        rule = mmu_map_grant(v, op->host_addr, op->flags, use.mfn);
    if (unlikely(rule != RULE_NONE)) {
        grant_end_use(granter, op->ref, &use);
        return rule;
    }
    grant_track_set(v->domain->grant, handle,
                    &(struct grant_mapping){ .ref = op->ref,
                                             .frame = (uint32_t)use.mfn.n,
                                             .serial = granter->serial,
                                             .granter = granter->id,
                                             .flags = op->flags & KEPT_FLAGS });
    op->handle = handle;
    op->dev_bus_addr = mfn_to_paddr(use.mfn);
    return RULE_NONE;
}

static enum rule_id map_one(struct vcpu *v, struct gnttab_map_grant_ref *op)
{
    struct domain *granter;
    grant_handle_t handle;
    enum rule_id rule;

    if (unlikely(grant_pins_of(op->flags) == 0))
        return RULE_GRANT_1;
    granter = grant_domain_get(v, op->dom);
    if (unlikely(granter == NULL))
        return RULE_GRANT_2;
    handle = grant_track_alloc(v->domain->grant);
    rule = RULE_GRANT_10;
    if (likely(handle != GRANT_NO_HANDLE)) {
        rule = map_with(v, granter, handle, op);
        if (unlikely(rule != RULE_NONE))
            grant_track_free(v->domain, handle);
    }
    grant_domain_put(v, granter);
    return rule;
}

/* Writes what the operation tells into the element at .i. Of the list was asked before. */
static inline bool tell_mapping(const struct grant_list *l, const struct gnttab_map_grant_ref *op)
{
    uint64_t at = grant_element(l).n;
    bool done;

    stac();
    done =
        guest_put_short(at + offsetof(struct gnttab_map_grant_ref, status), (uint16_t)op->status) &&
        guest_put_half_word(at + offsetof(struct gnttab_map_grant_ref, handle), op->handle) &&
        guest_put_word(at + offsetof(struct gnttab_map_grant_ref, dev_bus_addr), op->dev_bus_addr);
    clac();
    return done;
}

long grant_map(struct grant_list *l)
{
    for (; l->i < l->count; l->i++) {
        struct gnttab_map_grant_ref op;
        enum rule_id rule;

        if (l->i != 0 && preempt_wanted())
            return HCALL_AGAIN;
        if (unlikely(guest_read_checked(&op, grant_element(l), sizeof(op)) != 0))
            return grant_fault(l);

        l->v->call.index = l->i;
        rule = map_one(l->v, &op);

        op.status = GNTST_okay;
        if (unlikely(rule != RULE_NONE))
            op.status = grant_refuse(l->v, rule, "domain 0x%x, reference %u, flags %x, address %lx",
                                     op.dom, op.ref, op.flags, op.host_addr);
        if (unlikely(!tell_mapping(l, &op)))
            return grant_fault(l);
    }
    return 0;
}

/* ---- Unmapping ---- */

/* Unmapped in one batch: one flush for all. */
#define BATCH 32

/* Both operations begin with host_addr and have a handle and a status; replace has new_addr in the
 * place of dev_bus_addr. */
static_assert(sizeof(struct gnttab_unmap_and_replace) == sizeof(struct gnttab_unmap_grant_ref) &&
                  offsetof(struct gnttab_unmap_and_replace, new_addr) ==
                      offsetof(struct gnttab_unmap_grant_ref, dev_bus_addr) &&
                  offsetof(struct gnttab_unmap_and_replace, status) ==
                      offsetof(struct gnttab_unmap_grant_ref, status),
              "one reader for both");

/* What one element asks for, and then what is to be given back after the flush. */
struct unmap {
    struct gnttab_unmap_grant_ref op;
    struct grant_mapping done; /* .flags: the kinds that were undone; 0: nothing was */
};

/* Takes the mapping out of the page tables and the track. track_lock held. */
static ALWAYS_INLINE enum rule_id undo(struct vcpu *v, struct grant_table *gt, struct unmap *u,
                                       bool replace)
{
    struct grant_mapping *mapping = grant_track_find(gt, u->op.handle);
    uint64_t bus_addr = replace ? 0 : u->op.dev_bus_addr;
    uint8_t done = 0;

    if (unlikely(mapping == NULL))
        return RULE_GRANT_12;
    if (bus_addr != 0 && (mapping->flags & GNTMAP_device_map)) {
        if (bus_addr != mfn_to_paddr(MFN(mapping->frame)))
            return RULE_GRANT_13;
        done |= GNTMAP_device_map;
    }
    if (likely(u->op.host_addr != 0 && (mapping->flags & GNTMAP_host_map))) {
        enum rule_id rule = mmu_unmap_grant(v, u->op.host_addr, mapping->flags, MFN(mapping->frame),
                                            replace ? u->op.dev_bus_addr : 0);

        if (unlikely(rule != RULE_NONE))
            return rule;
        done |= GNTMAP_host_map;
    }
    if (unlikely(done == 0))
        return RULE_NONE;
    u->done = *mapping;
    u->done.flags = done | (mapping->flags & GNTMAP_readonly);
    mapping->flags &= (uint8_t)~done;
    if (likely((mapping->flags & (GNTMAP_host_map | GNTMAP_device_map)) == 0))
        grant_track_free_locked(gt, u->op.handle, mapping);
    return RULE_NONE;
}

static ALWAYS_INLINE int16_t unmap_one(struct vcpu *v, struct unmap *u, bool replace)
{
    struct grant_table *gt = v->domain->grant;
    enum rule_id rule;

    u->done.flags = 0;
    spin_lock(&gt->track_lock);
    rule = undo(v, gt, u, replace);
    spin_unlock(&gt->track_lock);
    if (likely(rule == RULE_NONE))
        return GNTST_okay;
    return grant_refuse(v, rule, "handle %x, address %lx", u->op.handle, u->op.host_addr);
}

/* After the flush. */
static void give_back(struct vcpu *v, const struct grant_mapping *done)
{
    uint32_t pins = grant_pins_of(done->flags);
    bool write = !(done->flags & GNTMAP_readonly);
    struct domain *granter = v->domain;

    /* While there are references the granter is there. Without, as when the kernel has overwritten
     * the entry and maps it to unmap the handle in another way, it may be gone. */
    if (done->serial != granter->serial)
        granter = domain_get_born(done->granter, done->serial);
    domain_put_frame_for(v->domain, MFN(done->frame), write);
    if (unlikely((pins & (pins - 1)) != 0))
        domain_put_frame_for(v->domain, MFN(done->frame), write);
    if (likely(granter != NULL)) {
        grant_unpin(granter, done->ref, pins, write);
        grant_domain_put(v, granter);
    }
}

static inline void complete(struct vcpu *v, const struct unmap *batch, unsigned int count)
{
    tlb_flush_mostly_local(atomic_load(&v->domain->cpus_loaded));
    for (unsigned int k = 0; k < count; k++)
        give_back(v, &batch[k].done);
}

/* Elements [.i, ...) up to a batch; *count: that many of them were undone, and are in it. */
static ALWAYS_INLINE long unmap_batch(struct grant_list *l, struct unmap *batch,
                                      unsigned int *count, bool replace)
{
    unsigned int end = l->i + min(l->count - l->i, (uint32_t)BATCH);
    struct unmap *u = batch;

    for (*count = 0; l->i < end; l->i++) {
        int16_t status;

        if (unlikely(guest_read_checked(&u->op, grant_element(l), sizeof(u->op)) != 0))
            return grant_fault(l);

        l->v->call.index = l->i;
        status = unmap_one(l->v, u, replace);
        if (likely(u->done.flags != 0)) {
            u++;
            ++*count;
        }

        if (unlikely(
                grant_tell_status(l, offsetof(struct gnttab_unmap_grant_ref, status), status) != 0))
            return grant_fault(l);
    }
    return 0;
}

static ALWAYS_INLINE long unmap_list(struct grant_list *l, bool replace)
{
    struct unmap batch[BATCH];

    while (l->i < l->count) {
        unsigned int count;
        long result = unmap_batch(l, batch, &count, replace);

        if (likely(count != 0))
            complete(l->v, batch, count);
        if (unlikely(result != 0))
            return result;
        if (l->i < l->count && preempt_wanted())
            return HCALL_AGAIN;
    }
    return 0;
}

long grant_unmap(struct grant_list *l)
{
    return unmap_list(l, false);
}

long grant_replace(struct grant_list *l)
{
    return unmap_list(l, true);
}
