/* SPDX-License-Identifier: MIT */
/*
 * Claim: of the bits of an entry that are no frame number, the guest may set those that the ABI
 *     allows and no others, in each way to write an entry; address bits that no machine has are
 *     refused.
 * Rule: MMU-2, MMU-3, MMU-13, MMU-25; invariants A3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define FIRST_ADDRESS_BIT 40 /* the lower ones may name frames that are there */
#define FIRST_HIGH_BIT    52

enum { PWT = 3, PCD = 4, PAT_OR_PSE = 7, GLOBAL = 8, SOFTWARE = 9 };

static bool is_address_bit(unsigned bit)
{
    return bit >= 12 && bit < FIRST_HIGH_BIT;
}

static long wanted_at_l1(unsigned bit)
{
    if (is_address_bit(bit))
        return -XEN_EPERM;
    /* Cache attributes are for domains with devices; the initial domain is one. */
    if (bit == PWT || bit == PCD || bit == PAT_OR_PSE)
        return is_initial_domain() ? 0 : -XEN_EINVAL;
    return 0;
}

static long wanted_above(unsigned bit)
{
    return is_address_bit(bit) || (bit >= PWT && bit < SOFTWARE && bit != 5 && bit != 6)
               ? -XEN_EINVAL
               : 0;
}

static void l1_bit(unsigned bit, uint64_t *page, uint64_t *table)
{
    uint64_t entry = make_entry(page, PTE_RW) | 1ul << bit;
    long wanted = wanted_at_l1(bit);

    expect(mmu_update(entry_machine(page, 1), entry), wanted, "mmu_update, L1 bit %u", bit);
    expect(map(page, entry), wanted, "update_va_mapping, bit %u", bit);
    expect(try_write(&table[1], entry).happened, wanted != 0, "trapped write faults, bit %u", bit);
    map(page, make_entry(page, PTE_RW));
}

static void upper_bit(unsigned bit, uint64_t *lower, uint64_t *table, unsigned level)
{
    uint64_t entry = make_entry(lower, PTE_TABLE) | 1ul << bit;

    expect(mmu_update(machine_of(&table[1]), entry), wanted_above(bit), "L%u bit %u", level, bit);
}

void test_main(void)
{
    static const unsigned pin[] = { MMUEXT_PIN_L1_TABLE, MMUEXT_PIN_L2_TABLE, MMUEXT_PIN_L3_TABLE,
                                    MMUEXT_PIN_L4_TABLE };
    uint64_t *page = page_new(), *tables[4];

    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables), 0,
           "ask for writable page tables");
    for (unsigned i = 0; i < 4; i++) {
        tables[i] = table_new();
        if (mmuext(pin[i], mfn_of(tables[i])) != 0)
            error("cannot pin an empty table");
    }
    for (unsigned bit = 1; bit < 64; bit++) {
        if (is_address_bit(bit) && bit < FIRST_ADDRESS_BIT)
            continue;
        l1_bit(bit, page, tables[0]);
        for (unsigned level = 2; level <= 4; level++)
            upper_bit(bit, tables[level - 2], tables[level - 1], level);
    }
}
