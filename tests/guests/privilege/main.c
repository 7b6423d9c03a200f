/* SPDX-License-Identifier: MIT */
/*
 * Claim: calls that control the machine or other domains are refused to a domain without privilege,
 *     whatever the arguments.
 * Rule: PRIV-1, HCALL-7, HCALL-9, EVT-3, EVT-4, SCHED-6; invariants C5
 * Runs on: xen-lite, xen-domu
 * Ends: poweroff
 *
 * Not as the real Xen's initial domain, which has every privilege.
 */
#include "tests/guests/support/support.h"

/* The only one who can bind a port that waits for DOMID_SELF. */
static domid_t self(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    struct evtchn_status status = { .dom = DOMID_SELF };

    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), 0, "a port for oneself");
    status.port = alloc.port;
    expect(event_op(EVTCHNOP_status, &status), 0, "its status");
    return status.u.unbound.dom;
}

void test_main(void)
{
    /* Any but its own; on the real Xen domain 0 is there. */
    struct sched_remote_shutdown remote = { .domain_id = 0x100, .reason = SHUTDOWN_crash };
    struct evtchn_alloc_unbound alloc = { .dom = 0, .remote_dom = DOMID_SELF };
    struct evtchn_init_control control = { .vcpu = 0 };
    domid_t other = 0;
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
    expect(CALL(kexec_op, 0, UNMAPPED_ADDRESS), -XEN_EPERM, "a kernel for crash dumps");
    expect(CALL(hypfs_op, 0, UNMAPPED_ADDRESS), -XEN_EPERM, "the hypervisor's settings");
    expect(CALL(arch_0, UNMAPPED_ADDRESS), -XEN_EPERM, "machine-check reports");
    expect_true(CALL(sched_op, SCHEDOP_remote_shutdown, &remote) < 0, "shutting down another");
    remote.domain_id = self();
    expect(CALL(sched_op, SCHEDOP_remote_shutdown, &remote), -XEN_EPERM, "oneself in that way");
    expect(CALL(sched_op, SCHEDOP_pin_override, UNMAPPED_ADDRESS), -XEN_EPERM, "choosing a CPU");
    expect_true(event_op(EVTCHNOP_alloc_unbound, &alloc) < 0, "a port for another");
    expect(event_op(EVTCHNOP_init_control, &control), -XEN_EINVAL, "FIFO events in frame 0");
    expect_true(CALL(memory_op, XENMEM_current_reservation, &other) < 0, "another's memory");
}
