/* SPDX-License-Identifier: MIT */
/*
 * Page-table entries: what the CPU makes of a path of them. See pte.h.
 */
#include "core/pte.h"

bool pte_path_allows(const uint64_t path[4], bool user, bool write, bool execute)
{
    const uint64_t needed = PTE_PRESENT | (user ? PTE_USER : 0) | (write ? PTE_WRITABLE : 0);

    /* Every level has to allow it; but each alone can forbid to execute. */
    for (unsigned int i = 0; i < 4; i++)
        if ((path[i] & needed) != needed || (execute && (path[i] & PTE_NX)))
            return false;
    return true;
}
