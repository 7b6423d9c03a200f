/* SPDX-License-Identifier: MIT */
/* Pages, frames and page-table entries. */
#ifndef TESTS_GUESTS_SUPPORT_MEMORY_H
#define TESTS_GUESTS_SUPPORT_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#define PAGE_SIZE 4096ul

#define PTE_PRESENT  (1ull << 0)
#define PTE_WRITE    (1ull << 1)
#define PTE_USER     (1ull << 2)
#define PTE_ACCESSED (1ull << 5)
#define PTE_DIRTY    (1ull << 6)
#define PTE_PSE      (1ull << 7)
#define PTE_GLOBAL   (1ull << 8)
#define PTE_SOFTWARE (7ull << 9 | 0x7full << 52)
#define PTE_NX       (1ull << 63)
#define PTE_FRAME    0x000ffffffffff000ull

/* The usual bits of a mapping, read-only and read-write, and of an entry that names a table. */
#define PTE_RO    (PTE_PRESENT | PTE_USER | PTE_ACCESSED | PTE_DIRTY)
#define PTE_RW    (PTE_RO | PTE_WRITE)
#define PTE_TABLE PTE_RW

/* A machine frame of ours and the address at which the linear start mapping has it, both ways. */
uint64_t mfn_of(const volatile void *page);
void *page_of(uint64_t mfn);

/* The entry for address in the table of that level (1 to TOP_LEVEL): where it can be read, and its
 * machine address. The tables above must be there. */
const volatile uint64_t *entry_of(const volatile void *address, unsigned level);
uint64_t entry_machine(const volatile void *address, unsigned level);

/* The machine address of anything in our memory. */
uint64_t machine_of(const volatile void *address);

/* An entry that maps page. */
uint64_t make_entry(const volatile void *page, uint64_t bits);

/* An entry of a table of that level that names a table of the level below. */
uint64_t table_entry(const volatile void *table, unsigned level);

/* A top-level table that the kernel can run on: it shares the kernel's part with the present one
 * and has nothing else. Mapped read-write still. */
uint64_t *root_new(void);

/* Pins a table of that level; the raw result. */
long pin_table(unsigned level, const volatile void *table);

/* Compares address's L1 entry with what was put there, apart from what the hypervisor may add: user
 * and global bit, and the bits for software. */
void expect_entry(const volatile void *address, uint64_t wanted, const char *what);

/* A page of our own: zeroed, mapped read-write, never given out twice. */
void *page_new(void);

/* A page as page_new, made into an empty page table's page: mapped read-only. */
void *table_new(void);

/* update_va_mapping with a local flush of the address; the raw result. */
long map(const volatile void *address, uint64_t entry);

/* Maps the page read-only or read-write at its own address; errors end the test. */
void set_writable(void *page, bool writable);

/* One mmu_update, one mmuext_op on a frame; the raw results. */
long mmu_update(uint64_t ptr, uint64_t val);
long mmuext(unsigned cmd, uint64_t mfn);

#endif
