/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's own page tables: slots 256 to 271 of every L4 table (layout.h).
 *
 * Made once at boot, with room for devices and stacks to be added. What is mapped here is never
 * unmapped, so no flush is ever needed for it. W^X: nothing but the image's text is executable, and
 * that is not writable, not even by way of the direct map.
 */
#ifndef XEN_LITE_X86_PAGING_H
#define XEN_LITE_X86_PAGING_H

#include <stddef.h>
#include <stdint.h>

#include "core/pte.h"
#include "lib/types.h"
#include "x86/image.h"
#include "x86/layout.h"

/* How a range is to be mapped. */
#define MAP_TEXT            (PTE_PRESENT | PTE_ACCESSED)
#define MAP_READ            (PTE_PRESENT | PTE_ACCESSED | PTE_NX)
#define MAP_WRITE           (MAP_READ | PTE_WRITABLE | PTE_DIRTY)
#define MAP_DEVICE          (MAP_WRITE | PTE_PCD | PTE_PWT)
/* By the page attribute table as MSR_PAT_VALUE has it. */
#define MAP_WRITE_COMBINING (MAP_WRITE | PTE_PAT)
#define MAP_GUEST_READ      (MAP_READ | PTE_USER)

/* Builds the final tables (direct map, image) and switches to them. RAM beyond 4 GiB can be reached
 * from here on, the low half of the address space no longer. Uses boot_memory_alloc(). */
void paging_init(void);

/* Where later tables come from: a function that gives a zeroed page, or null. */
void paging_set_page_source(void *(*alloc)(void));

/* One such page; panics if there is none. Boot only. */
void *paging_new_page(void);

/* Maps size bytes at va (all page-aligned, nothing there yet) to pa, by the largest pages that fit.
 * Boot only: panics if no page is left for tables. */
void paging_map(uint64_t va, paddr_t pa, uint64_t size, uint64_t how);

/* Maps what is still empty in [start, end) to one page, over and over, read-only. */
void paging_fill_holes(uint64_t start, uint64_t end, paddr_t page);

/* Maps the screen's memory, once, for good. Before paging_init(): it may lie where the boot page
 * tables do not reach, and what goes wrong from then on is to be read there. */
void *screen_map(paddr_t pa, uint64_t size, uint64_t how);

/* Maps size bytes of a device's registers, uncached. Boot only. */
void *device_map(paddr_t pa, size_t size);

/* Maps the stack block of a CPU, with its guard pages, on fresh pages. Boot only. */
void stack_block_map(unsigned int cpu);

/* Whether the address is in a guard page of some CPU's stacks. */
bool is_stack_guard(uint64_t address);

/* The hypervisor's own L4 table: nothing in the guests' part, nothing in slot 257. */
mfn_t hv_l4_mfn(void);

/* Writes slots 256 to 271 of a table that is about to become a guest's L4; slot 257 gets
 * domain_entry. */
void hv_l4_fill(uint64_t *l4, uint64_t domain_entry);

/* A second L4 table, below 4 GiB, with the hypervisor's slots and the first 2 MiB of memory mapped
 * one to one: what a starting CPU runs on until it is in the image. Boot only. */
paddr_t paging_low_table(void);

/* The end of boot: SET_ONCE data becomes read-only, in the image and in the direct map. The caller
 * flushes all CPUs. */
void paging_seal(void);

/* Reaches physical memory that the direct map holds. */
static inline void *paddr_to_virt(paddr_t pa)
{
    return (void *)(DIRECT_MAP_BASE + pa);
}

/* The frame behind an address in the image or in the direct map. */
static inline mfn_t hv_virt_to_mfn(const void *p)
{
    uintptr_t va = (uintptr_t)p;

    return paddr_to_mfn(va < DIRECT_MAP_BASE ? image_paddr(p) : va - DIRECT_MAP_BASE);
}

#endif
