/* SPDX-License-Identifier: MIT */
/*
 * Claim: a system call from user mode while stack_switch's stack names no memory ends the domain.
 * Rule: TRAP-3
 * Runs on: xen-lite, xen
 * Ends: crash, "TRAP-3"
 */
#include "tests/guests/support/support.h"

static void do_syscall(void)
{
    __asm__ volatile(USER_CALL);
}

void test_main(void)
{
    expect(CALL(stack_switch, FLAT_KERNEL_SS, UNMAPPED_ADDRESS), 0, "stack_switch");
    user_run(do_syscall);
    failure("the guest went on without a kernel stack");
}
