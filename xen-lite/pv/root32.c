/* SPDX-License-Identifier: MIT */
/*
 * Root tables of 32-bit guests: the guest has an L3 table with four entries, and the CPU, in long
 * mode, wants an L4 table. Each vCPU has one of the hypervisor's, whose entry 0 names the guest's
 * L3 table; it is the same one for the kernel and its programs. docs/rings.md draws it.
 *
 * The guest cannot name this table, and entry 0 changes only with the vCPU's base pointer: under
 * mmu_lock, by the vCPU itself, or while it has never run. A CPU that the vCPU has left may still
 * have it loaded. That CPU is in the domain's cpus_loaded, so it flushes before the old L3 table
 * becomes anything else.
 */
#include "hv/alloc.h"
#include "hv/m2p.h"
#include "lib/string.h"
#include "pv/area.h"
#include "pv/mmu.h"
#include "x86/paging.h"

/* Rights are a matter of the tables below. */
#define TOP_ENTRY (PTE_PRESENT | PTE_WRITABLE | PTE_USER | PTE_ACCESSED)

#define PAE_L3_BYTES (4 * sizeof(uint64_t))

void mmu_use_root_32(struct mmu *m, struct vcpu *v)
{
    uint64_t *top = mfn_to_virt(v->pv->kernel_l4);

    (void)m;
    WRITE_ONCE(top[0], mfn_to_paddr(v->pv->kernel_table) | TOP_ENTRY);
}

enum rule_id mmu_set_user_table_32(struct mmu *m, struct vcpu *v, mfn_t mfn)
{
    (void)v;
    m->table = INVALID_MFN;
    m->entry = mfn_to_paddr(mfn);
    return RULE_MMU_38;
}

/* An L3 table: the CPU sees 512 entries, and the guest need not have written more than four. The
 * last L2 table: the M2P. */
void mmu_fill_table_32(const struct domain *d, enum frame_type type, uint64_t *table)
{
    (void)d;
    if (type == FRAME_L3)
        memset((char *)table + PAE_L3_BYTES, 0, PAGE_SIZE - PAE_L3_BYTES);
    else
        m2p32_fill(table);
}

int mmu_create_top_32(struct vcpu *v)
{
    uint64_t *top;

    v->pv->kernel_l4 = INVALID_MFN;
    top = m2p32_make() ? page_alloc() : NULL;
    if (top == NULL)
        return -XEN_ENOMEM;
    hv_l4_fill(top, pv_area_l4_entry(v->domain));
    /* What 64-bit guests may read there is at an address that this one cannot have. */
    top[HV_L4_FIRST] = 0;
    v->pv->kernel_l4 = virt_to_mfn(top);
    return 0;
}

void mmu_destroy_top_32(struct vcpu *v)
{
    if (mfn_is_valid(v->pv->kernel_l4))
        page_free(mfn_to_virt(v->pv->kernel_l4));
    v->pv->kernel_l4 = INVALID_MFN;
}

uint64_t mmu_cr3_of_32(mfn_t root)
{
    return pte_cr3_32(root);
}

mfn_t mmu_cr3_mfn_32(uint64_t cr3)
{
    return pte_cr3_32_mfn(cr3);
}
