/* SPDX-License-Identifier: MIT */
/*
 * Claim: a page table cannot point to itself writable, nor to a table of the same level in place of
 *     one of the level below.
 * Rule: MMU-9, MMU-11
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * A Xen that is built with linear page tables takes a read-only entry of a table to itself (and to
 * others of its level); Debian's is. The claim leaves those out.
 */
#include "tests/guests/support/support.h"

#define SLOT 1

void test_main(void)
{
    for (unsigned level = 2; level <= TOP_LEVEL; level++) {
        uint64_t *self = level == TOP_LEVEL ? root_new() : page_new();
        uint64_t *other = level == TOP_LEVEL ? root_new() : page_new();
        uint64_t bits = level == TOP_LEVEL ? PTE_TOP : PTE_TABLE;

        self[SLOT] = make_entry(self, bits);
        set_writable(self, false);
        expect(pin_table(level, self), -XEN_EINVAL, "pin an L%u with a writable entry to itself",
               level);

        set_writable(other, false);
        expect(pin_table(level, other), 0, "pin an empty L%u", level);
        expect(mmu_update(machine_of(&other[SLOT]), make_entry(other, bits)), -XEN_EINVAL,
               "a writable entry to itself in a pinned L%u", level);
        expect_hex(other[SLOT], 0, "that entry");
        expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(other)), 0, "unpin it");
    }
}
