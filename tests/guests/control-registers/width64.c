/* SPDX-License-Identifier: MIT */
/* CR3 holds a frame as it is, with flags in the low bits; there is a CR8. */
#include "tests/guests/control-registers/control.h"

void cr3_low_bits(unsigned long table)
{
    expect_no_fault(WRITE("cr3", table | 0x18), "CR3 with cache bits");
}

void cr8(void)
{
    expect_fault(TRY("mov %%cr8, %%rax", ::: "rax", "memory"), X_GP, 0, "CR8");
}
