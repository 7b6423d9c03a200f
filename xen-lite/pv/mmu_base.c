/* SPDX-License-Identifier: MIT */
/*
 * Base pointers: each is one use of a frame as root table. What differs with the guest's width is
 * in root64.c and root32.c.
 */
#include "pv/mmu.h"

#include "domain/sched.h"

enum rule_id mmu_root_get(struct mmu *m, mfn_t mfn)
{
    enum rule_id rule = mmu_table_get(m, mfn, (enum frame_type)m->format->root);

    return rule == RULE_MMU_6 && !mfn_is_valid(m->table) ? RULE_MMU_18 : rule;
}

enum rule_id mmu_set_kernel_table(struct mmu *m, struct vcpu *v, mfn_t mfn)
{
    mfn_t old = v->pv->kernel_table;
    bool loaded = v == current_vcpu();

    if (!mfn_eq(old, mfn)) {
        enum rule_id rule = mmu_root_get(m, mfn);

        if (rule != RULE_NONE)
            return rule;
        /* The LDT's pages were found by way of the old table. */
        mmu_empty_ldt_window(m, v);
        v->pv->kernel_table = mfn;
        v->pv->width->use_root(m, v);
    }
    if (loaded && v->pv->kernel_mode)
        cr3_load(v->pv->kernel_l4);
    if (!mfn_eq(old, mfn) && mfn_is_valid(old))
        mmu_table_put(m, old);
    return RULE_NONE;
}

/* One hold of the lock: pin, then base pointer. */
enum rule_id pv_start_tables(struct vcpu *v, mfn_t root)
{
    enum rule_id rule = RULE_NONE;
    struct mmu m;

    mmu_begin(&m, v);
    if (!(frame_of(root)->type & FRAME_PINNED))
        rule = mmu_pin(&m, root, (enum frame_type)m.format->root);
    if (rule == RULE_NONE)
        rule = mmu_set_kernel_table(&m, v, root);
    mmu_end(&m);
    return rule;
}
