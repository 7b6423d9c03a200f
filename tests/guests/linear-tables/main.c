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

static const unsigned pin_command[5] = { 0, MMUEXT_PIN_L1_TABLE, MMUEXT_PIN_L2_TABLE,
                                         MMUEXT_PIN_L3_TABLE, MMUEXT_PIN_L4_TABLE };

void test_main(void)
{
    for (unsigned level = 2; level <= 4; level++) {
        uint64_t *self = page_new(), *other = page_new();

        self[9] = make_entry(self, PTE_TABLE);
        set_writable(self, false);
        expect(mmuext(pin_command[level], mfn_of(self)), -XEN_EINVAL,
               "pin an L%u with a writable entry to itself", level);

        set_writable(other, false);
        expect(mmuext(pin_command[level], mfn_of(other)), 0, "pin an empty L%u", level);
        expect(mmu_update(machine_of(&other[9]), make_entry(other, PTE_TABLE)), -XEN_EINVAL,
               "a writable entry to itself in a pinned L%u", level);
        expect_hex(other[9], 0, "that entry");
        expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(other)), 0, "unpin it");
    }
}
