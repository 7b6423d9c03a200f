/* SPDX-License-Identifier: MIT */
/*
 * Claim: going to user mode without page tables for it ends the domain.
 * Rule: TRAP-7
 * Runs on: xen-lite, xen
 * Ends: crash, "TRAP-7: iret to user mode, but there are no user page tables: rip ", "cs e033",
 *     "  Call MMUEXT_NEW_USER_BASEPTR first; "
 * Widths: pv64, because user mode has tables of its own only there
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    struct frame frame = { .ip = (unsigned long)hypercall_page,
                           .cs = FLAT_USER_CS,
                           .flags = 0x200,
                           .sp = (unsigned long)user_stack_end,
                           .ss = FLAT_USER_SS };

    frame_enter(&frame);
    failure("the guest has been in user mode without page tables");
}
