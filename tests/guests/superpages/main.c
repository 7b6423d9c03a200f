/* SPDX-License-Identifier: MIT */
/*
 * Claim: no entry above L1 may map a superpage, whatever frame it names.
 * Rule: MMU-3, MMU-4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define SLOT 1

static uint64_t *tables[TOP_LEVEL + 1];

static long set(unsigned level, uint64_t bits)
{
    return mmu_update(machine_of(&tables[level][SLOT]),
                      table_entry(tables[level - 1], level) | bits);
}

void test_main(void)
{
    for (unsigned level = 1; level <= TOP_LEVEL; level++) {
        tables[level] = level == TOP_LEVEL ? root_new() : page_new();
        set_writable(tables[level], false);
        if (pin_table(level, tables[level]) != 0)
            error("cannot pin an empty L%u", level);
    }

    for (unsigned level = 2; level <= TOP_LEVEL; level++)
        expect(set(level, PTE_PSE), -XEN_EINVAL, "PSE in an L%u entry that names a table", level);
    expect(mmu_update(machine_of(&tables[2][SLOT]), 0x200000ul | PTE_TABLE | PTE_PSE), -XEN_EINVAL,
           "PSE in an L2 entry that names 2 MiB of the machine");
    expect(set(TOP_LEVEL, PTE_GLOBAL), -XEN_EINVAL, "global bit in an entry of the root");
    expect(set(2, 0), 0, "the L2 entry without PSE");
    expect(set(2, PTE_PSE), -XEN_EINVAL, "PSE into an entry that is there");
    expect_hex(tables[2][SLOT], table_entry(tables[1], 2), "that entry");
}
