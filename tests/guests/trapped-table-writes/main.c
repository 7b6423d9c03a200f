/* SPDX-License-Identifier: MIT */
/*
 * Claim: a plain write to a page table in use traps and is done by the hypervisor if it is a good
 *     entry and the guest has asked for that; a bad entry, and a write that is not aligned to its
 *     size, is a page fault. A string store goes on until its count is used up.
 * Rule: MMU-26, MMU-7
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"
#include "tests/guests/trapped-table-writes/store.h"

#define WORDS (8 / sizeof(long)) /* of an entry */

/* Three entries each, between two that stay. */
static void strings(uint64_t *table, uint64_t good)
{
    uint64_t *to = &table[17], *from = page_new(), stored = entry_of_one_word(good);
    unsigned long count = 3 * WORDS;

    expect_no_fault(TRY("rep stos" W,
                        : "+D"(to), "+c"(count)
                        : "a"((unsigned long)stored)
                        : "memory"),
                    "rep stos");
    expect_true(to == &table[20] && count == 0, "rep stos: the registers");
    for (unsigned i = 16; i < 21; i++)
        expect_hex(table[i] & PTE_FRAME, i > 16 && i < 20 ? stored & PTE_FRAME : 0,
                   "entry %u after rep stos", i);
    from[0] = good;
    to = &table[17];
    count = 3 * WORDS;
    expect_no_fault(TRY("rep movs" W,
                        : "+D"(to), "+S"(from), "+c"(count)
                        :
                        : "memory"),
                    "rep movs");
    expect_true(to == &table[20] && count == 0, "rep movs: the registers");
    for (unsigned i = 16; i < 21; i++)
        expect_hex(table[i] & PTE_FRAME, i == 17 ? good & PTE_FRAME : 0, "entry %u after rep movs",
                   i);
}

/* For its dom0 the real Xen does it unasked. */
static void without_the_assist(uint64_t *table, uint64_t good)
{
    if (is_initial_domain())
        return;
    expect_fault(store(&table[3], good), X_PF, PF_WRITE | PF_PRESENT,
                 "a good entry without the assist");
    expect_hex(table[3], 0, "the entry without the assist");
}

void test_main(void)
{
    uint64_t *table = table_new(), *leaf = page_new(), *other = table_new();
    uint64_t good = make_entry(leaf, PTE_RW), old;

    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin a table");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(other)), 0, "pin another");
    without_the_assist(table, good);
    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables), 0,
           "ask for writable page tables");

    expect_no_fault(store(&table[3], good), "a good entry");
    expect_hex(table[3] & PTE_FRAME, good & PTE_FRAME, "the entry");
    expect_no_fault(store(&table[3], 0), "zero");
    expect_hex(table[3], 0, "the entry then");
    old = good;
    expect_no_fault(exchange(&table[4], &old), "xchg");
    expect_hex(old, 0, "what xchg gave back");
    expect_hex(table[4] & PTE_FRAME, good & PTE_FRAME, "what xchg stored");
    expect_no_fault(compare_exchange(&table[5], old, good), "cmpxchg");
    expect_hex(table[5] & PTE_FRAME, good & PTE_FRAME, "what cmpxchg stored");

    expect_fault(store(&table[6], make_entry(other, PTE_RW)), X_PF, PF_WRITE | PF_PRESENT,
                 "a writable mapping of a table");
    expect_hex(table[6], 0, "that entry");
    expect_no_fault(TRY("movb %b1, (%0)",
                        :
                        : "r"(&table[5]), "q"((unsigned long)PTE_RO)
                        : "memory"),
                    "a write of one byte");
    expect_hex(table[5] & (PTE_FRAME | PTE_WRITE), good & PTE_FRAME, "the entry, read-only then");
    expect_no_fault(TRY("movl $0, (%0)", : : "r"(&table[5]) : "memory"), "a write of four bytes");
    expect_hex(table[5], good & ~0xfffffffful, "the upper half alone");
    expect_fault(TRY("mov" W " $0, (%0)",
                     :
                     : "r"((char *)&table[6] - sizeof(long) / 2)
                     : "memory"),
                 X_PF, PF_WRITE | PF_PRESENT, "a write across two entries");
    strings(table, good);
    expect(CALL(vm_assist, VMASST_CMD_disable, VMASST_TYPE_writable_pagetables), 0,
           "no writable page tables");
    mmu_update(machine_of(&table[3]), 0);
    without_the_assist(table, good);
    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables), 0, "and again");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(table)), 0, "unpin it");
    expect_fault(store(&table[8], good), X_PF, PF_WRITE | PF_PRESENT,
                 "a write to a read-only page that is no table");
}
