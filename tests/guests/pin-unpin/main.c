/* SPDX-License-Identifier: MIT */
/*
 * Claim: tables of all levels can be pinned once and unpinned once, as the level that they
 *     are; while pinned a table cannot become writable or another level.
 * Rule: MMU-7, MMU-9, MMU-15, MMU-16, MMU-17
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define SLOT 1 /* of the tables here */

static void each_level(unsigned level, uint64_t *table)
{
    expect(pin_table(level, table), 0, "pin as L%u", level);
    expect(pin_table(level, table), -XEN_EINVAL, "pin twice as L%u", level);
    expect(pin_table(level % TOP_LEVEL + 1, table), -XEN_EINVAL, "pin as another level than L%u",
           level);
    expect(map(table, make_entry(table, PTE_RW)), -XEN_EBUSY, "map an L%u writable", level);
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(table)), 0, "unpin an L%u", level);
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(table)), -XEN_EINVAL, "unpin an L%u twice", level);
}

/* An empty table is a good table of any level, but for PAE's top. */
static void all_levels(void)
{
    uint64_t *table = table_new(), *root = root_new();

    for (unsigned level = 1; level <= EMPTY_LEVELS; level++)
        each_level(level, table);
    set_writable(root, false);
    each_level(TOP_LEVEL, root);
    expect(map(table, make_entry(table, PTE_RW)), 0, "map it writable in the end");
    memset(table, 0, PAGE_SIZE);
}

/* A pinned tree holds its lower tables; unpinning the top frees them. */
static void a_tree(void)
{
    uint64_t *tables[TOP_LEVEL + 1], *leaf = page_new();

    for (unsigned level = 1; level < TOP_LEVEL; level++)
        tables[level] = page_new();
    tables[TOP_LEVEL] = root_new();
    tables[1][SLOT] = make_entry(leaf, PTE_RW);
    for (unsigned level = 2; level <= TOP_LEVEL; level++)
        tables[level][SLOT] = table_entry(tables[level - 1], level);
    for (unsigned level = 1; level <= TOP_LEVEL; level++)
        set_writable(tables[level], false);

    expect(pin_table(TOP_LEVEL, tables[TOP_LEVEL]), 0, "pin the tree");
    expect(map(tables[1], make_entry(tables[1], PTE_RW)), -XEN_EBUSY, "map its L1 writable");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(tables[1])), -XEN_EINVAL, "unpin its L1");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(tables[1])), 0, "pin its L1 as well");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(leaf)), -XEN_EINVAL, "pin its leaf");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(tables[TOP_LEVEL])), 0, "unpin the tree");
    expect(map(tables[2], make_entry(tables[2], PTE_RW)), 0, "map its L2 writable then");
    expect(map(tables[1], make_entry(tables[1], PTE_RW)), -XEN_EBUSY,
           "map its L1 writable, which is pinned itself");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(tables[1])), 0, "unpin its L1");
}

void test_main(void)
{
    all_levels();
    a_tree();
    expect(mmuext(MMUEXT_PIN_L1_TABLE, 0xfffffff), -XEN_EINVAL, "pin no frame");
    expect(mmuext(MMUEXT_UNPIN_TABLE, 0xfffffff), -XEN_EINVAL, "unpin no frame");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(page_new())), -XEN_EINVAL, "unpin an ordinary page");
    expect(mmuext(0x1234, 0), -XEN_ENOSYS, "an operation that is not there");
}
