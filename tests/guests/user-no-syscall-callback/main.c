/* SPDX-License-Identifier: MIT */
/*
 * Claim: SYSCALL from user mode in a guest without a callback for it is an invalid opcode there.
 * Rule: TRAP-12
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv64, because 32-bit guests have no such callback
 */
#include "tests/guests/support/support.h"

static void do_syscall(void)
{
    __asm__ volatile("lea 0f(%rip), %rdx\n0: syscall");
}

void test_main(void)
{
    struct frame frame;

    expect(CALL(set_callbacks, event_entry, failsafe_entry, 0), 0, "set_callbacks without it");
    frame = user_run(do_syscall);
    expect((long)frame.vector, X_UD, "vector");
    expect_hex(frame.ip, frame.dx, "rip: at the instruction");
    expect(CALL(set_callbacks, event_entry, failsafe_entry, syscall_entry), 0, "set_callbacks");
    frame = user_run(do_syscall);
    expect((long)frame.vector, VECTOR_SYSCALL, "entry with the callback");
}
