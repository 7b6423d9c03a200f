/* SPDX-License-Identifier: MIT */
/*
 * Claim: a kernel can run on any root of its own, pinned or not, and switch back; the user's base
 *     pointer, where there is one, can be set and withdrawn; a frame that is no root is refused.
 * Rule: MMU-18
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static const void *boot_root(void)
{
    return (const void *)start_info->pt_base;
}

static uint64_t *root, *l1;

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
    uint64_t *other = root_new();
    void *table = page_new();

    for (unsigned level = 1; level < TOP_LEVEL; level++)
        table = table_of(table);
    other[0] = table_entry(table, TOP_LEVEL);
    set_writable(other, false);

    for (unsigned i = 0; i < 3; i++) {
        expect_fault(try_read(zero), X_PF, 0, "address 0 with the first root");
        expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(other)), 0, "a root with a page there");
        expect_no_fault(try_read(zero), "address 0 then");
        expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(boot_root())), 0, "the first root");
    }
    expect_fault(try_read(zero), X_PF, 0, "address 0 with the first root again");
}

static void for_user_mode(void)
{
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of(root)), 0, "the user's base pointer");
    expect(map(root, make_entry(root, PTE_RW)), -XEN_EBUSY, "the user's root mapped writable");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, 0), 0, "no user's base pointer");
    expect(map(root, make_entry(root, PTE_RW)), 0, "its root mapped writable then");
}

static void refused(void)
{
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of(l1)), -XEN_EINVAL, "run user mode on an L1");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(l1)), -XEN_EINVAL, "run on an L1");
    expect(mmuext(MMUEXT_NEW_BASEPTR, 0xfffffff), -XEN_EINVAL, "run on no frame");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, 0xfffffff), -XEN_EINVAL, "run user mode on no frame");
    expect(mmuext(MMUEXT_NEW_BASEPTR, 0), -XEN_EINVAL, "run on frame 0");
}

void test_main(void)
{
    root = root_new();
    l1 = table_new();
    set_writable(root, false);
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(root)), 0, "a root that is not pinned");
    expect(map(root, make_entry(root, PTE_RW)), -XEN_EBUSY, "the root in use mapped writable");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(root)), 0, "the same again");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(boot_root())), 0, "the first one again");
    expect(map(root, make_entry(root, PTE_RW)), 0, "the other one mapped writable then");
    set_writable(root, false);

    if (HAS_USER_TABLES)
        for_user_mode();
    expect(pin_table(1, l1), 0, "pin an L1");
    refused();
    takes_effect();
}
