/* SPDX-License-Identifier: MIT */
/*
 * The formats of page tables at both widths, and which rule a refused entry breaks. See
 * pte_format.h.
 */
#include "core/pte_format.h"

#include "abi/layout.h"

#define REFUSED_ABOVE_L1 (PTE_PWT | PTE_PCD | PTE_PSE | PTE_GLOBAL)

/* All entries are the guest's, and none is special. */
#define ALL_GUESTS .hv_first = PT_ENTRIES, .hv_end = PT_ENTRIES, .fixed = PT_ENTRIES

#define L4_INDEX_64(address) (((address) >> 39) % PT_ENTRIES)
#define L2_INDEX_32(address) (((address) >> 21) % PT_ENTRIES)

#define PAE_L3_ENTRIES 4

const struct pte_format pte_format_64 = {
    .low_end = 1UL << 47,
    .high_start = HYPERVISOR_VIRT_END_64,
    .marks_kernel = true,
    .root = FRAME_L4,
    .table = {
        [FRAME_L1] = { ALL_GUESTS },
        [FRAME_L2] = { ALL_GUESTS, .refused = REFUSED_ABOVE_L1, .added = PTE_USER,
                       .child = FRAME_L1 },
        [FRAME_L3] = { ALL_GUESTS, .refused = REFUSED_ABOVE_L1, .added = PTE_USER,
                       .child = FRAME_L2 },
        /* It counts as accessed from the start: guests of Xen find it so. */
        [FRAME_L4] = { .refused = REFUSED_ABOVE_L1, .added = PTE_USER | PTE_ACCESSED,
                       .hv_first = L4_INDEX_64(HYPERVISOR_VIRT_START_64),
                       .hv_end = L4_INDEX_64(HYPERVISOR_VIRT_END_64), .fixed = PT_ENTRIES,
                       .slot_rule = RULE_MMU_12, .child = FRAME_L3 },
    },
};

/* Entries are as the guest writes them: USER says ring 3, its absence ring 1. */
const struct pte_format pte_format_32 = {
    .low_end = HYPERVISOR_VIRT_START_32,
    .high_start = UINT64_MAX,
    .marks_kernel = false,
    .halves = true,
    .root = FRAME_L3,
    .table = {
        [FRAME_L1] = { ALL_GUESTS },
        [FRAME_L2] = { ALL_GUESTS, .refused = REFUSED_ABOVE_L1, .child = FRAME_L1 },
        /* Above the address a PAE CPU has no bits here, NX neither. */
        [FRAME_L3] = { .refused = REFUSED_ABOVE_L1 | PTE_SOFT_HIGH | PTE_NX,
                       .added = PTE_WRITABLE | PTE_USER,
                       .removed = PTE_WRITABLE | PTE_USER | PTE_ACCESSED,
                       .hv_first = PAE_L3_ENTRIES, .hv_end = PT_ENTRIES,
                       .fixed = PAE_L3_ENTRIES - 1, .slot_rule = RULE_MMU_36,
                       .child = FRAME_L2, .fixed_child = FRAME_L2_LAST },
        [FRAME_L2_LAST] = { .refused = REFUSED_ABOVE_L1,
                            .hv_first = L2_INDEX_32(HYPERVISOR_VIRT_START_32),
                            .hv_end = PT_ENTRIES, .fixed = PT_ENTRIES,
                            .slot_rule = RULE_MMU_35, .child = FRAME_L1 },
    },
};

enum rule_id pte_bits_rule(const struct pte_format *f, enum frame_type type, uint64_t entry)
{
    if (type == FRAME_L1)
        return entry & PTE_REFUSED_L1 ? RULE_MMU_25 : RULE_NONE;
    /* The CPU has superpages at L2 and L3; at L4 the bit is reserved. */
    if ((entry & PTE_PSE) && type != FRAME_L4)
        return RULE_MMU_4;
    return entry & f->table[type].refused ? RULE_MMU_3 : RULE_NONE;
}
