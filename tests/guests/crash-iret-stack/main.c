/* SPDX-License-Identifier: MIT */
/*
 * Claim: an iret hypercall whose frame cannot be read ends the domain.
 * Rule: TRAP-4
 * Runs on: xen-lite, xen
 * Ends: crash
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    __asm__ volatile("mov %0, %%rsp; syscall"
                     :
                     : "r"(UNMAPPED_ADDRESS), "a"(__HYPERVISOR_iret)
                     : "rcx", "r11", "memory");
    __builtin_unreachable();
}
