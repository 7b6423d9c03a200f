/* SPDX-License-Identifier: MIT */
/*
 * Claim: a page fault's handler where nothing is mapped faults until the stack is used up, which
 *     ends the domain; the report says whose fault it was.
 * Rule: TRAP-3
 * Runs on: xen-lite, xen
 * Ends: crash, "TRAP-3: #PF", "it is its own handler's first instruction that faults"
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    struct trap_info table[2] = {
        { .vector = 14, .cs = FLAT_KERNEL_CS, .address = UNMAPPED_ADDRESS },
    };

    expect(CALL(set_trap_table, table), 0, "a handler where nothing is mapped");
    *(volatile unsigned char *)UNMAPPED_ADDRESS;
    failure("the guest went on after an exception without a handler");
}
