/* SPDX-License-Identifier: MIT */
/*
 * Claim: an entry of a PAE L3 table may have the bits accessed, dirty, RW, USER and those for
 *     software, none that caches, is global or big, no NX and no address bit that no machine has:
 *     by mmu_update and when the table is pinned, for entry 3 as for the others. A present one
 *     reads back with RW and USER, which the hypervisor's four levels need; a table that is none
 *     any more is without these and accessed.
 * Rule: MMU-3; invariants A3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because only PAE has L3 tables of four entries at the top
 */
#include "tests/guests/support/support.h"

#define FIRST_ADDRESS_BIT 12
#define FIRST_HIGH_BIT    40 /* the address bits below may name frames that are there */
#define ADDED             (PTE_WRITE | PTE_USER)
#define TAKEN_OFF         (PTE_WRITE | PTE_USER | PTE_ACCESSED)
#define ALLOWED           (PTE_PRESENT | TAKEN_OFF | PTE_DIRTY | 0xe00)

static uint64_t *l3, *other, *last, *other_last, *l2;

static void set_entry(uint64_t *table, unsigned index, uint64_t entry)
{
    set_writable(table, true);
    table[index] = entry;
    set_writable(table, false);
}

static bool allowed(uint64_t bit)
{
    return (bit & ~ALLOWED) == 0;
}

static void by_update(unsigned index, uint64_t bit)
{
    uint64_t entry = make_entry(l2, PTE_PRESENT) | bit;

    expect(mmu_update(machine_of(&l3[index]), entry), allowed(bit) ? 0 : -XEN_EINVAL,
           "entry %u with 0x%llx", index, (unsigned long long)bit);
    expect_hex(l3[index], allowed(bit) ? entry | ADDED : 0, "entry %u with 0x%llx", index,
               (unsigned long long)bit);
    expect(mmu_update(machine_of(&l3[index]), 0), 0, "entry %u absent", index);
}

static void by_pin(unsigned index, uint64_t bit)
{
    uint64_t *table = index == 3 ? other_last : l2;
    uint64_t entry = make_entry(table, PTE_PRESENT) | bit;

    set_entry(other, 3, make_entry(other_last, PTE_PRESENT));
    set_entry(other, index, entry);
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(other)), allowed(bit) ? 0 : -XEN_EINVAL,
           "pinned, entry %u with 0x%llx", index, (unsigned long long)bit);
    if (!allowed(bit)) {
        expect_hex(other[index], entry, "not pinned, entry %u", index);
        set_entry(other, index, 0);
        return;
    }
    expect_hex(other[index], entry | ADDED, "pinned, entry %u with 0x%llx", index,
               (unsigned long long)bit);
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(other)), 0, "unpin");
    expect_hex(other[index], entry & ~TAKEN_OFF, "unpinned, entry %u with 0x%llx", index,
               (unsigned long long)bit);
    set_entry(other, index, 0);
}

void test_main(void)
{
    l3 = table_new();
    other = table_new();
    last = table_new();
    other_last = table_new();
    l2 = table_new();
    set_entry(l3, 3, make_entry(last, PTE_PRESENT));
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(l3)), 0, "pin");
    for (unsigned bit = 0; bit < 64; bit++) {
        if (bit >= FIRST_ADDRESS_BIT && bit < FIRST_HIGH_BIT)
            continue;
        for (unsigned index = 0; index < 4; index++) {
            if (index != 3)
                by_update(index, 1ull << bit);
            by_pin(index, 1ull << bit);
        }
    }
}
