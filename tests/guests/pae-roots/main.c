/* SPDX-License-Identifier: MIT */
/*
 * Claim: a 32-bit kernel reads and loads its root by CR3 as by NEW_BASEPTR; what the new root maps
 *     is there, also what is changed in it while it is loaded.
 * Rule: MMU-18; invariants A4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because CR3 has the frame number in another form there
 */
#include "tests/guests/support/support.h"

/* The upper bits of a frame number stand where the offset would. */
static uint32_t cr3_for(const void *page)
{
    uint32_t mfn = (uint32_t)mfn_of(page);

    return mfn << 12 | mfn >> 20;
}

static uint32_t read_cr3(void)
{
    uint32_t value;

    __asm__ volatile("mov %%cr3, %0" : "=r"(value));
    return value;
}

static struct fault write_cr3(uint32_t value)
{
    return TRY("mov %0, %%cr3", : : "r"(value) : "memory");
}

/* Where the test's own mappings are: 1 GiB, of which nothing else is used. */
#define WINDOW ((volatile uint32_t *)0x40000000)

static uint64_t *boot_root, *root, *window_l2, *window_l1;

/* A copy of the boot tables' root, whose second entry leads to tables of our own. */
static void make_root(uint32_t *page)
{
    uint64_t *last = page_new();

    root = page_new();
    window_l2 = page_new();
    window_l1 = page_new();
    memcpy(last, page_of((boot_root[3] & PTE_FRAME) / PAGE_SIZE), PAGE_SIZE);
    memcpy(root, boot_root, PAGE_SIZE);
    window_l1[0] = make_entry(page, PTE_RW);
    window_l2[0] = make_entry(window_l1, PTE_TABLE);
    root[1] = make_entry(window_l2, PTE_PRESENT);
    root[3] = make_entry(last, PTE_PRESENT);
    set_writable(window_l1, false);
    set_writable(window_l2, false);
    set_writable(last, false);
    set_writable(root, false);
}

void test_main(void)
{
    uint32_t *page = page_new(), *other = page_new();

    boot_root = (uint64_t *)start_info->pt_base;
    *page = 0x11111111;
    *other = 0x22222222;
    make_root(page);

    expect_hex(read_cr3(), cr3_for(boot_root), "CR3 at first");
    expect_fault(try_read(WINDOW), X_PF, 0, "the window without its root");
    expect_no_fault(write_cr3(cr3_for(root)), "load the new root by CR3");
    expect_hex(read_cr3(), cr3_for(root), "CR3 then");
    expect_hex(*WINDOW, 0x11111111, "the window");

    expect(mmu_update(machine_of(&window_l1[0]), make_entry(other, PTE_RW)), 0, "change L1");
    expect(mmuext(MMUEXT_TLB_FLUSH_LOCAL, 0), 0, "flush");
    expect_hex(*WINDOW, 0x22222222, "the window after a change");
    expect(mmu_update(machine_of(&root[1]), boot_root[1]), 0, "the boot tables' entry 1");
    expect(mmuext(MMUEXT_TLB_FLUSH_LOCAL, 0), 0, "flush");
    expect_fault(try_read(WINDOW), X_PF, 0, "the window gone from the loaded root");
    expect(mmu_update(machine_of(&root[1]), make_entry(window_l2, PTE_PRESENT)), 0, "and back");
    expect_hex(*WINDOW, 0x22222222, "the window once more");

    expect_fault(write_cr3(cr3_for(window_l2)), X_GP, 0, "an L2 table to CR3");
    expect_fault(write_cr3(0xfffff000), X_GP, 0, "no frame to CR3");
    expect_hex(read_cr3(), cr3_for(root), "CR3 after refusals");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(boot_root)), 0, "the boot tables by NEW_BASEPTR");
    expect_hex(read_cr3(), cr3_for(boot_root), "CR3 in the end");
    expect_fault(try_read(WINDOW), X_PF, 0, "the window in the end");
}
