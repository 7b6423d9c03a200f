/* SPDX-License-Identifier: MIT */
/*
 * Base pointers: the two L4 tables of a vCPU, each one use of a frame as L4 table.
 */
#include "pv/mmu.h"

#include "domain/sched.h"
#include "x86/paging.h"

bool mmu_m2p_is_strict(const struct mmu *m)
{
    return atomic_load(&m->d->vm_assist) & BIT(VMASST_TYPE_m2p_strict);
}

/* Shows or hides the M2P in an L4 table that is in use. */
static void show_m2p(mfn_t l4, bool show)
{
    const uint64_t *hv = mfn_to_virt(hv_l4_mfn());
    uint64_t *table = mfn_to_virt(l4);

    WRITE_ONCE(table[HV_L4_FIRST], show ? hv[HV_L4_FIRST] : 0);
}

/* A use of the frame as root table. What is wrong with the frame itself is told as a base pointer's
 * rule, not as that of an entry that names it. */
static enum rule_id root_get(struct mmu *m, mfn_t mfn)
{
    enum rule_id rule = mmu_table_get(m, mfn, 4);

    return rule == RULE_MMU_6 && !mfn_is_valid(m->table) ? RULE_MMU_18 : rule;
}

enum rule_id mmu_set_kernel_table(struct mmu *m, struct vcpu *v, mfn_t mfn)
{
    mfn_t old = v->pv->kernel_table;
    bool loaded = v == current_vcpu();

    if (!mfn_eq(old, mfn)) {
        enum rule_id rule = root_get(m, mfn);

        if (rule != RULE_NONE)
            return rule;
        /* The LDT's pages were found by way of the old table. */
        mmu_empty_ldt_window(m, v);
        if (!mmu_m2p_is_strict(m))
            show_m2p(mfn, true);
        v->pv->kernel_table = mfn;
    }
    if (loaded && v->pv->kernel_mode)
        cr3_load(mfn);
    if (!mfn_eq(old, mfn) && mfn_is_valid(old))
        mmu_table_put(m, old);
    return RULE_NONE;
}

enum rule_id mmu_set_user_table(struct mmu *m, struct vcpu *v, mfn_t mfn)
{
    mfn_t old = v->pv->user_table;

    if (mfn_eq(old, mfn))
        return RULE_NONE;
    if (mfn_is_valid(mfn)) {
        enum rule_id rule = root_get(m, mfn);

        if (rule != RULE_NONE)
            return rule;
        if (mmu_m2p_is_strict(m))
            show_m2p(mfn, false);
    }
    v->pv->user_table = mfn;
    if (mfn_is_valid(old))
        mmu_table_put(m, old);
    return RULE_NONE;
}

/* One hold of the lock for the builder: pin, then base pointer. */
static enum rule_id start_tables_step(struct vcpu *v, mfn_t l4)
{
    enum rule_id rule = RULE_NONE;
    struct mmu m;

    mmu_begin(&m, v);
    if (!(frame_of(l4)->type & FRAME_PINNED))
        rule = mmu_pin(&m, l4, 4);
    if (rule == RULE_NONE)
        rule = mmu_set_kernel_table(&m, v, l4);
    mmu_end(&m);
    return rule;
}

enum rule_id pv_start_tables(struct vcpu *v, mfn_t l4)
{
    enum rule_id rule;

    do
        rule = start_tables_step(v, l4);
    while (rule == RULE_AGAIN);
    return rule;
}
