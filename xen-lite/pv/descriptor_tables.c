/* SPDX-License-Identifier: MIT */
/*
 * A guest's GDT and LDT.
 *
 * The guest gives frames (GDT) or an address (LDT). Each page that holds descriptors has every one
 * of them checked and stays unwritable for the guest as long as it is in use; the CPU reads it
 * through the vCPU's window (area.h). The window's mappings are writable, since the CPU sets the
 * accessed bit of descriptors. LDT pages are put into the window when the CPU first misses them.
 */
#include "core/descriptor.h"
#include "domain/sched.h"
#include "pv/area.h"
#include "pv/mmu.h"

#define LDT_WINDOW_FIRST (VCPU_WINDOW_LDT_OFFSET >> PAGE_SHIFT)
#define LDT_MAX_ENTRIES  (LDT_PAGES * DESCRIPTORS_PER_PAGE)

/* ---- Frames as descriptor pages: mmu_lock held ---- */

static enum rule_id check_descriptors(const struct domain *d, mfn_t mfn)
{
    uint64_t *page = mfn_to_virt(mfn);

    for (unsigned int i = 0; i < DESCRIPTORS_PER_PAGE; i++) {
        enum rule_id rule = d->pv->width->check_descriptor(&page[i]);

        if (rule != RULE_NONE)
            return rule;
    }
    return RULE_NONE;
}

static enum rule_id descriptors_get(struct mmu *m, mfn_t mfn)
{
    struct frame *f = domain_frame_get(m->d, mfn);
    enum rule_id rule;

    m->table = INVALID_MFN;
    m->entry = mfn_to_paddr(mfn);
    if (f == NULL)
        return RULE_DESC_2;
    rule = frame_get_type(m->d, f, FRAME_DESCRIPTORS);
    if (rule == RULE_NONE && !(f->type & FRAME_VALIDATED)) {
        rule = check_descriptors(m->d, mfn);
        if (rule == RULE_NONE)
            atomic_store(&f->type, frame_type_validated(f->type));
        else
            atomic_store(&f->type, frame_type_taken_down(f->type));
    }
    if (rule != RULE_NONE)
        domain_frame_put(m->d, f);
    return rule;
}

static void descriptors_put(struct mmu *m, mfn_t mfn)
{
    struct frame *f = frame_of(mfn);

    frame_unmapped(f);
    (void)frame_put_type(f);
    domain_frame_put(m->d, f);
}

/* ---- GDT ---- */

enum rule_id mmu_set_gdt(struct mmu *m, struct vcpu *v, const mfn_t *frames, unsigned int entries)
{
    unsigned int pages = (entries + DESCRIPTORS_PER_PAGE - 1) / DESCRIPTORS_PER_PAGE;
    struct pv_vcpu *pv = v->pv;

    for (unsigned int i = 0; i < pages; i++) {
        enum rule_id rule = descriptors_get(m, frames[i]);

        if (rule == RULE_NONE)
            continue;
        while (i-- > 0)
            descriptors_put(m, frames[i]);
        return rule;
    }

    for (unsigned int i = 0; i < GDT_GUEST_PAGES; i++) {
        mfn_t old = pv->gdt_frame[i];

        pv->gdt_frame[i] = i < pages ? frames[i] : INVALID_MFN;
        pv_window_map(v, i, pv->gdt_frame[i], true);
        if (mfn_is_valid(old))
            descriptors_put(m, old);
    }
    pv->gdt_entries = entries;
    return RULE_NONE;
}

/* ---- LDT ---- */

void mmu_empty_ldt_window(struct mmu *m, struct vcpu *v)
{
    for (unsigned int i = 0; i < LDT_PAGES; i++) {
        mfn_t old = v->pv->ldt_frame[i];

        if (!mfn_is_valid(old))
            continue;
        v->pv->ldt_frame[i] = INVALID_MFN;
        pv_window_map(v, LDT_WINDOW_FIRST + i, INVALID_MFN, false);
        descriptors_put(m, old);
    }
}

enum rule_id mmu_set_ldt(struct mmu *m, struct vcpu *v, gva_t base, unsigned int entries)
{
    struct pv_vcpu *pv = v->pv;

    if (entries == 0)
        base = GVA(0);
    if (base.n % PAGE_SIZE != 0 || !pte_address_ok(m->format, base.n) || entries > LDT_MAX_ENTRIES)
        return RULE_DESC_3;
    if (pv->ldt_base.n == base.n && pv->ldt_entries == entries)
        return RULE_NONE;

    mmu_empty_ldt_window(m, v);
    pv->ldt_base = base;
    pv->ldt_entries = entries;
    if (v == current_vcpu()) {
        tlb_flush_local();
        pv_load_ldt(v);
    }
    return RULE_NONE;
}

/* Maps page `page` of the LDT of the current vCPU v into its window. False: there is no such page,
 * or it holds something that is no descriptor. */
static bool map_ldt_page(struct mmu *m, struct vcpu *v, unsigned int page)
{
    gva_t address = GVA(v->pv->ldt_base.n + page * PAGE_SIZE);
    unsigned int index;
    mfn_t table = mmu_walk(v, address, &index);
    uint64_t entry;

    if (!mfn_is_valid(table))
        return false;
    entry = READ_ONCE(((const uint64_t *)mfn_to_virt(table))[index]);
    if (!pte_is_present(entry) || descriptors_get(m, pte_mfn(entry)) != RULE_NONE)
        return false;
    v->pv->ldt_frame[page] = pte_mfn(entry);
    pv_window_map(v, LDT_WINDOW_FIRST + page, pte_mfn(entry), true);
    return true;
}

bool pv_ldt_fault(struct vcpu *v, uint64_t offset)
{
    uint64_t page = offset >> PAGE_SHIFT;
    bool mapped = false;
    struct mmu m;

    if (page >= LDT_PAGES || page * DESCRIPTORS_PER_PAGE >= v->pv->ldt_entries)
        return false;
    mmu_begin(&m, v);
    /* A page that is there already did not fault for that: do not repeat the instruction for ever.
     */
    if (!mfn_is_valid(v->pv->ldt_frame[page]) && mfn_is_valid(v->pv->kernel_table))
        mapped = map_ldt_page(&m, v, (unsigned int)page);
    mmu_end(&m);
    return mapped;
}

/* ---- One descriptor ---- */

enum rule_id mmu_update_descriptor(struct mmu *m, uint64_t address, uint64_t descriptor)
{
    mfn_t mfn = paddr_to_mfn(address);
    enum rule_id rule = m->d->pv->width->check_descriptor(&descriptor);
    enum frame_type type = FRAME_WRITABLE;
    struct frame *f;

    m->table = INVALID_MFN;
    m->entry = address;
    if (address % sizeof(descriptor) != 0)
        return RULE_DESC_6;
    if (rule != RULE_NONE)
        return rule;
    f = domain_frame_get(m->d, mfn);
    if (f == NULL)
        return RULE_DESC_6;
    if (frame_type_is_valid(f->type, FRAME_DESCRIPTORS))
        type = FRAME_DESCRIPTORS;
    rule = frame_get_type(m->d, f, type);
    if (rule == RULE_NONE) {
        /* One store: the CPU may be reading it. */
        WRITE_ONCE(*(uint64_t *)((char *)mfn_to_virt(mfn) + address % PAGE_SIZE), descriptor);
        (void)frame_put_type(f);
    } else {
        rule = RULE_DESC_7;
    }
    domain_frame_put(m->d, f);
    return rule;
}
