/* SPDX-License-Identifier: MIT */
/*
 * Claim: what the CPU would not take as an instruction is an invalid opcode for the guest, also
 *     among those that are emulated: a LOCK prefix where there is none, a debug register beyond 7,
 *     XSETBV of a program before the kernel has set CR4.OSXSAVE.
 * Rule: none
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define CR4_OSXSAVE (1ul << 18)
#define OSXSAVE     (1u << 27)

/* Instructions that an assembler refuses. */
#define LOCK ".byte 0xf0\n"

static void user_lock(void)
{
    __asm__ volatile(LOCK "rdmsr" ::: "rax", "rdx");
}

static void user_xsetbv(void)
{
    __asm__ volatile("xsetbv" ::"a"(1), "c"(0), "d"(0));
}

static void locked(void)
{
    expect_fault(TRY(LOCK "clts", ::: "memory"), X_UD, 0, "lock clts");
    expect_fault(TRY(LOCK "rdmsr", : : "c"(0x10) : "rax", "rdx", "memory"), X_UD, 0, "lock rdmsr");
    expect_fault(TRY(LOCK "mov %%cr0, " R(ax), ::: "ax", "memory"), X_UD, 0, "lock mov from CR0");
    expect_fault(TRY(LOCK "insb", : : "D"(page_new()) : "memory"), X_UD, 0, "lock insb");
    expect((long)user_run(user_lock).vector, X_UD, "lock rdmsr in a program: vector");
}

static void debug_registers(void)
{
    expect_fault(TRY(".byte 0x44, 0x0f, 0x21, 0xc0", ::: "rax", "memory"), X_UD, 0, "mov from DR8");
    expect_fault(TRY(".byte 0x44, 0x0f, 0x23, 0xf8", ::: "rax", "memory"), X_UD, 0, "mov to DR15");
}

void test_main(void)
{
    uint32_t a = 1, b, c = 0, d;

    locked();
    if (WORD_BITS == 64) /* the prefix that makes them of others */
        debug_registers();
    __asm__ volatile(XEN_CPUID : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (!(c & OSXSAVE))
        return;
    expect((long)user_run(user_xsetbv).vector, X_UD, "XSETBV in a program: vector");
    expect_no_fault(TRY("mov %0, %%cr4", : : "r"(CR4_OSXSAVE) : "memory"), "set CR4.OSXSAVE");
    expect((long)user_run(user_xsetbv).vector, X_GP, "XSETBV in a program then: vector");
}
