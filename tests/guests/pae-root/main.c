/* SPDX-License-Identifier: MIT */
/*
 * Claim: a root table has four entries; the last leads to an L2 table that has this one use, and is
 *     there. RW and USER are added to its entries while it is a table, and gone afterwards; the
 *     hypervisor's entries in the last L2 table, and those behind the fourth, cannot be changed.
 * Rule: MMU-3, MMU-4, MMU-9, MMU-12, MMU-18, MMU-35, MMU-36, MMU-37, MMU-38
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests have four levels
 */
#include "tests/guests/support/support.h"

#define FIRST_OF_HYPERVISOR 428                   /* of the last L2 table: 0xf5800000 */
#define GARBAGE             0xdeadbeefdeadbe00ull /* not present */

/* A root with its four L2 tables, all empty. */
static uint64_t *root, *l2[4];

static void fill_root(void)
{
    set_writable(root, true);
    for (unsigned i = 0; i < 512; i++)
        root[i] = i < 4 ? make_entry(l2[i], PTE_PRESENT) : GARBAGE;
    set_writable(root, false);
}

static void change_root(unsigned index, uint64_t entry)
{
    set_writable(root, true);
    root[index] = entry;
    set_writable(root, false);
}

static void expect_pin(long wanted, const char *what, unsigned bit)
{
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(root)), wanted, "pin with %s %u", what, bit);
    if (wanted == 0)
        expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(root)), 0, "unpin with %s %u", what, bit);
}

/* What the guest reads in its own entries, before, while and after they are a table's. */
static void what_is_added(void)
{
    fill_root();
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(root)), 0, "pin");
    for (unsigned i = 0; i < 4; i++)
        expect_hex(root[i], make_entry(l2[i], PTE_PRESENT | PTE_WRITE | PTE_USER), "entry %u", i);
    for (unsigned i = 4; i < 512; i++)
        if (root[i] != 0)
            expect_hex(root[i], 0, "entry %u, behind the fourth", i);
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(root)), 0, "unpin");
    for (unsigned i = 0; i < 4; i++)
        expect_hex(root[i], make_entry(l2[i], PTE_PRESENT), "entry %u afterwards", i);
}

/* Each bit of an entry that is one of the first three, and of the last. */
static void each_bit(void)
{
    for (unsigned bit = 0; bit < 64; bit++) {
        bool refused = bit == 3 || bit == 4 || bit == 7 || bit == 8 || bit >= 52;

        if (bit >= 12 && bit < 52)
            continue;
        for (unsigned i = 1; i < 4; i += 2) {
            fill_root();
            change_root(i, make_entry(l2[i], PTE_PRESENT | 1ull << bit));
            expect_pin(refused ? -XEN_EINVAL : 0, i == 1 ? "entry 1, bit" : "entry 3, bit", bit);
        }
    }
}

static void the_last_entry(void)
{
    uint64_t *pinned = table_new(), *once = table_new();

    fill_root();
    change_root(3, 0);
    expect_pin(-XEN_EINVAL, "no entry", 3);
    change_root(2, make_entry(once, PTE_PRESENT));
    change_root(3, make_entry(once, PTE_PRESENT));
    expect_pin(-XEN_EINVAL, "entry 3 the same as", 2);
    change_root(2, 0);
    expect_pin(0, "that one alone, and no entry", 2);

    fill_root();
    change_root(3, make_entry(pinned, PTE_PRESENT));
    expect(mmuext(MMUEXT_PIN_L2_TABLE, mfn_of(pinned)), 0, "pin an L2 table by itself");
    expect_pin(-XEN_EINVAL, "a pinned L2 table as entry", 3);
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(pinned)), 0, "unpin it");
    change_root(3, make_entry(root, PTE_PRESENT));
    expect_pin(-XEN_EINVAL, "the root itself as entry", 3);
    fill_root();
    change_root(0, make_entry(root, PTE_PRESENT));
    expect_pin(-XEN_EINVAL, "the root itself as entry", 0);
}

