/* SPDX-License-Identifier: MIT */
/*
 * Claim: a kernel can run on any L4 of its own, pinned or not, and switch back; the user's base
 *     pointer can be set, read and withdrawn; a frame that is no L4 is refused.
 * Rule: MMU-18
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static const uint64_t *boot_l4(void)
{
    return (const uint64_t *)start_info->pt_base;
}

/* An L4 that shares everything with the first, and has l3, if there is one, for slot 0. */
static uint64_t *copy_of_l4(const void *l3)
{
    uint64_t *l4 = page_new();

    if (l3 != NULL)
        l4[0] = make_entry(l3, PTE_TABLE);
    for (unsigned slot = 272; slot < 512; slot++)
        l4[slot] = boot_l4()[slot];
    set_writable(l4, false);
    return l4;
}

static uint64_t *table_of(const void *child)
{
    uint64_t *table = page_new();

    table[0] = make_entry(child, PTE_TABLE);
    set_writable(table, false);
    return table;
}

/* What only the new root maps can be reached with it, and no more without, flushed or not. */
static void takes_effect(void)
{
    void *const zero = NULL;
    uint64_t *l4 = copy_of_l4(table_of(table_of(table_of(page_new()))));

    for (unsigned i = 0; i < 3; i++) {
        expect_fault(try_read(zero), X_PF, 0, "address 0 with the first root");
        expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(l4)), 0, "a root with a page there");
        expect_no_fault(try_read(zero), "address 0 then");
        expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(boot_l4())), 0, "the first root");
    }
    expect_fault(try_read(zero), X_PF, 0, "address 0 with the first root again");
}

void test_main(void)
{
    uint64_t *l4 = copy_of_l4(NULL), *l1 = table_new();

    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(l4)), 0, "an L4 that is not pinned");
    expect(map(l4, make_entry(l4, PTE_RW)), -XEN_EBUSY, "the L4 in use mapped writable");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(l4)), 0, "the same again");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(boot_l4())), 0, "the first one again");
    expect(map(l4, make_entry(l4, PTE_RW)), 0, "the other one mapped writable then");
    set_writable(l4, false);

    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of(l4)), 0, "the user's base pointer");
    expect(map(l4, make_entry(l4, PTE_RW)), -XEN_EBUSY, "the user's L4 mapped writable");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, 0), 0, "no user's base pointer");
    expect(map(l4, make_entry(l4, PTE_RW)), 0, "its L4 mapped writable then");

    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(l1)), 0, "pin an L1");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(l1)), -XEN_EINVAL, "run on an L1");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of(l1)), -XEN_EINVAL, "run user mode on an L1");
    expect(mmuext(MMUEXT_NEW_BASEPTR, 0xfffffff), -XEN_EINVAL, "run on no frame");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, 0xfffffff), -XEN_EINVAL, "run user mode on no frame");
    expect(mmuext(MMUEXT_NEW_BASEPTR, 0), -XEN_EINVAL, "run on frame 0");
    takes_effect();
}
