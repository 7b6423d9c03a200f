/* SPDX-License-Identifier: MIT */
/*
 * Claim: a 32-bit kernel begins in ring 1 with the flat segments of that ring in all
 *     registers, ESI at start_info and a stack behind it, the others 0; its root has four entries,
 *     upper levels allow everything, pages are the kernel's, tables read-only, and magic says
 *     x86_32p.
 * Rule: abi/struct_width_start.h
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because a 64-bit kernel begins otherwise
 */
#include "tests/guests/support/support.h"

enum { AX, BX, CX, DX, SI, DI, BP, SP, FLAGS, CS, SS, DS, ES };

static void registers(void)
{
    unsigned long sp = start_registers[SP];

    expect_hex(start_registers[CS], FLAT_KERNEL_CS, "cs");
    expect_hex(start_registers[SS], FLAT_KERNEL_SS, "ss");
    expect_hex(start_registers[DS], FLAT_KERNEL_DS, "ds");
    expect_hex(start_registers[ES], FLAT_KERNEL_DS, "es");
    expect_hex(start_registers[SI], (unsigned long)start_info, "esi");
    expect_hex(start_registers[FLAGS] & 0x237500, 0, "TF, DF, IOPL, NT, RF, VM, ID");
    expect_hex(start_registers[FLAGS] & 0x200, 0x200, "IF");
    expect_true(sp > (unsigned long)start_info && sp % PAGE_SIZE == 0, "a page for the stack");
    expect_hex(READ_SEGMENT(fs), FLAT_KERNEL_DS, "fs");
    expect_hex(READ_SEGMENT(gs), FLAT_KERNEL_DS, "gs");
    for (unsigned i = AX; i <= BP; i++)
        expect_hex(i == SI ? 0 : start_registers[i], 0, "register %u", i);
}

/* The builder makes all four L2 tables, but that of an ordinary domain of the real Xen only those
 * that it needs. */
static void tables(void)
{
    const bool all_four = is_xen_lite() || is_initial_domain();
    const uint64_t *root = (const uint64_t *)start_info->pt_base;
    const uint64_t all = PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED | PTE_DIRTY;

    for (unsigned i = 0; i < 512; i++)
        expect_hex(root[i] & 0xfff, i == 3 || (all_four && i < 3) ? all : 0,
                   "bits of the root's entry %u", i);
    expect_hex(*entry_of((void *)VIRT_BASE, 2) & 0xfff, all, "bits of an L2 entry");
    expect_hex(*entry_of((void *)VIRT_BASE, 1) & (all & ~PTE_DIRTY),
               PTE_PRESENT | PTE_WRITE | PTE_ACCESSED, "a page: the kernel's, writable");
    expect_hex(*entry_of(root, 1) & (PTE_PRESENT | PTE_WRITE | PTE_USER), PTE_PRESENT,
               "a page table: the kernel's, read-only");
    expect((long)start_info->nr_pt_frames, all_four ? 7 : 4, "root, L2 and two L1 tables");
    expect_true(memcmp(start_info->magic, "xen-3.0-x86_32p", 16) == 0, "magic is %s",
                start_info->magic);
    expect_true(start_info->mfn_list > VIRT_BASE, "the list of frames is in the mapping");
    expect((long)start_info->nr_p2m_frames, 0, "frames of a list elsewhere");
}

void test_main(void)
{
    registers();
    tables();
}
