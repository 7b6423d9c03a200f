/* SPDX-License-Identifier: MIT */
/*
 * Claim: a request that another vCPU changes while it is being checked is never done unchecked.
 * Rule: invariants B4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 */
#include "tests/guests/support/support.h"

#define TRIES 20000

static struct mmu_update update;
static uint64_t good, bad;

/* vCPU 1 makes the request good and bad in turns, as fast as it can. */
static void flipper(uint64_t unused)
{
    (void)unused;
    for (;;) {
        WRITE_ONCE(update.val, bad);
        WRITE_ONCE(update.val, good);
    }
}

void test_main(void)
{
    uint64_t *table = table_new(), *page = page_new();
    unsigned done = 0, refused = 0;

    if (mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)) != 0)
        error("cannot pin a table");
    good = make_entry(table, PTE_RO);
    bad = make_entry(table, PTE_RW); /* a page table, writable */
    update.ptr = entry_machine(page, 1);
    vcpu_start(flipper, 0);

    for (unsigned i = 0; i < TRIES; i++) {
        if (CALL(mmu_update, &update, 1, 0, DOMID_SELF) == 0)
            done++;
        else
            refused++;
        if (*entry_of(page, 1) & PTE_WRITE && i > 0 && done)
            failure("a page table is mapped writable after %u tries", i);
    }
    expect_true(done > 0 && refused > 0, "both happened (%u done, %u refused)", done, refused);
    mmu_update(entry_machine(page, 1), make_entry(page, PTE_RW));
}
