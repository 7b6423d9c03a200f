/* SPDX-License-Identifier: MIT */
/*
 * Claim: SCHEDOP_shutdown with SHUTDOWN_crash ends the domain as crashed.
 * Rule: abi/shutdown.def
 * Runs on: xen-lite, xen
 * Ends: crash
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    shut_down(SHUTDOWN_crash);
}
