/* SPDX-License-Identifier: MIT */
/*
 * Claim: what a 32-bit kernel reads from CR3, writes there and gives in a vCPU's context is the
 *     frame of its L3 rotated left by 12 bits in 32, so that frames above 4 GiB have a name; the
 *     low bits are no flags and no place within a page. What names no root is refused.
 * Rule: MMU-18, CPU-1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because a 64-bit CR3 holds any frame as it is
 */
#include "tests/guests/support/support.h"

static unsigned long read_cr3(void)
{
    unsigned long value;

    __asm__ volatile("mov %%cr3, %0" : "=r"(value));
    return value;
}

static struct fault write_cr3(unsigned long value)
{
    return TRY("mov %0, %%cr3", : : "r"(value) : "memory");
}

/* A root with the tables of the present one, but a last L2 of its own. */
static uint64_t *root_with_own_last(void)
{
    const uint64_t *now = (const uint64_t *)start_info->pt_base;
    const uint64_t *now_last = page_of((now[3] & PTE_FRAME) / PAGE_SIZE);
    uint64_t *root = table_new(), *last = table_new();

    set_writable(last, true);
    memcpy(last, now_last, PAGE_SIZE);
    memset(&last[(HYPERVISOR_VIRT_START_32 >> 21) % 512], 0, 512);
    set_writable(last, false);
    set_writable(root, true);
    root[3] = make_entry(last, PTE_PRESENT);
    set_writable(root, false);
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(root)), 0, "pin another root");
    return root;
}

void test_main(void)
{
    uint64_t ours = mfn_of((void *)start_info->pt_base), *root = root_with_own_last();
    uint64_t other = mfn_of(root), plain = mfn_of(page_new());

    expect_hex(read_cr3(), cr3_of(ours), "cr3 at the start");
    expect_no_fault(write_cr3(cr3_of(other)), "write another root");
    expect_hex(read_cr3(), cr3_of(other), "cr3 then");
    expect_true(page_of(other) == root, "the M2P there");
    expect(mmuext(MMUEXT_NEW_BASEPTR, ours), 0, "new_baseptr");
    expect_hex(read_cr3(), cr3_of(ours), "cr3 after new_baseptr");
    expect_no_fault(write_cr3(cr3_of(ours)), "write the same");

    for (unsigned bit = 0; bit < 12; bit++)
        expect_fault(write_cr3(cr3_of(other) | 1ul << bit), X_GP, 0, "a frame beyond the memory");
    expect_fault(write_cr3(cr3_of(plain)), X_GP, 0, "a plain page");
    expect_fault(write_cr3(cr3_of(mfn_of(entry_of((void *)VIRT_BASE, 2)))), X_GP, 0, "an L2");
    expect_fault(write_cr3(~0ul), X_GP, 0, "all ones");
    expect_fault(write_cr3(0), X_GP, 0, "zero");
    expect_hex(read_cr3(), cr3_of(ours), "cr3 after what was refused");

    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_pae_extended_cr3), 0, "the assist");
    expect_hex(read_cr3(), cr3_of(ours), "cr3 with the assist");
    expect(CALL(vm_assist, VMASST_CMD_disable, VMASST_TYPE_pae_extended_cr3), 0, "no assist");
    expect_hex(read_cr3(), cr3_of(ours), "cr3 without the assist");
}
