/* SPDX-License-Identifier: MIT */
/*
 * Reader of the Multiboot 1 boot information: a structure with pointers to command line, modules
 * and memory map all over low memory, which is therefore reached through a callback.
 */
#ifndef LIB_MULTIBOOT1_H
#define LIB_MULTIBOOT1_H

#include "lib/boot_info.h"
#include "lib/problem.h"

/* What the loader leaves in EAX. */
#define MULTIBOOT1_BOOT_MAGIC 0x2badb002

/* Gives the size bytes of physical memory at paddr, or NULL if they cannot be reached. */
typedef const void *multiboot1_map(void *ctx, paddr_t paddr, size_t size);

/* Fills info from the structure at paddr. False if that is impossible; problem then says why. */
bool multiboot1_read(multiboot1_map *map, void *ctx, paddr_t paddr, struct boot_info *info,
                     struct problem *problem);

#endif
