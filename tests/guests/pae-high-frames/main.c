/* SPDX-License-Identifier: MIT */
/*
 * Claim: frames above 4 GiB of the machine are a 32-bit guest's like others: in its list and the
 *     M2P, in L1 entries by both ways to write them, as a page table, and as a root, whose number
 *     is rotated in CR3.
 * Rule: MMU-18; abi/vm_assist.def
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --host-memory 6144
 * Widths: pv32, because a register of a 64-bit guest holds every address
 */
#include "tests/guests/support/support.h"

#define FOUR_GIB 0x100000ul /* in frames */

static const unsigned long *list;
static unsigned long found; /* the last page that was found so */

/* A page above 4 GiB that nobody uses, and that is mapped nowhere: the start mapping holds some. */
static uint64_t high_frame(void)
{
    unsigned long used = (start_registers[7] - VIRT_BASE) / PAGE_SIZE;

    if (found == 0)
        found = start_info->nr_pages;
    while (--found > used)
        if (list[found] >= FOUR_GIB) {
            map((void *)(VIRT_BASE + found * PAGE_SIZE), 0);
            return list[found];
        }
    skip("too few frames above 4 GiB");
}

static void as_page(void)
{
    volatile uint32_t *place = page_new();
    uint64_t mfn = high_frame(), entry = mfn * PAGE_SIZE | PTE_RW;

    expect_hex(((const uint32_t *)MACH2PHYS_VIRT_START)[mfn], found, "its number in the M2P");
    expect(map(place, entry), 0, "update_va_mapping");
    *place = 0x600d;
    expect(map(place, 0), 0, "unmap");
    expect(mmu_update(entry_machine(place, 1), entry), 0, "mmu_update");
    expect_hex(*entry_of(place, 1) & PTE_FRAME, mfn * PAGE_SIZE, "the frame in the entry");
    expect_hex(*place, 0x600d, "what was written");
    expect(CALL(xen_version, XENVER_extraversion, place), 0, "a call that writes there");
}

/* An L1 table there, filled by its machine address alone. */
static void as_table(void)
{
    uint64_t *table = page_new(), mfn = high_frame();

    expect(map(table, mfn * PAGE_SIZE | PTE_RW), 0, "map it");
    memset(table, 0, PAGE_SIZE);
    expect(map(table, mfn * PAGE_SIZE | PTE_RO), 0, "map it read-only");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn), 0, "pin");
    expect(mmu_update(mfn * PAGE_SIZE + 8, make_entry(table, PTE_RO)), 0, "fill");
    expect(map(table, mfn * PAGE_SIZE | PTE_RW), -XEN_EBUSY, "map it writable");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn), 0, "unpin");
}

/* Which frames the start's tables have nobody says: another root, with the kernel's part alone. */
static uint64_t root_at(uint64_t mfn)
{
    uint64_t *root = page_new();

    expect(map(root, mfn * PAGE_SIZE | PTE_RW), 0, "map a root");
    memcpy(root, root_new(), PAGE_SIZE);
    expect(map(root, mfn * PAGE_SIZE | PTE_RO), 0, "map it read-only");
    return mfn;
}

static void as_root(void)
{
    uint64_t mfn = root_at(high_frame());
    unsigned long cr3;

    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn), 0, "new_baseptr");
    __asm__ volatile("mov %%cr3, %0" : "=r"(cr3));
    expect_hex(cr3, (uint32_t)(mfn << 12) | (uint32_t)(mfn >> 20), "CR3");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of((void *)start_info->pt_base)), 0, "the start's root");
    expect_no_fault(TRY("mov %0, %%cr3", : : "r"(cr3) : "memory"), "write CR3");
    __asm__ volatile("mov %%cr3, %0" : "=r"(cr3));
    expect_hex(cr3, (uint32_t)(mfn << 12) | (uint32_t)(mfn >> 20), "CR3 then");
}

void test_main(void)
{
    list = (const unsigned long *)start_info->mfn_list;
    as_page();
    as_table();
    as_root();
}
