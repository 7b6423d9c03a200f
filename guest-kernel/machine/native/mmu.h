/* SPDX-License-Identifier: MIT */
/* What mmu.c (tables as such) and space.c (which tables make a space) have of each
 * other. */
#ifndef GUEST_KERNEL_NATIVE_MMU_H
#define GUEST_KERNEL_NATIVE_MMU_H

#include "machine/native/instructions.h"
#include "machine/native/native.h"
#include "machine/tables.h"

#define LARGE_PAGE (ENTRIES * PAGE_SIZE) /* mapped by an entry of the second level */

/* space.c: writes entry to `where`, an entry of a table of that level of s that was empty. */
void native_space_link(struct space *s, unsigned level, uint64_t *where, uint64_t entry);

#endif
