/* SPDX-License-Identifier: MIT */
/*
 * Claim: the hypervisor's slots of an L4, 256 to 271, cannot be changed; the ones beside them can.
 *     A pinned L4 shows the same there whatever the guest wrote before. The M2P's slot, 256, is
 *     filled in a kernel's base pointer; with the m2p_strict assist in every L4 that is not yet a
 *     user's base pointer.
 * Rule: MMU-12; invariants A5
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv64, because L4 has slots of the hypervisor's only there
 */
#include "tests/guests/support/support.h"

/* A table that the kernel can run on. */
static uint64_t *root_copy(void)
{
    const uint64_t *root = (const uint64_t *)start_info->pt_base;
    uint64_t *copy = page_new();

    for (unsigned slot = 0; slot < 512; slot++)
        copy[slot] = slot >= 256 && slot <= 271 ? 0 : root[slot];
    set_writable(copy, false);
    expect(mmuext(MMUEXT_PIN_L4_TABLE, mfn_of(copy)), 0, "pin a root");
    return copy;
}

static void expect_m2p(const uint64_t *root, bool there, const char *when)
{
    expect(READ_ONCE(root[256]) != 0, there, "the M2P is there, %s", when);
}

static void m2p_is_where_it_belongs(bool strict)
{
    uint64_t *kernel, *user;

    expect(CALL(vm_assist, strict ? VMASST_CMD_enable : VMASST_CMD_disable, VMASST_TYPE_m2p_strict),
           0, "m2p_strict %u", strict);
    kernel = root_copy();
    user = root_copy();
    expect_m2p(kernel, strict, "pinned");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of(user)), 0, "user tables");
    expect_m2p(user, false, "the user's base pointer");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(kernel)), 0, "kernel tables");
    expect_m2p(kernel, true, "the kernel's base pointer");
    expect_no_fault(try_read((void *)MACH2PHYS_VIRT_START), "a read of the M2P");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of((void *)start_info->pt_base)), 0, "the first tables");
    expect_m2p(kernel, true, "no base pointer any more");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of(kernel)), 0, "as user tables");
    expect_m2p(kernel, !strict, "the kernel's, now the user's base pointer");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, 0), 0, "no user tables");
}

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
    m2p_is_where_it_belongs(false);
    m2p_is_where_it_belongs(true);
}
