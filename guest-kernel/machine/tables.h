/* SPDX-License-Identifier: MIT */
/*
 * Page tables, as far as they are the same on the bare machine and on Xen: their shape, and all
 * that only reads them (tables.c). How an entry is changed is the machine's, in its mmu.c; which
 * tables make a space, in its space.c.
 */
#ifndef GUEST_KERNEL_MACHINE_TABLES_H
#define GUEST_KERNEL_MACHINE_TABLES_H

#include "machine/machine.h"

#define ENTRY_PRESENT    (1ull << 0)
#define ENTRY_WRITE      (1ull << 1)
#define ENTRY_USER       (1ull << 2)
#define ENTRY_ACCESSED   (1ull << 5)
#define ENTRY_DIRTY      (1ull << 6)
#define ENTRY_NO_EXECUTE (1ull << 63)
#define ENTRY_FRAME      0x000ffffffffff000ull
#define ENTRY_TABLE      (ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER | ENTRY_ACCESSED | ENTRY_DIRTY)
#define ENTRY_LEAF       (ENTRY_PRESENT | ENTRY_ACCESSED | ENTRY_DIRTY)

#define ENTRIES 512

/* How many of the top level are the user half; and of an entry of that level, PAE knows the present
 * bit only. */
#ifdef __x86_64__
#define TOP_LEVEL  4
#define USER_SLOTS 256
#define ENTRY_TOP  ENTRY_TABLE
#else
#define TOP_LEVEL  3
#define USER_SLOTS 3
#define ENTRY_TOP  ENTRY_PRESENT
#endif

/* Invariant: what is the kernel's in the last slot of the top is the same in all. second is for PV,
 * told in its space.c. */
struct space {
    uint64_t *top, *second;
};

static inline unsigned slot_of(uintptr_t address, unsigned level)
{
    return (address >> (12 + 9 * (level - 1))) % ENTRIES;
}

/* ---- tables.c ---- */

/* The kernel's own space, at first the tables that it was started with. */
struct space *kernel_space(void);

/* Whether this processor may have mappings of s in its TLB. */
bool space_in_use(const struct space *s);

/* Follows the tables of s towards address, as far as they go: the entry, and its level. Above level
 * 1 the entry is empty. */
uint64_t *table_walk(const struct space *s, uintptr_t address, unsigned *level);

/* Gives back a table page and the tables below its first `slots` entries; hands what the lowest
 * ones (level 1) map to put. */
void table_free(uint64_t *table, unsigned level, unsigned slots, void (*put)(void *page));

/* What may be done with a page of our memory. Nothing can be both written and executed: the image's
 * code is executed, its constants are read, everything else is data. */
uint64_t linear_bits(const char *page);

/* ---- The machine's mmu.c and space.c ---- */

/* What an entry for the kernel's own pages has instead of ENTRY_USER. */
extern const uint64_t kernel_bits;

/* An entry for a page of ours, and the page that an entry names. */
uint64_t entry_for(const void *page, uint64_t bits);
void *page_of_entry(uint64_t entry);

/* The lowest-level entry for address, or NULL if there is none (with create: if memory is out). */
uint64_t *mapping_find(struct space *s, uintptr_t address, bool create);

/* Changes the entry that maps address; TLBs may know the old one until machine_map_flush. */
void mapping_change(const struct space *s, uint64_t *where, uint64_t entry, uintptr_t address);

/* Gives back a table page of which nothing is left. */
void table_put(uint64_t *table);

/* Has the processor use the tables of s. */
void space_load(const struct space *s);

#endif
