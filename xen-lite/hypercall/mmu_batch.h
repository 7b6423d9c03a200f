/* SPDX-License-Identifier: MIT */
/*
 * What mmu_update and mmuext_op have in common: a list of operations that are done one after the
 * other up to the first refused one, and the number of those that were done.
 */
#ifndef XEN_LITE_HYPERCALL_MMU_BATCH_H
#define XEN_LITE_HYPERCALL_MMU_BATCH_H

#include "hypercall/hypercall.h"
#include "lib/types.h"
#include "x86/guest_copy.h"

/*
 * One round of such a call, on the stack of the handler: the arguments as they were read, and how
 * far it has come. i <= count always.
 *
 * Keys: c = set when the round begins, never changed; o = the handler's.
 */
struct mmu_batch {
    gva_t list;     /* c: of elements of .size bytes */
    size_t size;    /* c */
    uint32_t count; /* c: elements that are left to be done at the start of this round */
    uint32_t i;     /* o: done in this round */
    gva_t done;     /* c: where the guest wants to know the number done; 0: nowhere */
};

/* Marks the count of a continued call. A guest that sets the bit itself says that *done counts
 * already, which harms nobody but its own books; as on Xen, which keeps the same mark in the same
 * place. */
#define MMU_BATCH_CONTINUED (1U << 31)

/* The rarer half of mmu_batch_begin(): a list that cannot be, or a call that is over but for what
 * it left to be taken down. */
bool mmu_batch_begin_other(struct hcall *h, const struct mmu_batch *b, long *result);

/* Reads the arguments (list, count, done). True: go on with the elements. False: *result is the
 * call's result. */
static inline bool mmu_batch_begin(struct hcall *h, struct mmu_batch *b, size_t size, long *result)
{
    b->list = GVA(h->arg[0]);
    b->size = size;
    b->count = (uint32_t)h->arg[1] & ~MMU_BATCH_CONTINUED;
    b->i = 0;
    b->done = GVA(h->arg[2]);
    if (likely(b->list.n != 0 && guest_array_ok(b->list, b->count, size)))
        return true;
    return mmu_batch_begin_other(h, b, result);
}

/* Goes on taking down what v's calls left, also beyond one hold of the lock. False: preempted. */
bool mmu_settle_rest(struct vcpu *v);
static inline bool mmu_settle_all(struct vcpu *v)
{
    /* Only v's own calls add to it. */
    return likely(v->pv->half.count == 0) || mmu_settle_rest(v);
}

/* The rarer half of mmu_batch_end(): something was refused, is left, or is to be told. */
long mmu_batch_end_other(struct hcall *h, const struct mmu_batch *b, long result);

/* The call's last step: result is 0, a refusal, or HCALL_AGAIN if it is to go on with element i.
 * Tells the guest how many were done, and sees to it that nothing half taken down outlives the
 * call. */
static inline long mmu_batch_end(struct hcall *h, const struct mmu_batch *b, long result)
{
    h->v->call.index = CALL_NO_INDEX;
    if (likely(result == 0 && b->done.n == 0 && h->v->pv->half.count == 0))
        return 0;
    return mmu_batch_end_other(h, b, result);
}

/* Element `index` (as messages count them) of the call that v is in. */
static inline void mmu_batch_at(struct vcpu *v, const struct mmu_batch *b)
{
    v->call.index = b->i;
}

/* Which rule is broken if v acts on domain `id`, an argument of its call: RULE_NONE for DOMID_SELF;
 * MMU-28 (-ESRCH) where there is no such domain, HCALL-9 (-EPERM) for any other. */
enum rule_id mmu_foreign_rule_of(const struct vcpu *v, uint16_t id);
static inline enum rule_id mmu_foreign_rule(const struct vcpu *v, uint16_t id)
{
    return likely(id == DOMID_SELF) ? RULE_NONE : mmu_foreign_rule_of(v, id);
}

/* mmu_update for a foreigndom other than DOMID_SELF. *self: it stands for the caller after all, and
 * nothing was done; otherwise the call's result. -ESRCH: MMU-28, with *done written, and MMU-32. */
long mmu_update_foreign(struct hcall *h, struct mmu_batch *b, bool *self);

/* The CPUs that the vCPUs of a guest's bitmap run on, of those that have the domain's tables
 * loaded. 0; or -XEN_EFAULT, and no CPU. The bitmap is one word, whatever the number of vCPUs:
 * there are no more than 32. */
int mmu_vcpu_mask(const struct vcpu *v, gva_t bitmap, cpu_set_t *cpus);

#endif