/* The last L2 table has one use, the others as many as one likes. The real Xen forgets to drop the
 * use that it refuses here: the table is of no use afterwards, so this comes last. */
static void sharing(void)
{
    uint64_t *other = table_new();

    fill_root();
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(root)), 0, "pin one root");
    expect(mmuext(MMUEXT_PIN_L2_TABLE, mfn_of(l2[3])), -XEN_EINVAL, "pin its last L2 table");
    expect(mmuext(MMUEXT_PIN_L2_TABLE, mfn_of(l2[0])), 0, "pin its first L2 table");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(l2[0])), 0, "unpin that");
    set_writable(other, true);
    memcpy(other, root, PAGE_SIZE);
    set_writable(other, false);
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(other)), -XEN_EINVAL, "pin another, all shared");
    set_writable(other, true);
    other[3] = make_entry(table_new(), PTE_PRESENT);
    set_writable(other, false);
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(other)), 0, "pin another, three shared");
    expect(mmu_update(machine_of(&other[0]), make_entry(l2[3], PTE_PRESENT)), -XEN_EINVAL,
           "the last L2 table as another's first");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(other)), 0, "unpin it");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(root)), 0, "unpin the first");
}

static void changes(void)
{
    uint64_t *l1 = table_new();

    fill_root();
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(root)), 0, "pin the root");
    for (unsigned i = 0; i < 3; i++) {
        expect(mmu_update(machine_of(&root[i]), 0), 0, "entry %u away", i);
        expect(mmu_update(machine_of(&root[i]), make_entry(l2[i], PTE_PRESENT)), 0, "entry %u back",
               i);
        expect_hex(root[i], make_entry(l2[i], PTE_PRESENT | PTE_WRITE | PTE_USER), "entry %u again",
                   i);
        expect(mmu_update(machine_of(&root[i]), make_entry(l2[i], PTE_PRESENT | PTE_NX)),
               -XEN_EINVAL, "entry %u with NX", i);
    }
    for (unsigned i = 3; i < 512; i = i == 3 ? 4 : i + 507) {
        expect(mmu_update(machine_of(&root[i]), root[i]), -XEN_EINVAL, "entry %u as it is", i);
        expect(mmu_update(machine_of(&root[i]), 0), -XEN_EINVAL, "entry %u away", i);
    }
    for (unsigned i = FIRST_OF_HYPERVISOR - 1; i < 512; i++) {
        long wanted = i < FIRST_OF_HYPERVISOR ? 0 : -XEN_EPERM;

        expect(mmu_update(machine_of(&l2[3][i]), make_entry(l1, PTE_TABLE)), wanted,
               "last L2 table, entry %u", i);
        expect(mmu_update(machine_of(&l2[3][i]), 0), wanted, "last L2 table, entry %u away", i);
        expect(mmu_update(machine_of(&l2[2][i]), make_entry(l1, PTE_TABLE)), 0,
               "another L2 table, entry %u", i);
    }
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(root)), 0, "unpin the root");
}

static void base_pointers(void)
{
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(l2[0])), -XEN_EINVAL, "an L2 table as base pointer");
    fill_root();
    change_root(3, 0);
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(root)), -XEN_EINVAL, "a root without entry 3");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of(root)), -XEN_EINVAL, "a base for programs");
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, 0), -XEN_EINVAL, "no base for programs");
    /* There is no such level: nothing is done, and nothing said. */
    expect(mmuext(MMUEXT_PIN_L4_TABLE, mfn_of(root)), 0, "pin as L4");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(root)), -XEN_EINVAL, "unpin what was pinned as L4");
}

void test_main(void)
{
    root = page_new();
    for (unsigned i = 0; i < 4; i++)
        l2[i] = table_new();
    what_is_added();
    each_bit();
    the_last_entry();
    changes();
    base_pointers();
    sharing();
}
