/* SPDX-License-Identifier: MIT */
/*
 * Claim: the reason that a kernel has stored by SCHEDOP_shutdown_code is how its domain ends, also
 *     if it crashes afterwards, or has stored another one. That is no error, and changes nothing.
 * Rule: HCALL-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

/* Whatever it prints in the end, no result may be wrong. */
static void store(const struct sched_shutdown *reason, long wanted, const char *what)
{
    long result = CALL(sched_op, SCHEDOP_shutdown_code, reason);

    if (result != wanted)
        failure("%s: %ld", what, result);
}

void test_main(void)
{
    struct sched_shutdown off = { .reason = 0xffffff00 | SHUTDOWN_poweroff };
    struct sched_shutdown crash = { .reason = SHUTDOWN_crash };

    store((void *)UNMAPPED_ADDRESS, -XEN_EFAULT, "from nowhere");
    store(&off, 0, "poweroff, of which the low byte counts");
    store(&crash, 0, "crash");
    store((void *)UNMAPPED_ADDRESS, -XEN_EFAULT, "from nowhere again");
    /* The last words: what comes now is a crash by any other measure. */
    print("verdict: success\n");
    CALL(set_trap_table, NULL);
    __asm__ volatile("ud2");
    failure("an exception without a handler");
}
