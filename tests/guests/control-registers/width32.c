/* SPDX-License-Identifier: MIT */
/* CR3 holds a frame rotated, all bits of it; see pae-cr3. */
#include "tests/guests/control-registers/control.h"

/* No flags: they name another frame. */
void cr3_low_bits(unsigned long table)
{
    expect_fault(WRITE("cr3", table | 0x18), X_GP, 0, "CR3 with cache bits");
}

/* Without REX it is named by a LOCK prefix, on processors that have that. */
void cr8(void)
{
    struct fault f = TRY(".byte 0xf0, 0x0f, 0x20, 0xc0", ::: "eax", "memory");

    expect_true(f.happened && (f.vector == X_GP || f.vector == X_UD), "CR8 faults (%u)", f.vector);
}
