/* SPDX-License-Identifier: MIT */
/*
 * Reader of the Multiboot2 boot information: a block with its total size in front, then tags, each
 * with type and size, 8-byte aligned, ended by a tag of type 0.
 */
#ifndef LIB_MULTIBOOT2_H
#define LIB_MULTIBOOT2_H

#include "lib/boot_info.h"
#include "lib/problem.h"
#include "lib/span.h"

/* What the loader leaves in EAX. */
#define MULTIBOOT2_BOOT_MAGIC 0x36d76289

/* Tags that are larger than this in sum are refused: they are no boot information. */
#define MULTIBOOT2_MAX_SIZE (1U << 20)

/* The total size that the block's first 8 bytes state; 0 if it is impossible. Tells how much to
 * map before reading the rest. */
uint32_t multiboot2_total_size(struct span first_bytes);

/* Fills info from the whole block. False if the block is broken; problem then says where. Oddities
 * that can be lived with are left in info->problem. */
bool multiboot2_read(struct span block, struct boot_info *info, struct problem *problem);

#endif
