/* SPDX-License-Identifier: MIT */
/* Eight registers, and whole entries by CMPXCHG8B alone. */
#include "tests/guests/random-stores/instruction.h"

const uint8_t place_of[8] = { PLACE(ax), PLACE(cx), PLACE(dx), PLACE(bx),
                              PLACE(sp), PLACE(bp), PLACE(si), PLACE(di) };
const unsigned registers = 8, not_sp = 3;

unsigned long upper_half(const struct frame *frame, uint64_t entry)
{
    (void)frame;
    return (unsigned long)(entry >> 32);
}

/* There is none. */
void put_prefix_of_width(struct instruction *i, unsigned reg)
{
    (void)i;
    (void)reg;
}
