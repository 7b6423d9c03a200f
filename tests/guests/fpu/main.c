/* SPDX-License-Identifier: MIT */
/*
 * Claim: fpu_taskswitch sets and clears TS, with which the next FPU instruction is a "device not
 *     available" exception; SSE registers keep their contents across hypercalls and sleeps.
 * Rule: abi/hypercalls.def, fpu_taskswitch
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    struct sched_poll sleep = { .timeout = system_time() + 10000000 };
    uint64_t in = 0x1122334455667788, out = 0;

    expect(CALL(fpu_taskswitch, 1), 0, "set TS");
    expect_fault(TRY("fnop", ::: "memory"), X_NM, 0, "an FPU instruction with TS");
    expect_no_fault(TRY("fnop", ::: "memory"), "the next one: the exception has cleared TS,");
    expect(CALL(fpu_taskswitch, 1), 0, "set TS");
    expect(CALL(fpu_taskswitch, 0), 0, "clear TS");
    expect_no_fault(TRY("fnop", ::: "memory"), "an FPU instruction without TS");

    __asm__ volatile("movq %0, %%xmm7" : : "r"(in));
    CALL(sched_op, SCHEDOP_yield);
    CALL(sched_op, SCHEDOP_poll, &sleep);
    __asm__ volatile("movq %%xmm7, %0" : "=r"(out));
    expect_hex(out, in, "xmm7 after a sleep");
}
