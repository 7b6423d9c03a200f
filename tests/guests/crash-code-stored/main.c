/* SPDX-License-Identifier: MIT */
/*
 * Claim: the reason that a kernel has stored by SCHEDOP_shutdown_code is how its domain ends, also
 *     if it crashes afterwards. It can be stored once.
 * Rule: SCHED-7
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    struct sched_shutdown off = { .reason = SHUTDOWN_poweroff };
    struct sched_shutdown crash = { .reason = SHUTDOWN_crash };

    expect(CALL(sched_op, SCHEDOP_shutdown_code, UNMAPPED_ADDRESS), -XEN_EFAULT, "from nowhere");
    expect(CALL(sched_op, SCHEDOP_shutdown_code, &off), 0, "store poweroff");
    expect(CALL(sched_op, SCHEDOP_shutdown_code, &crash), -XEN_EINVAL, "store crash");
    expect(CALL(sched_op, SCHEDOP_shutdown_code, &off), -XEN_EINVAL, "store poweroff again");
    /* The last words: what comes now is a crash by any other measure. */
    print("verdict: success\n");
    CALL(set_trap_table, NULL);
    __asm__ volatile("ud2");
    failure("an exception without a handler");
}
