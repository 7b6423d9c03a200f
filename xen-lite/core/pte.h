/* SPDX-License-Identifier: MIT */
/*
 * Page-table entries of guests: what an entry may hold, and what the hypervisor makes of it.
 *
 * The hard idea: a 64-bit guest's kernel runs in ring 3, so every present entry needs USER, also
 * the kernel's. The guest's own wish is kept in two other bits of an L1 entry, as the ABI has it:
 * GLOBAL says that the guest had set USER, bit 52 that it had not. Guests read these bits back.
 */
#ifndef CORE_PTE_H
#define CORE_PTE_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/layout.h"
#include "core/rules.h"
#include "lib/types.h"

#define PTE_PRESENT      (1UL << 0)
#define PTE_WRITABLE     (1UL << 1)
#define PTE_USER         (1UL << 2)
#define PTE_PWT          (1UL << 3)
#define PTE_PCD          (1UL << 4)
#define PTE_ACCESSED     (1UL << 5)
#define PTE_DIRTY        (1UL << 6)
#define PTE_PAT          (1UL << 7) /* L1 */
#define PTE_PSE          (1UL << 7) /* above */
#define PTE_GLOBAL       (1UL << 8)
#define PTE_AVAILABLE    (7UL << 9)
#define PTE_GUEST_KERNEL (1UL << 52)
#define PTE_SOFT_HIGH    (0x7ffUL << 52)
#define PTE_NX           (1UL << 63)
#define PTE_ADDRESS      0x000ffffffffff000UL

#define PT_ENTRIES 512

static inline mfn_t pte_mfn(uint64_t entry)
{
    return MFN((entry & PTE_ADDRESS) >> PAGE_SHIFT);
}

static inline bool pte_is_present(uint64_t entry)
{
    return entry & PTE_PRESENT;
}

/* Index of the entry for an address in a table of level 1 to 4. */
static inline unsigned int pte_index(uint64_t address, unsigned int level)
{
    return (address >> (PAGE_SHIFT + 9 * (level - 1))) % PT_ENTRIES;
}

/* Bits that no present entry of that level may have, above L1 and in L1. All others are an address,
 * have a meaning that does no harm, or are the guest's own. */
#define PTE_REFUSED_L1    (PTE_PWT | PTE_PCD | PTE_PAT)
#define PTE_REFUSED_ABOVE (PTE_PWT | PTE_PCD | PTE_PSE | PTE_GLOBAL)

/* Which rule a present entry of a table of that level breaks by its bits alone. */
enum rule_id pte_bits_rule(uint64_t entry, unsigned int level);

static inline enum rule_id pte_check_bits(uint64_t entry, unsigned int level)
{
    uint64_t refused = level == 1 ? PTE_REFUSED_L1 : PTE_REFUSED_ABOVE;

    if (likely((entry & refused) == 0))
        return RULE_NONE;
    return pte_bits_rule(entry, level);
}

/* What is written in place of a present entry that the guest asked for. In L4 it counts as accessed
 * from the start: guests of Xen find it so. */
static inline uint64_t pte_adjust(uint64_t entry, unsigned int level)
{
    if (level != 1)
        return entry | (level == 4 ? PTE_USER | PTE_ACCESSED : PTE_USER);
    if (!(entry & PTE_USER))
        entry |= PTE_GUEST_KERNEL | PTE_USER;
    if (!(entry & PTE_GUEST_KERNEL))
        entry |= PTE_GLOBAL | PTE_USER;
    return entry;
}

/* Bits in which two present entries may differ while both mean the same reference. */
#define PTE_SOFT \
    (PTE_NX | PTE_SOFT_HIGH | PTE_AVAILABLE | PTE_GLOBAL | PTE_DIRTY | PTE_ACCESSED | PTE_USER)

static inline bool pte_same_reference(uint64_t a, uint64_t b)
{
    return ((a ^ b) & ~PTE_SOFT) == 0;
}

/* False for the L4 slots of the hypervisor. */
static inline bool pte_slot_is_guests(unsigned int index, unsigned int level)
{
    return level != 4 || index < pte_index(HYPERVISOR_VIRT_START_64, 4) ||
           index > pte_index(HYPERVISOR_VIRT_END_64 - 1, 4);
}

/* True if the entries of levels 1 to 4 that lead to a page let a guest read it; and write to it, or
 * execute what is there. */
bool pte_path_allows(const uint64_t path[4], bool write, bool execute);

/* An address that a guest may map and use: canonical and outside the hypervisor's area. */
static inline bool guest_address_ok(uint64_t address)
{
    return address < (1UL << 47) || address >= HYPERVISOR_VIRT_END_64;
}

#endif
