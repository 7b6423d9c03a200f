/* SPDX-License-Identifier: MIT */
/*
 * Claim: a vCPU begins with the debug registers of its context, without the values that
 *     set_debugreg would have refused.
 * Rule: DESC-9, DESC-12
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --vcpus 2
 */
#include "tests/guests/support/support.h"

#define DR7_LOCAL0   0x1ul
#define DR7_FIXED    0x400ul
#define DR7_WRITE0_4 0xd0000ul

static struct vcpu_guest_context context;
static uint32_t watched;
static uint64_t found[8];
static unsigned hits, done;

static void count(struct frame *frame)
{
    if (frame->vector == X_DB)
        hits++;
}

static void second(unsigned long unused)
{
    (void)unused;
    for (unsigned n = 0; n < COUNT(found); n++)
        found[n] = (unsigned long)CALL(get_debugreg, n);
    WRITE_ONCE(watched, 1);
    WRITE_ONCE(done, 1);
    for (;;)
        CALL(vcpu_op, VCPUOP_down, 1);
}

void test_main(void)
{
    trap_hook = count;
    vcpu_context(&context, second, 0);
    context.debugreg[0] = (unsigned long)&watched;
    context.debugreg[1] = HYPERVISOR_ADDRESS;
    context.debugreg[2] = 0x123456;
    context.debugreg[6] = WORD_BITS == 64 ? (uint64_t)1 << 40 : 0;
    context.debugreg[7] = DR7_LOCAL0 | DR7_WRITE0_4;
    expect(CALL(vcpu_op, VCPUOP_initialise, 1, &context), 0, "initialise vCPU 1");
    expect(CALL(vcpu_op, VCPUOP_up, 1), 0, "start it");
    expect_true(wait_for(&done), "it runs");

    expect_hex(found[0], (unsigned long)&watched, "DR0");
    expect_hex(found[1], WORD_BITS == 64 ? 0 : HYPERVISOR_ADDRESS,
               "DR1, which was an address of the hypervisor, or no reach of it");
    expect_hex(found[2], 0x123456, "DR2");
    expect_hex(found[6], 0xffff0ff0, "DR6, which had an upper bit");
    expect_hex(found[7], DR7_FIXED | DR7_LOCAL0 | DR7_WRITE0_4, "DR7");
    expect((long)hits, 1, "breakpoints that were met");
}
