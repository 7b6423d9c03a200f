/* SPDX-License-Identifier: MIT */
/*
 * Claim: an event while the kernel's stack pointer names the hypervisor's memory ends the domain;
 *     nothing is written there.
 * Rule: TRAP-3
 * Runs on: xen-lite, xen
 * Ends: crash, "TRAP-3: event upcall"
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };

    if (event_op(EVTCHNOP_bind_ipi, &ipi) != 0)
        error("no IPI");
    event_unmask_locally(ipi.port);
    event_send(ipi.port);
    WRITE_ONCE(shared_info->vcpu_info[0].evtchn_upcall_mask, 0);

    /* The event arrives as this hypercall returns. */
    __asm__ volatile("mov %0, " R(sp) "; " KERNEL_CALL
                     :
                     : "r"(HYPERVISOR_ADDRESS), "a"(__HYPERVISOR_xen_version), "D"(0), "S"(0)
                     : USER_CALL_CLOBBERS);
    __builtin_unreachable();
}
