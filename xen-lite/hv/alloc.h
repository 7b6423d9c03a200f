/* SPDX-License-Identifier: MIT */
/*
 * Memory for the hypervisor itself and for guests.
 *
 * Pages come from the buddy, scrubbed: a page handed out is always zero. Small objects come from
 * the slab. Both may be called on any CPU; their locks are leaves.
 */
#ifndef XEN_LITE_HV_ALLOC_H
#define XEN_LITE_HV_ALLOC_H

#include <stddef.h>
#include <stdint.h>

#include "lib/types.h"

/* 2^order contiguous zeroed frames, owner FRAME_OWNER_HV, all below `below` (0: anywhere).
 * INVALID_MFN when there is none. */
mfn_t pages_alloc(unsigned int order, uint64_t below);

/* Gives back what pages_alloc gave. The frames have no references left; scrubbed before they are
 * handed out again. */
void pages_free(mfn_t mfn, unsigned int order);

/* One zeroed page by its direct-map address, null when there is none; and back. */
void *page_alloc(void);
void page_free(void *page);

/* Number of free frames. */
uint64_t pages_free_count(void);

/* What is in use now: frames, and small objects, which share some that are not counted. */
struct alloc_use {
    uint64_t frames;
    uint32_t objects;
};
struct alloc_use alloc_in_use(void);

/* Memory that was in use since boot (a module, what only boot needed) becomes free: the whole pages
 * in [start, end) of physical memory. */
void pages_give_back(paddr_t start, paddr_t end);

/* At boot: takes over all free RAM; boot_memory_alloc() must not be used any more. */
void alloc_init(void);

/* Debug builds: from here on the allocations are counted, and those of fail_alloc= fail, of pages
 * as of objects; and how many there were. For tests: what a domain needs must be able to be
 * missing. */
void alloc_begin_failing(void);
void alloc_report_failing(void);

/* size zeroed bytes, 16-byte aligned (up to PAGE_SIZE; larger sizes take whole pages), or null. */
void *hv_alloc(size_t size);
void hv_free(void *p);

#endif
