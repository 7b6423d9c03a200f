/* SPDX-License-Identifier: MIT */
/*
 * Claim: fpu_taskswitch sets and clears TS, with which the next FPU instruction is a "device not
 *     available" exception; SSE registers keep their contents across hypercalls and sleeps, and so
 *     does an x87 error that no instruction has reported yet.
 * Rule: abi/hypercalls.def, fpu_taskswitch
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

/* The vCPU leaves its CPU with the error pending, which the next instruction that waits reports. */
static void pending_error(void)
{
    const uint16_t all_but_zero_divide = 0x37b;
    struct sched_poll sleep = { .timeout = system_time() + 10000000 };

    __asm__ volatile("fninit; fldcw %0; fld1; fldz; fdivrp" ::"m"(all_but_zero_divide));
    expect(CALL(sched_op, SCHEDOP_poll, &sleep), 0, "sleep with an x87 error pending");
    expect_fault(TRY("fwait", ::: "memory"), X_MF, 0, "the error after the sleep");
    __asm__ volatile("fninit");
    expect_no_fault(TRY("fwait", ::: "memory"), "no error any more");
}

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

    __asm__ volatile("movq %0, %%xmm7" : : "m"(in));
    CALL(sched_op, SCHEDOP_yield);
    CALL(sched_op, SCHEDOP_poll, &sleep);
    __asm__ volatile("movq %%xmm7, %0" : "=m"(out));
    expect_hex(out, in, "xmm7 after a sleep");
    pending_error();
}
