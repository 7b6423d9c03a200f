/* SPDX-License-Identifier: MIT */
/*
 * Claim: what a guest reads back of an entry is what it wrote, but for, at 64 bits, the user bit,
 *     which every present entry gets, in L4 the accessed bit, and in L1 the global bit or bit 52,
 *     which say what the guest had wished; at 32 bits user and write bit in L3: for each of the 64
 *     bits, at each level, by each way to write.
 * Rule: invariants A3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define FIRST_FRAME_BIT  12
#define FIRST_HIGH_BIT   52
#define PTE_GUEST_KERNEL (1ull << 52)
#define PTE_CACHE        (1ull << 3 | 1ull << 4 | 1ull << 7)
#define PTE_HIGH         (0xfffull << 52)

static uint64_t *page, *tables[TOP_LEVEL + 1];

static const uint64_t bases[] = {
    0,
    PTE_PRESENT,
    PTE_PRESENT | PTE_USER,
    PTE_RW,
    PTE_PRESENT | PTE_GUEST_KERNEL,
    PTE_PRESENT | PTE_USER | PTE_GUEST_KERNEL,
};

/* Whether such an entry is taken. Cache attributes are for domains with devices. */
static bool is_taken(uint64_t entry, unsigned level)
{
    if (!(entry & PTE_PRESENT))
        return true;
    if (level == 1)
        return is_initial_domain() || !(entry & PTE_CACHE);
    /* In PAE's top table what is above the address is reserved. */
    return !(entry & (PTE_CACHE | PTE_GLOBAL | (TOP_LEVEL == 3 && level == 3 ? PTE_HIGH : 0)));
}

static uint64_t as_stored(uint64_t entry, unsigned level)
{
    if (!(entry & PTE_PRESENT))
        return entry;
    if (TOP_LEVEL == 3)
        return level == 3 ? entry | PTE_WRITE | PTE_USER : entry;
    if (level == 1 && !(entry & PTE_USER))
        entry |= PTE_GUEST_KERNEL;
    if (level == 1 && !(entry & PTE_GUEST_KERNEL))
        entry |= PTE_GLOBAL;
    if (level == TOP_LEVEL)
        entry |= PTE_ACCESSED;
    return entry | PTE_USER;
}

static void compare(uint64_t entry, unsigned level, bool taken, uint64_t got, const char *way)
{
    expect(taken, is_taken(entry, level), "L%u, %s: %llx is taken", level, way,
           (unsigned long long)entry);
    expect_hex(got, is_taken(entry, level) ? as_stored(entry, level) : 0, "L%u, %s: %llx", level,
               way, (unsigned long long)entry);
}

static void by_hypercall(uint64_t entry, unsigned level)
{
    uint64_t *slot = &tables[level][1];
    bool taken = mmu_update(machine_of(slot), entry) == 0;

    compare(entry, level, taken, READ_ONCE(*slot), "mmu_update");
    mmu_update(machine_of(slot), 0);
    taken = mmu_update(machine_of(slot) | MMU_PT_UPDATE_PRESERVE_AD, entry) == 0;
    compare(entry, level, taken, READ_ONCE(*slot), "preserving mmu_update");
    mmu_update(machine_of(slot), 0);
}

static void by_other_ways(uint64_t entry)
{
    uint64_t *slot = &tables[1][1];
    bool taken;

    if (sizeof(long) == sizeof(entry)) {
        taken = !try_write(slot, (unsigned long)entry).happened;
        compare(entry, 1, taken, READ_ONCE(*slot), "trapped write");
        mmu_update(machine_of(slot), 0);
    }
    map(page, 0);
    taken = update_va_mapping(page, entry, 0) == 0;
    compare(entry, 1, taken, *entry_of(page, 1), "update_va_mapping");
    map(page, make_entry(page, PTE_RW));
}

static void one(uint64_t bits, unsigned level)
{
    uint64_t entry = bits;

    if (bits & PTE_PRESENT)
        entry |= mfn_of(level == 1 ? page : tables[level - 1]) * PAGE_SIZE;
    by_hypercall(entry, level);
    if (level == 1)
        by_other_ways(entry);
}

void test_main(void)
{
    page = page_new();
    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables), 0,
           "ask for writable page tables");
    for (unsigned level = 1; level <= TOP_LEVEL; level++) {
        tables[level] = level < TOP_LEVEL ? page_new() : root_new();
        set_writable(tables[level], false);
        if (pin_table(level, tables[level]) != 0)
            error("cannot pin a table");
    }
    for (unsigned level = 1; level <= TOP_LEVEL; level++)
        for (unsigned i = 0; i < COUNT(bases); i++)
            for (unsigned bit = 1; bit < 64; bit++)
                if (bit < FIRST_FRAME_BIT || bit >= FIRST_HIGH_BIT || !(bases[i] & PTE_PRESENT))
                    one(bases[i] | 1ull << bit, level);
}
