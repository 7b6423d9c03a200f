/* SPDX-License-Identifier: MIT */
/* Pages, frames and page-table entries. Everything lies in the linear mapping that Xen made at the
 * start. */
#include "tests/guests/support/memory.h"

#include "tests/guests/support/support.h"

#define POOL_PAGES 64

static char pool[POOL_PAGES][PAGE_SIZE] __attribute__((aligned(4096)));
static unsigned pool_used;

uint64_t mfn_of(const volatile void *page)
{
    const unsigned long *list = (const unsigned long *)start_info->mfn_list;

    return list[((uintptr_t)page - VIRT_BASE) / PAGE_SIZE];
}

void *page_of(uint64_t mfn)
{
    const unsigned long *machine_to_physical = (const unsigned long *)MACH2PHYS_VIRT_START;

    return (void *)(VIRT_BASE + machine_to_physical[mfn] * PAGE_SIZE);
}

const volatile uint64_t *entry_of(const volatile void *address, unsigned level)
{
    const volatile uint64_t *table = (const volatile uint64_t *)start_info->pt_base;
    unsigned at = TOP_LEVEL;

    for (;; at--) {
        table += ((uintptr_t)address >> (12 + 9 * (at - 1))) % 512;
        if (at == level)
            return table;
        if (!(*table & PTE_PRESENT))
            error("no table of level %u for 0x%lx", at - 1, (unsigned long)address);
        table = page_of((*table & PTE_FRAME) / PAGE_SIZE);
    }
}

uint64_t machine_of(const volatile void *address)
{
    return mfn_of(address) * PAGE_SIZE + (uintptr_t)address % PAGE_SIZE;
}

uint64_t entry_machine(const volatile void *address, unsigned level)
{
    return machine_of(entry_of(address, level));
}

uint64_t make_entry(const volatile void *page, uint64_t bits)
{
    return mfn_of(page) * PAGE_SIZE | bits;
}

uint64_t table_entry(const volatile void *table, unsigned level)
{
    return make_entry(table, level == TOP_LEVEL ? PTE_TOP : PTE_TABLE);
}

void expect_entry(const volatile void *address, uint64_t wanted, const char *what)
{
    const uint64_t ignored = PTE_USER | PTE_GLOBAL | PTE_SOFTWARE;

    expect_hex(*entry_of(address, 1) & ~ignored, wanted & ~ignored, "%s", what);
}

void *page_new(void)
{
    if (pool_used == POOL_PAGES)
        error("the support library has no pages left");
    return pool[pool_used++];
}

void *table_new(void)
{
    void *table = page_new();

    set_writable(table, false);
    return table;
}

long map(const volatile void *address, uint64_t entry)
{
    return update_va_mapping(address, entry, UVMF_INVLPG);
}

void set_writable(void *page, bool writable)
{
    long result = map(page, make_entry(page, writable ? PTE_RW : PTE_RO));

    if (result != 0)
        error("cannot map a page %s: %ld", writable ? "read-write" : "read-only", result);
}

long pin_table(unsigned level, const volatile void *table)
{
    return mmuext(MMUEXT_PIN_L1_TABLE + level - 1, mfn_of(table));
}

long mmu_update(uint64_t ptr, uint64_t val)
{
    struct mmu_update update = { .ptr = ptr, .val = val };

    return CALL(mmu_update, &update, 1, 0, DOMID_SELF);
}

long mmuext(unsigned cmd, uint64_t mfn)
{
    struct mmuext_op op = { .cmd = cmd, .arg1.mfn = (unsigned long)mfn };

    return CALL(mmuext_op, &op, 1, 0, DOMID_SELF);
}
