/* SPDX-License-Identifier: MIT */
/*
 * Claim: an iret hypercall whose frame cannot be read ends the domain.
 * Rule: TRAP-4
 * Runs on: xen-lite, xen
 * Ends: crash, "TRAP-4"
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    __asm__ volatile("mov %0, " R(sp) "; " KERNEL_CALL
                     :
                     : "r"(UNMAPPED_ADDRESS), "a"(__HYPERVISOR_iret)
                     : USER_CALL_CLOBBERS);
    __builtin_unreachable();
}
