/* SPDX-License-Identifier: MIT */
/*
 * Claim: calls that control the machine or other domains are refused to a domain without privilege,
 *     whatever the arguments.
 * Rule: PRIV-1, HCALL-9, SCHED-6; invariants C5
 * Runs on: xen-lite
 * Ends: poweroff
 *
 * Not on the real Xen: there the test is the initial domain, which has every privilege.
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    struct sched_remote_shutdown remote = { .domain_id = 2, .reason = SHUTDOWN_crash };
    struct evtchn_alloc_unbound alloc = { .dom = 2, .remote_dom = DOMID_SELF };
    domid_t other = 2;
    long result;

    for (unsigned operation = 0; operation < 90; operation++) {
        result = CALL(domctl, operation, UNMAPPED_ADDRESS, 0);
        expect_true(result == -XEN_EPERM || result == -XEN_ENOSYS || result == -XEN_EFAULT,
                    "domctl %u is refused (%ld)", operation, result);
        result = CALL(sysctl, operation, UNMAPPED_ADDRESS, 0);
        expect_true(result == -XEN_EPERM || result == -XEN_ENOSYS || result == -XEN_EFAULT,
                    "sysctl %u is refused (%ld)", operation, result);
        result = CALL(platform_op, operation, UNMAPPED_ADDRESS, 0);
        expect_true(result == -XEN_EPERM || result == -XEN_ENOSYS || result == -XEN_EFAULT,
                    "platform_op %u is refused (%ld)", operation, result);
    }
    expect_true(CALL(sched_op, SCHEDOP_remote_shutdown, &remote) < 0, "shutting down another");
    expect_true(event_op(EVTCHNOP_alloc_unbound, &alloc) < 0, "a port for another");
    expect_true(CALL(memory_op, XENMEM_current_reservation, &other) < 0, "another's memory");
}
