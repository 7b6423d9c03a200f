/* SPDX-License-Identifier: MIT */
/*
 * Claim: of the bits of an entry that are no frame number, the guest may set those that the ABI
 *     allows and no others, in each way to write an entry: at every level by mmu_update, with and
 *     without keeping accessed and dirty bits, and by having the table pinned or made a base
 *     pointer; in an L1 by update_va_mapping and by stores of 1, 2, 4 and 8 bytes. Address bits
 *     that no machine has are refused. Stores to tables of the other levels fault.
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

/* In PAE's top table what is above the address is reserved. */
static long wanted_above(unsigned bit, unsigned level)
{
    bool reserved = is_address_bit(bit) || (bit >= FIRST_HIGH_BIT && level == 3 && TOP_LEVEL == 3);

    return reserved || (bit >= PWT && bit < SOFTWARE && bit != 5 && bit != 6) ? -XEN_EINVAL : 0;
}

/* A store of so many bytes that sets the bit in an entry that is without it. Returns whether it
 * faulted. */
static bool store_bit(uint64_t *entry, unsigned bit, unsigned bytes)
{
    uint8_t *at = (uint8_t *)entry + bit / 8 / bytes * bytes;
    unsigned long value = (unsigned long)((*entry | 1ull << bit) >> (8 * (at - (uint8_t *)entry)));

    switch (bytes) {
    case 1: return TRY("movb %b1, (%0)", : : "r"(at), "q"(value) : "memory").happened;
    case 2: return TRY("movw %w1, (%0)", : : "r"(at), "r"(value) : "memory").happened;
    case 4: return TRY("movl %k1, (%0)", : : "r"(at), "r"(value) : "memory").happened;
    }
    return TRY("xchg %1, (%0)", : "+r"(at), "+r"(value) : : "memory").happened;
}

/* Of a kernel with registers of 32 bits such a store is taken, and PRESENT away (pae-halves). */
static bool is_upper_half(unsigned bit, unsigned bytes)
{
    return WORD_BITS == 32 && bytes == 4 && bit >= 32;
}

static void stores(unsigned bit, uint64_t *page, uint64_t *table)
{
    for (unsigned bytes = 1; bytes <= sizeof(long); bytes *= 2) {
        expect(mmu_update(machine_of(&table[1]),
                          make_entry(page, PTE_RO & ~PTE_USER) & ~(1ull << bit)),
               0, "an entry without bit %u", bit);
        if (!(READ_ONCE(table[1]) >> bit & 1))
            expect(store_bit(&table[1], bit, bytes),
                   wanted_at_l1(bit) != 0 && !is_upper_half(bit, bytes),
                   "a store of %u bytes faults, bit %u", bytes, bit);
    }
}

static void l1_bit(unsigned bit, uint64_t *page, uint64_t *table)
{
    uint64_t entry = make_entry(page, PTE_RW) | 1ull << bit;
    long wanted = wanted_at_l1(bit);

    expect(mmu_update(entry_machine(page, 1), entry), wanted, "mmu_update, L1 bit %u", bit);
    map(page, make_entry(page, PTE_RW));
    expect(mmu_update(entry_machine(page, 1) | MMU_PT_UPDATE_PRESERVE_AD, entry), wanted,
           "mmu_update that keeps A and D, L1 bit %u", bit);
    map(page, make_entry(page, PTE_RW));
    expect(map(page, entry), wanted, "update_va_mapping, bit %u", bit);
    if (bit < WORD_BITS)
        expect(try_write(&table[1], (unsigned long)entry).happened, wanted != 0,
               "trapped write faults, bit %u", bit);
    map(page, make_entry(page, PTE_RW));
    stores(bit, page, table);
}

static void upper_bit(unsigned bit, uint64_t *lower, uint64_t *table, unsigned level)
{
    uint64_t entry = make_entry(lower, PTE_TABLE) | 1ull << bit;
    long wanted = wanted_above(bit, level);

    expect(mmu_update(machine_of(&table[1]), entry), wanted, "L%u bit %u", level, bit);
    mmu_update(machine_of(&table[1]), 0);
    expect(mmu_update(machine_of(&table[1]) | MMU_PT_UPDATE_PRESERVE_AD, entry), wanted,
           "keeping A and D, L%u bit %u", level, bit);
    mmu_update(machine_of(&table[1]), 0);
    expect_true(try_write(&table[1], entry).happened, "a store to an L%u faults", level);
}

/* The bit stands in a page before it becomes a table. */
static void new_table(unsigned bit, uint64_t *lower, uint64_t *table, unsigned level)
{
    long wanted = level == 1 ? wanted_at_l1(bit) : wanted_above(bit, level);

    set_writable(table, true);
    table[1] = make_entry(lower, PTE_TABLE) | 1ull << bit;
    set_writable(table, false);
    expect(pin_table(level, table), wanted, "pin an L%u with bit %u", level, bit);
    if (wanted == 0)
        expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(table)), 0, "unpin it");
    if (level < TOP_LEVEL)
        return;
    if (HAS_USER_TABLES) {
        expect(mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of(table)), wanted, "the user's base, bit %u",
               bit);
        expect(mmuext(MMUEXT_NEW_USER_BASEPTR, 0), 0, "none");
    }
    if (wanted != 0)
        expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(table)), wanted, "the kernel's base, bit %u", bit);
}

static void every_way(unsigned bit, uint64_t *page, uint64_t **tables, uint64_t **others)
{
    l1_bit(bit, page, tables[0]);
    new_table(bit, page, others[0], 1);
    for (unsigned level = 2; level <= TOP_LEVEL; level++) {
        upper_bit(bit, tables[level - 2], tables[level - 1], level);
        new_table(bit, tables[level - 2], others[level - 1], level);
    }
}

void test_main(void)
{
    uint64_t *page = page_new(), *tables[TOP_LEVEL], *others[TOP_LEVEL];

    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables), 0,
           "ask for writable page tables");
    for (unsigned i = 0; i < TOP_LEVEL; i++) {
        others[i] = i + 1 < TOP_LEVEL ? page_new() : root_new();
        tables[i] = i + 1 < TOP_LEVEL ? page_new() : root_new();
        set_writable(tables[i], false);
        if (pin_table(i + 1, tables[i]) != 0)
            error("cannot pin a table");
    }
    for (unsigned bit = 1; bit < 64; bit++)
        if (!is_address_bit(bit) || bit >= FIRST_ADDRESS_BIT)
            every_way(bit, page, tables, others);
}
