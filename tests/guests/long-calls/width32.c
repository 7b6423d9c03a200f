/* SPDX-License-Identifier: MIT */
/* An L2, one for the last gigabyte, two L3. */
#include "tests/guests/long-calls/tree.h"

#define LAST_ENTRIES ((HYPERVISOR_VIRT_START >> 21) % 512)

void tree_make_upper(struct worker *w, const void *scratch)
{
    uint64_t *middle = tree_table(w, L1S), *last = tree_table(w, L1S + 1);

    for (unsigned slot = 0; slot < 512; slot++) {
        middle[slot] = make_entry(tree_table(w, slot % L1S), PTE_TABLE);
        last[slot] = slot < LAST_ENTRIES ? middle[slot] : 0;
    }
    for (unsigned slot = 0; slot < TOP_ENTRIES - 1; slot++)
        tree_root(w)[slot] = tree_bad_root(w)[slot] = table_entry(middle, TOP_LEVEL);
    tree_root(w)[TOP_ENTRIES - 1] = table_entry(last, TOP_LEVEL);
    tree_bad_root(w)[TOP_ENTRIES - 1] = make_entry(scratch, PTE_TOP | PTE_PSE);
}

struct multicall_entry tree_mapping_call(const void *address, uint64_t entry)
{
    return (struct multicall_entry){
        .op = __HYPERVISOR_update_va_mapping,
        .args = { (unsigned long)address, (unsigned long)entry, (unsigned long)(entry >> 32),
                  UVMF_TLB_FLUSH | UVMF_ALL },
    };
}
