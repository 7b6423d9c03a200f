/* SPDX-License-Identifier: MIT */
/*
 * Claim: SGDT, SIDT, SLDT, STR and SMSW can be executed by kernel and programs alike, whether or
 *     not the CPU has UMIP.
 * Rule: none
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

/* TS may be on at any time: the real Xen switches the FPU when it is used. */
#define CR0_LOW 0xfff7

static uint8_t memory[16];
static unsigned long user_result;

static void user(void)
{
    __asm__ volatile("smsw %0" : "=r"(user_result));
    __asm__ volatile("sgdt %0" : "=m"(memory));
    __asm__ volatile("sidt %0" : "=m"(memory));
    __asm__ volatile("sldt " R(ax) "; str " R(ax)::: "ax");
    __asm__ volatile(USER_CALL::: USER_CALL_CLOBBERS);
}

static void across_pages(void)
{
    uint8_t *page = page_new(), *next = page_new();
    struct fault f;

    if (next != page + PAGE_SIZE)
        error("two pages are not side by side");
    set_writable(next, false);
    f = TRY("sgdt (%0)", : : "r"(next - 4) : "memory");
    expect_fault(f, X_PF, PF_WRITE | PF_PRESENT, "sgdt across into a read-only page");
    expect_hex(f.address, (unsigned long)next, "the address of the fault");
}

void test_main(void)
{
    unsigned long value = 0;

    expect_no_fault(TRY("smsw %0", : "=r"(value)::"memory"), "smsw to a register");
    expect_hex(value & CR0_LOW, 0x33, "it gives CR0");
    memset(memory, 0x5a, sizeof(memory));
    expect_no_fault(TRY("smsw %0", : "=m"(memory)::"memory"), "smsw to memory");
    expect(memory[0] & CR0_LOW, 0x33, "it stores CR0");
    expect(memory[2], 0x5a, "it stores two bytes");
    expect_no_fault(TRY("sgdt %0", : "=m"(memory)::"memory"), "sgdt");
    expect_no_fault(TRY("sidt %0", : "=m"(memory)::"memory"), "sidt");
    expect(memory[2 + sizeof(long)], 0x5a, "it stores a limit and an address");
    expect_no_fault(TRY("sldt %0", : "=r"(value)::"memory"), "sldt");
    expect_hex(value, 0, "there is no LDT");
    expect_no_fault(TRY("str %0", : "=r"(value)::"memory"), "str");
    expect_fault(TRY("smsw (%0)",
                     :
                     : "r"(UNMAPPED_ADDRESS)
                     : "memory"),
                 X_PF, PF_WRITE, "smsw to memory that is not there");
    expect_fault(TRY("sgdt (%0)",
                     :
                     : "r"(MACH2PHYS_VIRT_START)
                     : "memory"),
                 X_PF, PF_WRITE | PF_PRESENT, "sgdt to memory of the hypervisor");
    if (WORD_BITS == 64)
        expect_fault(TRY("sgdt (%0)",
                         :
                         : "r"(NONCANONICAL_ADDRESS)
                         : "memory"),
                     X_GP, 0, "sgdt to an address that is none");
    across_pages();
    expect_true(user_run(user).vector == VECTOR_SYSCALL, "a program executes them all");
    expect_hex(user_result & CR0_LOW, 0x33, "smsw in a program");
}
