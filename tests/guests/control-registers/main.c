/* SPDX-License-Identifier: MIT */
/*
 * Claim: a guest's kernel reads and writes CR0, CR2, CR3 and CR4 as far as they are its own: TS,
 *     the fault address, the table, and of CR4 TSD, DE, FSGSBASE and OSXSAVE; the rest stays.
 * Rule: CPU-4, invariants A7
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/control-registers/control.h"
#include "tests/guests/support/support.h"

#define CR0_TS    0x8ul
#define CR0_EM    0x4ul
/* A frame beyond all memory; an address for CR2. */
#define NO_MEMORY (1ull << 31)
#define ADDRESS   ((unsigned long)0x123456789ull)

#define CR4_TSD    0x4ul
#define CR4_DE     0x8ul
#define CR4_FIXED  0x660ul   /* PAE, MCE, OSFXSR, OSXMMEXCPT */
#define CR4_CHOICE 0x5000cul /* TSD, DE; FSGSBASE, OSXSAVE if the CPU has them */

static void cr0(void)
{
    unsigned long value = READ("cr0");

    expect_hex(value, 0x80050033, "CR0");
    expect_no_fault(WRITE("cr0", value | CR0_TS), "CR0 with TS");
    expect_hex(READ("cr0"), value | CR0_TS, "CR0 then");
    expect_no_fault(TRY("clts", ::: "memory"), "clts");
    expect_hex(READ("cr0"), value, "CR0 after clts");
    expect_no_fault(WRITE("cr0", value | CR0_TS), "CR0 with TS again");
    expect_fault(TRY("fnop", ::: "memory"), X_NM, 0, "fnop with TS");
    expect_hex(READ("cr0"), value, "CR0 in the handler and after");
    expect_fault(WRITE("cr0", value | CR0_EM), X_GP, 0, "CR0 with EM");
    expect_fault(WRITE("cr0", 0), X_GP, 0, "CR0 of zero");
}

static void cr3(void)
{
    unsigned long table = cr3_of(mfn_of((void *)start_info->pt_base));

    expect_hex(READ("cr3"), table, "CR3");
    expect_no_fault(WRITE("cr3", table), "CR3 as it is");
    cr3_low_bits(table);
    expect_hex(READ("cr3"), table, "CR3 then");
    expect_fault(WRITE("cr3", cr3_of(NO_MEMORY)), X_GP, 0, "a table that is no memory");
    expect_fault(WRITE("cr3", cr3_of(mfn_of(page_new()))), X_GP, 0,
                 "a table that is mapped writable");
}

static void user_rdtsc(void)
{
    __asm__ volatile("rdtsc" ::: "ax", "dx");
}

static void cr4(void)
{
    unsigned long before = READ("cr4");

    expect_hex(before & ~CR4_CHOICE, CR4_FIXED, "CR4");
    expect_no_fault(WRITE("cr4", ~0ul), "CR4 of ones");
    expect_hex(READ("cr4") & ~CR4_CHOICE, CR4_FIXED, "CR4 then: what is fixed");
    expect_hex(READ("cr4") & (CR4_TSD | CR4_DE), CR4_TSD | CR4_DE, "CR4 then: TSD and DE");
    expect_no_fault(TRY("rdtsc", ::: "ax", "dx", "memory"), "rdtsc in the kernel with TSD");
    expect((long)user_run(user_rdtsc).vector, X_GP, "rdtsc in a program with TSD: vector");
    expect_fault(TRY("mov %%db4, " R(ax), ::: "ax", "memory"), X_UD, 0, "DR4 with DE");
    expect_no_fault(WRITE("cr4", 0), "CR4 of zero");
    expect_hex(READ("cr4"), CR4_FIXED, "CR4 then");
    expect_no_fault(TRY("mov %%db4, " R(ax), ::: "ax", "memory"), "DR4 without DE");
    expect_true(user_run(user_rdtsc).vector != X_GP, "rdtsc in a program without TSD");
    expect_no_fault(WRITE("cr4", before), "CR4 as it was");
}

static void user_read(void)
{
    __asm__ volatile("mov %%cr0, " R(ax)::: "ax");
}

void test_main(void)
{
    cr0();
    expect_no_fault(WRITE("cr2", ADDRESS), "CR2");
    expect_hex(READ("cr2"), ADDRESS, "CR2 read");
    expect_hex(shared_info->vcpu_info[0].arch.cr2, ADDRESS, "CR2 in vcpu_info");
    cr3();
    cr4();
    cr8();
    expect((long)user_run(user_read).vector, X_GP, "reading CR0 in a program: vector");
}
