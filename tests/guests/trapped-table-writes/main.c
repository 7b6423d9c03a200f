/* SPDX-License-Identifier: MIT */
/*
 * Claim: a plain write to a page table in use traps and is done by the hypervisor if it is a good
 *     entry; a bad entry, and a write that is not aligned to its size, is a page fault.
 * Rule: MMU-26, MMU-7
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    uint64_t *table = table_new(), *leaf = page_new(), *other = table_new();
    uint64_t good = make_entry(leaf, PTE_RW), old;

    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables), 0,
           "ask for writable page tables");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin a table");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(other)), 0, "pin another");

    expect_no_fault(try_write(&table[3], good), "a good entry");
    expect_hex(table[3] & PTE_FRAME, good & PTE_FRAME, "the entry");
    expect_no_fault(try_write(&table[3], 0), "zero");
    expect_hex(table[3], 0, "the entry then");
    old = good;
    expect_no_fault(TRY("xchg %0, (%1)", : "+r"(old) : "r"(&table[4]) : "memory"), "xchg");
    expect_hex(old, 0, "what xchg gave back");
    expect_hex(table[4] & PTE_FRAME, good & PTE_FRAME, "what xchg stored");
    expect_no_fault(TRY("lock cmpxchg %2, (%1)",
                        : "+a"(old)
                        : "r"(&table[5]), "r"(good)
                        : "memory"),
                    "cmpxchg");
    expect_hex(table[5] & PTE_FRAME, good & PTE_FRAME, "what cmpxchg stored");

    expect_fault(try_write(&table[6], make_entry(other, PTE_RW)), X_PF, PF_WRITE | PF_PRESENT,
                 "a writable mapping of a table");
    expect_hex(table[6], 0, "that entry");
    expect_no_fault(TRY("movb %b1, (%0)",
                        :
                        : "r"(&table[5]), "r"(PTE_RO)
                        : "memory"),
                    "a write of one byte");
    expect_hex(table[5] & (PTE_FRAME | PTE_WRITE), good & PTE_FRAME, "the entry, read-only then");
    expect_no_fault(TRY("movl $0, (%0)", : : "r"(&table[5]) : "memory"), "a write of four bytes");
    expect_hex(table[5], good & ~0xfffffffful, "the upper half alone");
    expect_fault(TRY("movq $0, 4(%0)",
                     :
                     : "r"(&table[5])
                     : "memory"),
                 X_PF, PF_WRITE | PF_PRESENT, "a write across two entries");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(table)), 0, "unpin it");
    expect_fault(try_write(&table[8], good), X_PF, PF_WRITE | PF_PRESENT,
                 "a write to a read-only page that is no table");
}
