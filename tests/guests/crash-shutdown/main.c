/* SPDX-License-Identifier: MIT */
/*
 * Claim: SCHEDOP_shutdown with SHUTDOWN_crash ends the domain as crashed, in the old form of the
 *     call, too, which takes the reason itself and not its address.
 * Rule: abi/shutdown.def
 * Runs on: xen-lite, xen
 * Ends: crash, "SHUTDOWN_crash"
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    CALL(sched_op_compat, SCHEDOP_shutdown, SHUTDOWN_crash);
    failure("the old form of shutdown returned");
}
