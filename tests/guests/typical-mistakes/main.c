/* SPDX-License-Identifier: MIT */
/*
 * Claim: whoever takes pfns for mfns is asked whether that is so, and of a table that is pinned
 *     twice the line tells what it is; of an instruction of bare hardware it has the name, and what
 *     there is instead.
 * Rule: CPU-3, MMU-13, MMU-15, MMU-16, MMU-18
 * Runs on: xen-lite (it is about what xen-lite says)
 * Ends: poweroff, "frame to be pinned must be one that the guest owns. mfn 5 (not the domain's: a
 *     pfn?, uses 0)", "entry 5001: mfn 5 (not the domain's: a pfn?, uses 0)",
 *     "(L1 table, uses 1); at ",
 *     "CLI; instead: set evtchn_upcall_mask of vcpu_info", "HLT; instead: SCHEDOP_block",
 *     "LIDT; instead: set_trap_table", "LTR; instead: stack_switch", "MMU-18"
 */
#include "tests/guests/support/support.h"

static void pfn_for_mfn(void)
{
    expect(mmuext(MMUEXT_PIN_L1_TABLE, 5), -XEN_EINVAL, "pin a pfn");
    expect(map(page_new(), 5 << 12 | 1), -XEN_EPERM, "map a pfn");
}

static void pinned_twice(void)
{
    uint64_t *table = table_new();

    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin a table");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), -XEN_EINVAL, "pin it again");
}

static void bare_hardware(void)
{
    static const uint64_t table[2];

    expect_fault(TRY("cli", ::: "memory"), X_GP, 0, "cli");
    expect_fault(TRY("hlt", ::: "memory"), X_GP, 0, "hlt");
    expect_fault(TRY("lidt %0", ::"m"(table) : "memory"), X_GP, 0, "lidt");
    expect_fault(TRY("ltr %w0", ::"r"(8) : "memory"), X_GP, 0, "ltr");
    expect_fault(TRY("mov %0, %%cr3", ::"r"(5ul << 12) : "memory"), X_GP, 0, "mov to cr3");
}

void test_main(void)
{
    pfn_for_mfn();
    pinned_twice();
    bare_hardware();
}
