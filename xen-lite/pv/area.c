/* SPDX-License-Identifier: MIT */
/*
 * The domain's own L4 slot. See area.h.
 *
 * 128 vCPUs of 128 KiB each are 16 MiB: one L3 table, one L2 table, eight L1 tables; L1 tables are
 * made for as many vCPUs as the domain may have.
 */
#include "pv/area.h"

#include "hv/alloc.h"
#include "hv/frame.h"
#include "pv/pv.h"
#include "core/pte.h"
#include "x86/paging.h"

#define WINDOW_PAGES   (1u << (VCPU_WINDOW_SHIFT - PAGE_SHIFT))
#define WINDOWS_PER_L1 (512 / WINDOW_PAGES)

_Static_assert((MAX_VCPUS - 1) / WINDOWS_PER_L1 < ARRAY_SIZE(((struct pv_domain *)0)->area_l1),
               "windows fit");

static uint64_t table_entry(const void *table)
{
    return mfn_to_paddr(virt_to_mfn(table)) | PTE_PRESENT | PTE_WRITABLE;
}

/* Stands where a guest has no GDT page. A selector there names a descriptor that is not present,
 * which LAR and its like tell by a flag; an unmapped page would make a fault of it. */
static const uint8_t no_descriptors[PAGE_SIZE] ALIGNED(PAGE_SIZE);

static uint64_t *window_entry(const struct domain *d, unsigned int vcpu, unsigned int page)
{
    return &d->pv->area_l1[vcpu / WINDOWS_PER_L1][vcpu % WINDOWS_PER_L1 * WINDOW_PAGES + page];
}

static void clear_window_entry(uint64_t *entry, unsigned int page)
{
    uint64_t none = 0;

    if (page < GDT_GUEST_PAGES)
        none = mfn_to_paddr(hv_virt_to_mfn(no_descriptors)) | PTE_PRESENT | PTE_NX;
    WRITE_ONCE(*entry, none);
}

int pv_area_create(struct domain *d)
{
    struct pv_domain *pv = d->pv;
    unsigned int l1_tables = (d->config.max_vcpus + WINDOWS_PER_L1 - 1) / WINDOWS_PER_L1;

    pv->area_l3 = page_alloc();
    pv->area_l2 = page_alloc();
    if (pv->area_l3 == NULL || pv->area_l2 == NULL)
        return -XEN_ENOMEM;
    pv->area_l3[0] = table_entry(pv->area_l2);
    for (unsigned int i = 0; i < l1_tables; i++) {
        pv->area_l1[i] = page_alloc();
        if (pv->area_l1[i] == NULL)
            return -XEN_ENOMEM;
        pv->area_l2[i] = table_entry(pv->area_l1[i]);
    }
    for (unsigned int i = 0; i < d->config.max_vcpus; i++)
        for (unsigned int page = 0; page < GDT_GUEST_PAGES; page++)
            clear_window_entry(window_entry(d, i, page), page);
    return 0;
}

void pv_area_destroy(struct domain *d)
{
    struct pv_domain *pv = d->pv;

    for (unsigned int i = 0; i < ARRAY_SIZE(pv->area_l1); i++)
        if (pv->area_l1[i] != NULL)
            page_free(pv->area_l1[i]);
    if (pv->area_l2 != NULL)
        page_free(pv->area_l2);
    if (pv->area_l3 != NULL)
        page_free(pv->area_l3);
}

uint64_t pv_area_l4_entry(const struct domain *d)
{
    return table_entry(d->pv->area_l3);
}

void pv_window_map(struct vcpu *v, unsigned int page, mfn_t mfn, bool writable)
{
    uint64_t *pte = window_entry(v->domain, v->id, page);

    if (!mfn_is_valid(mfn))
        clear_window_entry(pte, page);
    else
        WRITE_ONCE(*pte, mfn_to_paddr(mfn) | PTE_PRESENT | PTE_NX | (writable ? PTE_WRITABLE : 0));
}
