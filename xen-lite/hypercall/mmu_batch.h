/* SPDX-License-Identifier: MIT */
/*
 * What mmu_update and mmuext_op have in common: a list of operations that are done one after the
 * other up to the first refused one, and the number of those that were done.
 */
#ifndef XEN_LITE_HYPERCALL_MMU_BATCH_H
#define XEN_LITE_HYPERCALL_MMU_BATCH_H

#include "hypercall/hypercall.h"
#include "lib/types.h"

struct mmu_batch {
    gva_t list; /* of elements of .size bytes */
    size_t size;
    uint32_t count; /* elements that are left to be done at the start of this round */
    uint32_t i;     /* done in this round */
    gva_t done;     /* where the guest wants to know the number done; 0: nowhere */
};

/* Reads the arguments (list, count, done). True: go on with the elements. False: *result is the
 * call's result. */
bool mmu_batch_begin(struct hcall *h, struct mmu_batch *b, size_t size, long *result);

/* The call's last step: result is 0, a refusal, or HCALL_AGAIN if it is to go on with element i.
 * Tells the guest how many were done, and sees to it that nothing half taken down outlives the
 * call. */
long mmu_batch_end(struct hcall *h, struct mmu_batch *b, long result);

/* Element `index` (as messages count them) of the call that v is in. */
void mmu_batch_at(struct vcpu *v, const struct mmu_batch *b);

/* Goes on taking down what v's calls left, also beyond one hold of the lock. False: preempted. */
bool mmu_settle_all(struct vcpu *v);

/* Whether v may act on domain `id` of an argument: itself only. */
enum rule_id mmu_foreign_rule(const struct vcpu *v, uint16_t id);

/* The CPUs on which the vCPUs of a guest's bitmap run. 0 or -XEN_EFAULT. */
int mmu_vcpu_mask(const struct vcpu *v, gva_t bitmap, cpu_set_t *cpus);

#endif
