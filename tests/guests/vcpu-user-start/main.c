/* SPDX-License-Identifier: MIT */
/*
 * Claim: VCPUOP_initialise refuses a context that begins in user mode without user page tables, and
 *     one with a handler at an address that is not canonical; the vCPU can be initialised
 *     afterwards.
 * Rule: TRAP-1, VCPU-4; invariants C4, D1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 * Widths: pv64, because user mode has tables of its own only there
 */
#include "tests/guests/support/support.h"

static struct vcpu_guest_context context;
static volatile unsigned runs;

static void second(unsigned long argument)
{
    (void)argument;
    runs = 1;
    for (;;)
        CALL(sched_op, SCHEDOP_yield);
}

static long initialise(void)
{
    return CALL(vcpu_op, VCPUOP_initialise, 1, &context);
}

void test_main(void)
{
    vcpu_context(&context, second, 0);
    context.flags = 0;
    expect(initialise(), -XEN_EINVAL, "user mode without user tables");
    CALL(vcpu_op, VCPUOP_up, 1);

    vcpu_context(&context, second, 0);
    context.trap_ctxt[X_UD].address = NONCANONICAL_ADDRESS;
    expect(initialise(), -XEN_EINVAL, "a handler that is not canonical");

    vcpu_context(&context, second, 0);
    expect(initialise(), 0, "a good context");
    expect(CALL(vcpu_op, VCPUOP_up, 1), 0, "up");
    expect_true(wait_for(&runs), "it runs");
}
