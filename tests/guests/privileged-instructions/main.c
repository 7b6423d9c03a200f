/* SPDX-License-Identifier: MIT */
/*
 * Claim: instructions that only ring 0 may use are general protection faults for the guest's
 *     kernel, or are emulated where the ABI says so; none ends the domain or does something.
 * Rule: CPU-1, CPU-2, CPU-3, CPU-4, IO-5
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define CR0_TS 0x8
#define CR0_PG 0x80000000

#define REFUSED(instruction) expect_fault(TRY(instruction, ::: "memory"), X_GP, 0, instruction);

static void refused(void)
{
    expect_fault(TRY("hlt", ::: "memory"), X_GP, 0, "hlt");
    expect_fault(TRY("lgdt (%0)", : : "r"(page_new()) : "memory"), X_GP, 0, "lgdt");
    expect_fault(TRY("lidt (%0)", : : "r"(page_new()) : "memory"), X_GP, 0, "lidt");
    expect_fault(TRY("lldt %w0", : : "r"(0) : "memory"), X_GP, 0, "lldt");
    expect_fault(TRY("ltr %w0", : : "r"(0) : "memory"), X_GP, 0, "ltr");
    FOR_RING0_OF_WIDTH(REFUSED)
    expect_fault(TRY("invlpg (%0)", : : "r"(page_new()) : "memory"), X_GP, 0, "invlpg");
    expect_fault(TRY("invd", ::: "memory"), X_GP, 0, "invd");
    expect_fault(TRY("lmsw %w0", : : "r"(0) : "memory"), X_GP, 0, "lmsw");
    expect_fault(TRY("rdpmc", : : "c"(0) : "rax", "rdx", "memory"), X_GP, 0, "rdpmc");
    expect_fault(TRY("rdmsr",
                     :
                     : "c"(0x12345678)
                     : "rax", "rdx", "memory"),
                 X_GP, 0, "an MSR that is not there");
    expect_fault(TRY("wrmsr",
                     :
                     : "c"(0x12345678), "a"(0), "d"(0)
                     : "memory"),
                 X_GP, 0, "a write to an MSR that is not there");
}

static void emulated(void)
{
    unsigned long value = 0, cr3 = 0;

    expect_no_fault(TRY("mov %%cr0, %0", : "=r"(value)::"memory"), "mov from cr0");
    expect_true(value & CR0_PG, "CR0 has PG");
    expect_no_fault(TRY("mov %%cr3, %0", : "=r"(cr3)::"memory"), "mov from cr3");
    expect_hex(cr3 / PAGE_SIZE, mfn_of((void *)start_info->pt_base), "CR3 names the L4's frame");
    expect_no_fault(TRY("mov %%cr4, %0", : "=r"(value)::"memory"), "mov from cr4");
    expect_no_fault(TRY("clts", ::: "memory"), "clts");
    expect_no_fault(TRY("rdmsr", : "=a"(value) : "c"(0xc0000080) : "rdx", "memory"), "read EFER");
    expect_true(value & 1, "EFER has SCE");
    expect_no_fault(TRY("rdtsc", ::: "rax", "rdx", "memory"), "rdtsc");
    expect_no_fault(TRY("wbinvd", ::: "memory"), "wbinvd");
    expect_no_fault(TRY("mov %0, %%cr4", : : "r"(value) : "memory"), "mov to cr4");
}

static void flags_stay(void)
{
    struct physdev_set_iopl iopl = { .iopl = 1 };
    unsigned long before, after;

    expect_fault(TRY("cli", ::: "memory"), X_GP, 0, "cli");
    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &iopl), 0, "set_iopl 1");
    expect_no_fault(TRY("cli", ::: "memory"), "cli with I/O privilege");
    expect_no_fault(TRY("sti", ::: "memory"), "sti with I/O privilege");

    __asm__ volatile("pushf; pop %0" : "=r"(before)::"memory");
    expect_hex(before & 0x3200, 0x200, "IF is on and the real IOPL is 0");
    __asm__ volatile("push $0x3002; popf; pushf; pop %0" : "=r"(after)::"memory", "cc");
    expect_hex(after & 0x3200, before & 0x3200, "popf changes neither IF nor IOPL");
}

void test_main(void)
{
    refused();
    emulated();
    flags_stay();
}
