/* SPDX-License-Identifier: MIT */
/*
 * Claim: an exception in a kernel without a handler for it ends the domain.
 * Rule: TRAP-2
 * Runs on: xen-lite, xen
 * Ends: crash, "TRAP-2: #UD", "  Register one with set_trap_table before anything can fault."
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    expect(CALL(set_trap_table, NULL), 0, "remove all handlers");
    __asm__ volatile("ud2");
    failure("the guest went on after an exception without a handler");
}
