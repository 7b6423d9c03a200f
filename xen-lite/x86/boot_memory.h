/* SPDX-License-Identifier: MIT */
/*
 * Memory before there is a page allocator: the machine's RAM as a sorted list, the parts of it that
 * are in use, and a simple way to take more.
 */
#ifndef XEN_LITE_X86_BOOT_MEMORY_H
#define XEN_LITE_X86_BOOT_MEMORY_H

#include <stdint.h>

#include "lib/boot_info.h"
#include "lib/types.h"

/* Reads the memory map. In use from the start: the first MiB, the image, the modules. */
void boot_memory_init(const struct boot_info *info);

/* Marks [base, end) as in use. */
void boot_memory_reserve(paddr_t base, paddr_t end);

/* Takes size bytes, aligned to align (both multiples of a page), from the top of what can be
 * reached. Not cleared. Panics if there is none. */
paddr_t boot_memory_alloc(uint64_t size, uint64_t align);

/* From now on RAM beyond 4 GiB can be reached: the direct map is complete. */
void boot_memory_reach_all(void);

/* Calls f for each range of RAM, rising: all of it, what is in use, what is free. Whole pages. */
typedef void boot_range_fn(paddr_t base, paddr_t end, void *arg);
void boot_ram_for_each(boot_range_fn *f, void *arg);
void boot_used_for_each(boot_range_fn *f, void *arg);
void boot_free_for_each(boot_range_fn *f, void *arg);

/* End of the highest RAM; amount of RAM. In bytes. */
paddr_t boot_ram_end(void);
uint64_t boot_ram_size(void);

/* A page of RAM below 1 MiB that nobody needs, for starting other CPUs; 0 if there is none. */
paddr_t boot_memory_low_page(void);

#endif
