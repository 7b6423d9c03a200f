/* SPDX-License-Identifier: MIT */
/* What mmu.c (tables as such) and space.c (which tables make a space) have of each
 * other. */
#ifndef GUEST_KERNEL_PV_MMU_H
#define GUEST_KERNEL_PV_MMU_H

#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"

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

/* Notes that the entry at where is to become `entry`; pv_changes_make makes all such changes, many
 * to a hypercall, which costs much more than an entry. It leaves TLBs alone: machine_map_flush does
 * both. */
void pv_change(uint64_t *where, uint64_t entry);
void pv_changes_make(void);

/* The frame of a page of ours, an entry for it, and the page that an entry names. */
uint64_t pv_frame_of(const void *page);
uint64_t pv_entry_for(const void *page, uint64_t bits);
void *pv_page_of_entry(uint64_t entry);

/* Notes that the linear mapping of page is to become read-only or read-write. Before a page becomes
 * a table it must have no writable mapping left (what a TLB may still have of one, Xen sees to);
 * and it can become writable again only when no table uses it. */
void pv_set_writable(void *page, bool writable);

/* Gives back a table page and the tables below its first `slots` entries; hands what the lowest
 * ones (level 1) map to put. The caller has unpinned the top, and calls pv_freed_tables_put in the
 * end, since the pages are still read-only until a flush. */
void pv_free_table(uint64_t *table, unsigned level, unsigned slots, void (*put)(void *page));
void pv_freed_tables_put(void);

/* space.c: the kernel's own space, at first the tables that Xen made. */
struct space *pv_kernel_space(void);
void pv_space_init(uint64_t *top);

/* space.c: notes whatever changes the tables of spaces need so that entry comes to `where`, an
 * entry of a table of that level of s that was empty. */
void pv_space_link(struct space *s, unsigned level, uint64_t *where, uint64_t entry);

/* space.c: whether the processor may have mappings of s in its TLB. */
bool pv_space_in_use(const struct space *s);

#endif
