/* SPDX-License-Identifier: MIT */
/*
 * Claim: an exception in the kernel while its stack pointer names no memory ends the domain.
 * Rule: TRAP-3
 * Runs on: xen-lite, xen
 * Ends: crash, "TRAP-3: #BP"
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    __asm__ volatile("mov %0, " R(sp) "; int3" : : "r"(UNMAPPED_ADDRESS) : "memory");
    __builtin_unreachable();
}
