/* SPDX-License-Identifier: MIT */
/*
 * Claim: an iret inside a multicall goes where its frame says, and the calls behind it are not
 *     made.
 * Rule: invariants C4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/multicall-iret/multicall.h"
#include "tests/guests/support/support.h"

#define UNTOUCHED 0x7777

struct multicall_entry calls[3];

void in_user_mode(void)
{
    __asm__ volatile("mov $0x1234, %eax; " USER_CALL);
}

void test_main(void)
{
    struct frame start = code_frame((const void *)in_kernel_mode, false);

    calls[0] = (struct multicall_entry){ .op = __HYPERVISOR_xen_version, .result = UNTOUCHED };
    calls[1] = (struct multicall_entry){ .op = __HYPERVISOR_iret, .result = UNTOUCHED };
    calls[2] = (struct multicall_entry){ .op = __HYPERVISOR_xen_version, .result = UNTOUCHED };
    user_sees_kernel();
    start.flags = 0; /* no events */
    start.sp = (unsigned long)page_new() + PAGE_SIZE - sizeof(long);
    fault.vector = 0;
    frame_enter(&start);
    events_mask();

    expect((long)fault.vector, VECTOR_SYSCALL, "user mode was reached and left by SYSCALL: entry");
    expect_true(calls[0].result != UNTOUCHED, "the call before it has a result");
    expect((long)calls[2].result, UNTOUCHED, "result of the call behind it");
}
