/* SPDX-License-Identifier: MIT */
/*
 * Root tables of 64-bit guests: two L4 tables of the guest's for each vCPU, which the CPU walks as
 * they are. They have the hypervisor's slots in them.
 */
#include "lib/assert.h"
#include "pv/area.h"
#include "pv/mmu.h"
#include "x86/paging.h"

/* The domain has the m2p_strict assist. */
static bool m2p_is_strict(const struct domain *d)
{
    return atomic_load(&d->vm_assist) & BIT(VMASST_TYPE_m2p_strict);
}

/* Shows or hides the M2P in an L4 table that is in use. */
static void show_m2p(mfn_t l4, bool show)
{
    const uint64_t *hv = mfn_to_virt(hv_l4_mfn());
    uint64_t *table = mfn_to_virt(l4);

    WRITE_ONCE(table[HV_L4_FIRST], show ? hv[HV_L4_FIRST] : 0);
}

void mmu_use_root_64(struct mmu *m, struct vcpu *v)
{
    v->pv->kernel_l4 = v->pv->kernel_table;
    if (!m2p_is_strict(m->d))
        show_m2p(v->pv->kernel_l4, true);
}

enum rule_id mmu_set_user_table_64(struct mmu *m, struct vcpu *v, mfn_t mfn)
{
    mfn_t old = v->pv->user_table;

    if (mfn_eq(old, mfn))
        return RULE_NONE;
    if (mfn_is_valid(mfn)) {
        enum rule_id rule = mmu_root_get(m, mfn);

        if (rule != RULE_NONE)
            return rule;
        if (m2p_is_strict(m->d))
            show_m2p(mfn, false);
    }
    v->pv->user_table = mfn;
    if (mfn_is_valid(old))
        mmu_table_put(m, old);
    return RULE_NONE;
}

/*
 * The M2P's slot is a matter of its own, as Xen has it: with the m2p_strict assist every L4 table
 * gets it and loses it when it becomes a user base pointer; without, none has it until it becomes a
 * kernel base pointer. Either way programs do not see it.
 */
void mmu_fill_table_64(const struct domain *d, enum frame_type type, uint64_t *table)
{
    ASSERT(type == FRAME_L4);
    hv_l4_fill(table, pv_area_l4_entry(d));
    if (!m2p_is_strict(d))
        WRITE_ONCE(table[HV_L4_FIRST], 0);
}

/* The guest's own tables will do. */
int mmu_create_top_64(struct vcpu *v)
{
    v->pv->kernel_l4 = INVALID_MFN;
    return 0;
}

void mmu_destroy_top_64(struct vcpu *v)
{
    v->pv->kernel_l4 = INVALID_MFN;
}

uint64_t mmu_cr3_of_64(mfn_t root)
{
    return mfn_to_paddr(root);
}

mfn_t mmu_cr3_mfn_64(uint64_t cr3)
{
    return paddr_to_mfn(cr3);
}
