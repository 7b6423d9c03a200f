/* SPDX-License-Identifier: MIT */
/*
 * The memory of a program. Only its own process calls these functions, or exec and fork for one
 * that does not run yet: so there is no lock.
 *
 * A region is a range of pages with one access. Its pages come, zeroed, when they are first
 * touched: so is a stack that grows, and memory that was only asked for costs nothing. Which pages
 * are there is known to the page tables alone.
 */
#ifndef GUEST_KERNEL_KERNEL_MEMORY_H
#define GUEST_KERNEL_KERNEL_MEMORY_H

#include <stdbool.h>

#include "api/api.h"
#include "machine/machine.h"

#define MMAP_START  0x40000000ul
#define STACK_START (USER_END - 0x100000ul) /* it may grow to 1 MiB */

struct region {
    uintptr_t start, end;
    unsigned access; /* enum machine_access */
    struct region *next;
};

/* Invariant: regions are sorted, do not overlap and lie in [USER_START, USER_END). */
struct memory {
    struct space *space;
    struct region *regions;
    uintptr_t heap_start, heap_end; /* heap_end on any byte: as sbrk left it */
    unsigned long pages;            /* that are mapped */
};

static inline uintptr_t page_floor(uintptr_t address)
{
    return address & ~(PAGE_SIZE - 1);
}

static inline uintptr_t page_ceiling(uintptr_t address)
{
    return page_floor(address + PAGE_SIZE - 1);
}

/* Without any region; NULL: memory is out. */
struct memory *memory_create(void);

/* For fork: the same regions and pages; who writes first to one gets a copy of his own. NULL:
 * memory is out. The caller's own memory is the one in use. */
struct memory *memory_copy(struct memory *from);

/* Gives everything back. It must not be in use. */
void memory_destroy(struct memory *memory);

/* A new region of whole pages. -API_EEXIST: some of it is taken. -API_ENOMEM: also when it is not
 * in the program's half. */
long memory_add(struct memory *memory, uintptr_t start, uintptr_t end, unsigned access);

/* What lies in [start, end), both on pages, is there no more. -API_ENOMEM, and nothing is done. */
long memory_remove(struct memory *memory, uintptr_t start, uintptr_t end);

/* Where size bytes (whole pages) are free for mmap; 0: nowhere. */
uintptr_t memory_find_free(const struct memory *memory, size_t size);

/* Whether all of [address, address + size) lies in regions that may be read (written, if write). */
bool memory_allows(const struct memory *memory, uintptr_t address, size_t size, bool write);

/* For a memory that does not run yet: the kernel's view of a page of it. A new one at address,
 * where there is none; or the one there, which is made if need be. NULL: no region there, or memory
 * is out. */
void *memory_new_page(struct memory *memory, uintptr_t address);
void *memory_touch(struct memory *memory, uintptr_t address);

/* The same for size bytes from anywhere. -API_ENOMEM, or -API_EFAULT: from cannot be read. */
long memory_write(struct memory *memory, uintptr_t to, const void *from, size_t size);

enum memory_fault {
    MEMORY_SERVED,  /* the access will work now */
    MEMORY_REFUSED, /* the program may not do that */
    MEMORY_OUT,     /* it might, but no page is free */
};

/* A page fault on the memory in use. */
enum memory_fault memory_fault(struct memory *memory, const struct trap *trap);

#endif
