/* SPDX-License-Identifier: MIT */
/* What mmu.c (tables as such) and space.c (which tables make a space) have of each
 * other. */
#ifndef GUEST_KERNEL_NATIVE_MMU_H
#define GUEST_KERNEL_NATIVE_MMU_H

#include "machine/native/instructions.h"
#include "machine/native/native.h"

#define ENTRY_PRESENT    (1ull << 0)
#define ENTRY_WRITE      (1ull << 1)
#define ENTRY_USER       (1ull << 2)
#define ENTRY_ACCESSED   (1ull << 5)
#define ENTRY_DIRTY      (1ull << 6)
#define ENTRY_NO_EXECUTE (1ull << 63)
#define ENTRY_FRAME      0x000ffffffffff000ull
#define ENTRY_TABLE      (ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER | ENTRY_ACCESSED | ENTRY_DIRTY)
#define ENTRY_LEAF       (ENTRY_PRESENT | ENTRY_ACCESSED | ENTRY_DIRTY)

#define ENTRIES    512
#define LARGE_PAGE (ENTRIES * PAGE_SIZE) /* mapped by an entry of the second level */

/* An entry for a page of ours, and the page that an entry names. */
uint64_t native_entry_for(const void *page, uint64_t bits);
void *native_page_of_entry(uint64_t entry);

/* Gives back a table page and the tables below its first `slots` entries; hands what the lowest
 * ones (level 1) map to put. */
void native_free_table(uint64_t *table, unsigned level, unsigned slots, void (*put)(void *page));

/* space.c: the kernel's own space, at first the tables of start.S. */
struct space *native_kernel_space(void);
void native_space_init(uint64_t *top);

/* space.c: writes entry to `where`, an entry of a table of that level of s that was empty. */
void native_space_link(struct space *s, unsigned level, uint64_t *where, uint64_t entry);

/* space.c: whether the processor may have mappings of s in its TLB. */
bool native_space_in_use(const struct space *s);

#endif
