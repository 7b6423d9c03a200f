/* SPDX-License-Identifier: MIT */
/*
 * Claim: pinning a root validates the whole tree below it, however long that takes; if the last
 *     entry of the last table is bad, the pin is refused and no page is left as a table; unpinning
 *     gives every page back.
 * Rule: MMU-6, MMU-9, MMU-10; invariants A1, B6, F1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define LEAVES  48
#define ENTRIES 512

#define NO_FRAME 0x00000fffffff000ul /* no machine here has this one */

/* tables: the L2, and those above it up to the root */
static uint64_t *leaf[LEAVES], *tables[TOP_LEVEL + 1], *page, *bad;

static void every_table(void (*f)(uint64_t *table))
{
    for (unsigned i = 0; i < LEAVES; i++)
        f(leaf[i]);
    for (unsigned level = 2; level <= TOP_LEVEL; level++)
        f(tables[level]);
}

static void read_only(uint64_t *table)
{
    expect(map(table, make_entry(table, PTE_RO)), 0, "a page of the tree made read-only");
}

static void writable(uint64_t *table)
{
    expect(map(table, make_entry(table, PTE_RW)), 0, "a page of the tree writable again");
}

static void not_writable(uint64_t *table)
{
    expect(map(table, make_entry(table, PTE_RW)), -XEN_EBUSY, "a table made writable");
}

static void fill(void)
{
    for (unsigned i = 0; i < LEAVES; i++) {
        leaf[i] = page_new();
        for (unsigned k = 0; k < ENTRIES; k++)
            leaf[i][k] = make_entry(page, k & 1 ? PTE_RW : PTE_RO);
        tables[2][i * 10] = make_entry(leaf[i], PTE_TABLE);
    }
    /* Twice in each, neither in what is the kernel's nor what is the hypervisor's. */
    for (unsigned level = 3; level <= TOP_LEVEL; level++) {
        tables[level][0] = table_entry(tables[level - 1], level);
        tables[level][level == TOP_LEVEL ? SPARE_TOP_ENTRY : SPARE_ENTRY] =
            table_entry(tables[level - 1], level);
    }
}

void test_main(void)
{
    page = page_new();
    bad = page_new(); /* stays writable: no table */
    for (unsigned level = 2; level < TOP_LEVEL; level++)
        tables[level] = page_new();
    tables[TOP_LEVEL] = root_new();
    fill();

    every_table(read_only);
    for (unsigned round = 0; round < 3; round++) {
        expect(pin_table(TOP_LEVEL, tables[TOP_LEVEL]), 0, "pin of the tree");
        every_table(not_writable);
        expect(pin_table(2, tables[2]), 0, "pin of a part of it");
        expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(tables[TOP_LEVEL])), 0, "unpin of the tree");
        expect(map(tables[3], make_entry(tables[3], PTE_RW)), 0, "above the pinned part");
        not_writable(tables[2]);
        not_writable(leaf[LEAVES - 1]);
        expect(map(tables[3], make_entry(tables[3], PTE_RO)), 0, "above the pinned part, again");
        expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(tables[2])), 0, "unpin of the part");
    }
    every_table(writable);

    tables[2][511] = make_entry(bad, PTE_TABLE);
    every_table(read_only);
    expect(pin_table(TOP_LEVEL, tables[TOP_LEVEL]), -XEN_EINVAL, "pin with a bad entry in L2");
    every_table(writable);

    tables[2][511] = NO_FRAME | PTE_TABLE;
    every_table(read_only);
    expect(pin_table(TOP_LEVEL, tables[TOP_LEVEL]), -XEN_EINVAL, "pin with no frame in L2");
    every_table(writable);

    tables[2][511] = 0;
    leaf[LEAVES - 1][511] = make_entry(tables[3], PTE_RW);
    every_table(read_only);
    expect(pin_table(TOP_LEVEL, tables[TOP_LEVEL]), -XEN_EBUSY,
           "pin with a writable mapping of one of its tables");
    every_table(writable);
    expect(map(page, 0), 0, "the page that all leaves mapped, unmapped");
}
