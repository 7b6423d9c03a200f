/* SPDX-License-Identifier: MIT */
/*
 * Claim: long work is done to its end and counted right, however often the hypervisor breaks off in
 *     between: thousands of updates, of calls in a multicall, of entries in a tree to be pinned.
 * Rule: invariants F1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define MANY  20000
#define CALLS 5000
#define L1S   24

static struct mmu_update updates[MANY];
static struct multicall_entry calls[CALLS];

static void many_updates(void)
{
    uint64_t *page = page_new();
    uint32_t done = 0;

    for (unsigned i = 0; i < MANY; i++) {
        updates[i].ptr = entry_machine(page, 1);
        updates[i].val = make_entry(page, i % 2 ? PTE_RW : PTE_RO);
    }
    expect(CALL(mmu_update, updates, MANY, &done, DOMID_SELF), 0, "many updates");
    expect(done, MANY, "how many were done");
    expect_entry(page, make_entry(page, PTE_RW), "the last of them");

    updates[MANY - 7].ptr = ~7ull;
    expect_true(CALL(mmu_update, updates, MANY, &done, DOMID_SELF) < 0, "one is bad");
    expect(done, MANY - 7, "how many were done before it");
}

static void many_calls(void)
{
    unsigned wrong = 0;

    for (unsigned i = 0; i < CALLS; i++) {
        calls[i].op = i % 3 ? __HYPERVISOR_xen_version : 1000;
        calls[i].args[0] = XENVER_pagesize;
        calls[i].args[1] = 0;
        calls[i].result = 1;
    }
    expect(CALL(multicall, calls, CALLS), 0, "many calls");
    for (unsigned i = 0; i < CALLS; i++)
        wrong += (long)calls[i].result != (i % 3 ? 4096 : -XEN_ENOSYS);
    expect(wrong, 0, "wrong results among them");
}

static void large_tree(void)
{
    uint64_t *leaf = page_new(), *l2 = page_new(), *l3 = TOP_LEVEL == 3 ? root_new() : page_new();
    uint64_t *l1[L1S];

    for (unsigned i = 0; i < L1S; i++) {
        l1[i] = page_new();
        for (unsigned slot = 0; slot < 512; slot++)
            l1[i][slot] = make_entry(leaf, PTE_RW);
        l2[i * 16] = make_entry(l1[i], PTE_TABLE);
        set_writable(l1[i], false);
    }
    l3[1] = table_entry(l2, 3);
    set_writable(l2, false);
    set_writable(l3, false);
    for (unsigned n = 0; n < 3; n++) {
        expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(l3)), 0, "pin the tree");
        expect(map(leaf, make_entry(leaf, PTE_RO)), 0, "its leaf read-only here");
        expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(leaf)), -XEN_EINVAL, "pin its leaf");
        expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(l3)), 0, "unpin the tree");
        expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(leaf)), 0, "pin its leaf then");
        expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(l3)), -XEN_EBUSY, "pin the tree with that");
        expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(leaf)), 0, "unpin its leaf");
    }
}

void test_main(void)
{
    many_updates();
    many_calls();
    large_tree();
}
