/* SPDX-License-Identifier: MIT */
/*
 * Claim: the hypervisor's slots of an L4, 256 to 271, cannot be changed; the ones beside them can.
 *     A pinned L4 shows the same there whatever the guest wrote before.
 * Rule: MMU-12
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    uint64_t *l3 = table_new(), *l4 = page_new();

    l4[256] = 0x1234;
    l4[271] = make_entry(l3, PTE_TABLE);
    set_writable(l4, false);
    expect(mmuext(MMUEXT_PIN_L4_TABLE, mfn_of(l4)), 0, "pin an L4 with something in those slots");
    for (unsigned slot = 256; slot <= 271; slot++) {
        expect(mmu_update(machine_of(&l4[slot]), make_entry(l3, PTE_TABLE)), -XEN_EINVAL, "slot %u",
               slot);
        expect(mmu_update(machine_of(&l4[slot]), 0), -XEN_EINVAL, "slot %u to zero", slot);
    }
    expect(mmu_update(machine_of(&l4[255]), make_entry(l3, PTE_TABLE)), 0, "slot 255");
    expect(mmu_update(machine_of(&l4[272]), make_entry(l3, PTE_TABLE)), 0, "slot 272");
    expect(mmu_update(machine_of(&l4[511]), make_entry(l3, PTE_TABLE)), 0, "slot 511");

    expect(map((void *)HYPERVISOR_ADDRESS, 0), -XEN_EINVAL, "update_va_mapping there");
    expect(map((void *)MACH2PHYS_VIRT_START, 0), -XEN_EINVAL, "update_va_mapping of the M2P");
}
