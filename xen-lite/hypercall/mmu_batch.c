/* SPDX-License-Identifier: MIT */
/*
 * Lists of page-table operations. See mmu_batch.h.
 *
 * A continued call is marked in its count, so that the number done is added up over all rounds. A
 * call that is over, but has left tables to be taken down, is continued with an empty list and its
 * result in place of the fourth argument: the guest learns the result when all is done. A guest
 * that makes such a call by itself gets back what it passed.
 */
#include "hypercall/mmu_batch.h"

#include "domain/guest_struct.h"
#include "pv/mmu.h"

bool mmu_settle_rest(struct vcpu *v)
{
    while (v->pv->half.count != 0) {
        struct mmu m;

        mmu_begin(&m, v);
        (void)mmu_settle(&m);
        mmu_end(&m);
        if (v->pv->half.count != 0 && !mmu_go_on())
            return false;
    }
    return true;
}

bool mmu_batch_begin_other(struct hcall *h, const struct mmu_batch *b, long *result)
{
    if (b->list.n == 0 && (uint32_t)h->arg[1] == MMU_BATCH_CONTINUED) {
        *result = mmu_settle_all(h->v) ? (int)h->arg[3] : HCALL_AGAIN;
        return false;
    }
    if (guest_array_ok(b->list, b->count, b->size))
        return true;
    *result = refuse(h->v, RULE_HCALL_2, "list at %lx, %u elements", b->list.n, b->count);
    return false;
}

/* Adds this round's number to what the rounds before have noted. A pointer that cannot be written
 * is the guest's loss: what was done cannot be undone for it. */
static void note_done(const struct mmu_batch *b, bool continued)
{
    uint32_t done = 0;

    if (b->done.n == 0)
        return;
    if (continued)
        (void)guest_copy_in(&done, b->done, sizeof(done));
    done += b->i;
    (void)guest_copy_out(b->done, &done, sizeof(done));
}

long mmu_batch_end_other(struct hcall *h, const struct mmu_batch *b, long result)
{
    note_done(b, h->arg[1] & MMU_BATCH_CONTINUED);

    if (unlikely(result == HCALL_AGAIN)) {
        h->arg[0] = guest_index(b->list, b->i, b->size).n;
        h->arg[1] = (b->count - b->i) | MMU_BATCH_CONTINUED;
    } else if (unlikely(!mmu_settle_all(h->v))) {
        h->arg[0] = 0;
        h->arg[1] = MMU_BATCH_CONTINUED;
        h->arg[3] = (unsigned long)result;
        return HCALL_AGAIN;
    }
    return result;
}

enum rule_id mmu_foreign_rule_of(const struct vcpu *v, uint16_t id)
{
    struct domain *d;

    if (id == DOMID_IO || id == DOMID_XEN)
        return RULE_HCALL_9;
    /* Its own number does not stand for itself, says the ABI. */
    d = id == v->domain->id ? NULL : domain_get(id);
    if (d == NULL)
        return RULE_MMU_28;
    domain_put(d);
    return RULE_HCALL_9;
}

int mmu_vcpu_mask(const struct vcpu *v, gva_t bitmap, cpu_set_t *cpus)
{
    unsigned int bits = v->domain->width->bytes * 8;
    uint64_t words[MAX_VCPUS / 32];

    *cpus = 0;
    if (guest_words_in(v, words, bitmap, (v->domain->config.max_vcpus + bits - 1) / bits) != 0)
        return -XEN_EFAULT;
    for (unsigned int id = 0; id < v->domain->config.max_vcpus; id++) {
        const struct vcpu *w = v->domain->vcpu[id];

        /* One that moves to another CPU just now loads its tables there, which flushes. */
        if (w != NULL && (words[id / bits] & BIT(id % bits)))
            *cpus |= 1U << READ_ONCE(w->cpu);
    }
    *cpus &= atomic_load(&v->domain->cpus_loaded);
    return 0;
}
