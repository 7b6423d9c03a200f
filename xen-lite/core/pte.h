/* SPDX-License-Identifier: MIT */
/*
 * Page-table entries: the bits that the CPU knows, and what follows from them alone. What entries
 * of guests may hold, and what the hypervisor makes of them, is in pte_format.h.
 */
#ifndef CORE_PTE_H
#define CORE_PTE_H

#include <stdbool.h>
#include <stdint.h>

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

/* Bits in which two present entries may differ while both mean the same reference. */
#define PTE_SOFT \
    (PTE_NX | PTE_SOFT_HIGH | PTE_AVAILABLE | PTE_GLOBAL | PTE_DIRTY | PTE_ACCESSED | PTE_USER)

static inline bool pte_same_reference(uint64_t a, uint64_t b)
{
    return ((a ^ b) & ~PTE_SOFT) == 0;
}

/* True if the entries of levels 1 to 4 that lead to a page allow an access to it: by ring 3 (user),
 * or by a lower ring, which may touch what ring 3 may, too; to write; to execute. */
bool pte_path_allows(const uint64_t path[4], bool user, bool write, bool execute);

/* A 32-bit guest's CR3 names a frame of 32 bits: its upper bits stand where the offset would. */
static inline uint64_t pte_cr3_32(mfn_t mfn)
{
    return (uint32_t)(mfn.n << PAGE_SHIFT | mfn.n >> (32 - PAGE_SHIFT));
}

static inline mfn_t pte_cr3_32_mfn(uint64_t cr3)
{
    return MFN((uint32_t)cr3 >> PAGE_SHIFT | (uint32_t)(cr3 << (32 - PAGE_SHIFT)));
}

#endif
