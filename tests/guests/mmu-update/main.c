/* SPDX-License-Identifier: MIT */
/*
 * Claim: mmu_update changes page-table entries, counts what it did, stops at the first bad one, and
 *     refuses entries that are not the guest's to change or to map.
 * Rule: MMU-1, MMU-6, MMU-13, MMU-24, MMU-28, MMU-29, MMU-32, MMU-33
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define NO_FRAME 0x00000fffffff000ul /* no machine here has this one */

static uint64_t *page, *other;
static uint64_t where; /* the entry of page */

static void changes_and_counts(void)
{
    struct mmu_update updates[3] = {
        { .ptr = where, .val = make_entry(other, PTE_RW) },
        { .ptr = where, .val = 0 },
        { .ptr = where, .val = make_entry(page, PTE_RO) },
    };
    uint32_t done = 77;

    *page = 1;
    *other = 2;
    expect(mmu_update(where, make_entry(other, PTE_RW)), 0, "map another page");
    mmuext(MMUEXT_TLB_FLUSH_LOCAL, 0);
    expect((long)READ_ONCE(*page), 2, "what is read then");

    expect(CALL(mmu_update, updates, 3, &done, DOMID_SELF), 0, "three at once");
    expect(done, 3, "how many were done");
    expect_entry(page, make_entry(page, PTE_RO), "the entry after the three");

    updates[1].val = NO_FRAME | PTE_RW;
    done = 77;
    expect_true(CALL(mmu_update, updates, 3, &done, DOMID_SELF) < 0, "the second of three is bad");
    expect(done, 1, "how many were done before it");
    expect_entry(page, make_entry(other, PTE_RW), "the entry after the first");
    expect(CALL(mmu_update, updates, 0, &done, DOMID_SELF), 0, "none at all");
    expect(done, 0, "how many were done of none");
}

static void preserve_bits(void)
{
    uint64_t plain = make_entry(page, PTE_PRESENT | PTE_WRITE | PTE_USER);

    mmu_update(where, make_entry(page, PTE_RW));
    expect(mmu_update(where | MMU_PT_UPDATE_PRESERVE_AD, plain), 0, "preserving update");
    expect_entry(page, make_entry(page, PTE_RW), "accessed and dirty stay");
    expect(mmu_update(where, plain & ~PTE_PRESENT), 0, "not present");
}

static void refusals(void)
{
    uint64_t good = make_entry(page, PTE_RW);
    struct mmu_update update = { .ptr = where, .val = good };

    mmu_update(where, good);
    expect(mmu_update(where | 4, good), -XEN_ENOSYS, "entry at a multiple of 4: no command");
    expect(mmu_update(where | MMU_PT_UPDATE_NO_TRANSLATE, good), 0, "without translation");
    expect(mmu_update(NO_FRAME, good), -XEN_EINVAL, "entry in no frame");
    expect(mmu_update(where, NO_FRAME | PTE_RW), -XEN_EPERM, "mapping of no frame");
    expect(mmu_update(where, PTE_FRAME | PTE_RW), -XEN_EINVAL, "mapping of INVALID_MFN");
    expect(mmu_update(entry_machine(page, 2), NO_FRAME | PTE_TABLE), -XEN_EINVAL,
           "a table in no frame");
    expect(mmu_update(machine_of(other), 0x1234), 0, "a word in an ordinary page");
    expect_hex(*other, 0x1234, "that word");
    expect(CALL(mmu_update, &update, 1, 0, 0x7000), -XEN_ESRCH, "a foreign domain not there");
    expect(CALL(mmu_update, &update, 1, 0, 0x8000), -XEN_ESRCH, "a domain beyond the last id");
    expect(CALL(mmu_update, &update, 1, 0, DOMID_SELF | 0x70000000), -XEN_ESRCH,
           "page tables of a domain not there");
    expect_entry(page, good, "the entry after all refusals");
}

void test_main(void)
{
    page = page_new();
    other = page_new();
    where = entry_machine(page, 1);
    changes_and_counts();
    preserve_bits();
    refusals();
}
