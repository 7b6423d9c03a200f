/* SPDX-License-Identifier: MIT */
/*
 * Page-table entries of guests: which rule a refused one breaks. See pte.h.
 */
#include "core/pte.h"

enum rule_id pte_bits_rule(uint64_t entry, unsigned int level)
{
    if (level == 1)
        return entry & PTE_REFUSED_L1 ? RULE_MMU_25 : RULE_NONE;
    /* The CPU has superpages at L2 and L3; at L4 the bit is reserved. */
    if ((entry & PTE_PSE) && level < 4)
        return RULE_MMU_4;
    return entry & PTE_REFUSED_ABOVE ? RULE_MMU_3 : RULE_NONE;
}

bool pte_path_allows(const uint64_t path[4], bool write, bool execute)
{
    const uint64_t needed = PTE_PRESENT | PTE_USER | (write ? PTE_WRITABLE : 0);

    /* Every level has to allow it; but each alone can forbid to execute. */
    for (unsigned int i = 0; i < 4; i++)
        if ((path[i] & needed) != needed || (execute && (path[i] & PTE_NX)))
            return false;
    return true;
}
