/* SPDX-License-Identifier: MIT */
/* What mmu.c (tables as such) and space.c (which tables make a space) have of each
 * other. */
#ifndef GUEST_KERNEL_PV_MMU_H
#define GUEST_KERNEL_PV_MMU_H

#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"
#include "machine/tables.h"

/* Notes that the entry at where is to become `entry`; pv_changes_make makes all such changes, many
 * to a hypercall, which costs much more than an entry. It leaves TLBs alone: machine_map_flush does
 * both. */
void pv_change(uint64_t *where, uint64_t entry);
void pv_changes_make(void);

/* The frame of a page of ours. */
uint64_t pv_frame_of(const void *page);

/* Notes that the linear mapping of page is to become read-only or read-write. Before a page becomes
 * a table it must have no writable mapping left (what a TLB may still have of one, Xen sees to);
 * and it can become writable again only when no table uses it. */
void pv_set_writable(void *page, bool writable);

/* Who calls table_free has unpinned the top, and calls this in the end, since the pages are still
 * read-only until a flush. */
void pv_freed_tables_put(void);

/* space.c: the kernel's own space on the tables that Xen made. */
void pv_space_init(uint64_t *top);

/* space.c: notes whatever changes the tables of spaces need so that entry comes to `where`, an
 * entry of a table of that level of s that was empty. */
void pv_space_link(struct space *s, unsigned level, uint64_t *where, uint64_t entry);

#endif
