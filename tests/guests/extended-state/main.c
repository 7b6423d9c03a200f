/* SPDX-License-Identifier: MIT */
/*
 * Claim: XCR0 begins with x87 and SSE; once CR4.OSXSAVE is set XSETBV takes what CPUID allows and
 *     the CPU would take, and the guest reads back what it wrote. Anything else is a general
 *     protection fault.
 * Rule: CPU-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define OSXSAVE     (1u << 27)
#define CR4_OSXSAVE (1ul << 18)
#define X87         1ul
#define SSE         2ul
#define AVX         4ul

static void cpuid(uint32_t leaf, uint32_t subleaf, uint32_t r[4])
{
    __asm__ volatile(XEN_CPUID
                     : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3])
                     : "0"(leaf), "2"(subleaf));
}

static uint64_t read(void)
{
    uint32_t low, high;

    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static struct fault write(uint32_t index, uint64_t value)
{
    return TRY("xsetbv",
               :
               : "c"(index), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
               : "memory");
}

void test_main(void)
{
    uint32_t features[4], state[4];
    uint64_t allowed;

    cpuid(1, 0, features);
    if (!(features[2] & OSXSAVE))
        skip("the CPU has no XSAVE");
    cpuid(0xd, 0, state);
    allowed = (uint64_t)state[3] << 32 | state[0];
    expect_hex(allowed & (X87 | SSE), X87 | SSE, "CPUID allows x87 and SSE");
    expect_hex(read(), X87 | SSE, "XCR0 at the start");
    expect((long)state[1], 576, "the size of an XSAVE area then");

    expect_fault(write(0, X87), X_UD, 0, "XSETBV before CR4.OSXSAVE is set");
    expect_no_fault(TRY("mov %0, %%cr4", : : "r"(CR4_OSXSAVE) : "memory"), "set it");
    expect_no_fault(write(0, X87), "x87 alone");
    expect_hex(read(), X87, "XCR0 then");
    expect_no_fault(write(0, allowed), "all that is allowed");
    expect_hex(read(), allowed, "XCR0 then");
    cpuid(0xd, 0, state);
    expect_true(state[1] >= 576 && state[1] <= state[2], "the size of an XSAVE area then");

    expect_fault(write(0, 0), X_GP, 0, "nothing");
    expect_fault(write(0, SSE), X_GP, 0, "SSE without x87");
    expect_fault(write(0, X87 | AVX), X_GP, 0, "AVX without SSE");
    expect_fault(write(0, allowed | 1ull << 62), X_GP, 0, "a component that is not there");
    expect_fault(write(0, X87 | SSE | 1ul << 3), X_GP, 0, "half of MPX");
    expect_fault(write(1, X87), X_GP, 0, "XCR1");
    expect_hex(read(), allowed, "XCR0 at last");
}
