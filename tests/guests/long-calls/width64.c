/* SPDX-License-Identifier: MIT */
/* An L2, an L3, two L4. */
#include "tests/guests/long-calls/tree.h"

void tree_make_upper(struct worker *w, const void *scratch)
{
    for (unsigned slot = 0; slot < 512; slot++) {
        tree_table(w, L1S)[slot] = make_entry(tree_table(w, slot % L1S), PTE_TABLE);
        tree_table(w, L1S + 1)[slot] = make_entry(tree_table(w, L1S), PTE_TABLE);
        if (slot < 256)
            tree_root(w)[slot] = tree_bad_root(w)[slot] =
                make_entry(tree_table(w, L1S + 1), PTE_TABLE);
    }
    tree_bad_root(w)[511] = make_entry(scratch, PTE_TABLE | PTE_PSE);
}

struct multicall_entry tree_mapping_call(const void *address, uint64_t entry)
{
    return (struct multicall_entry){
        .op = __HYPERVISOR_update_va_mapping,
        .args = { (unsigned long)address, entry, UVMF_TLB_FLUSH | UVMF_ALL },
    };
}
