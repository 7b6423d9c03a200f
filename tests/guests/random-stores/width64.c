/* SPDX-License-Identifier: MIT */
/* Sixteen registers, eight of them by REX. */
#include "tests/guests/random-stores/instruction.h"

const uint8_t place_of[16] = {
    PLACE(ax), PLACE(cx), PLACE(dx),  PLACE(bx),  PLACE(sp),  PLACE(bp),  PLACE(si),  PLACE(di),
    PLACE(r8), PLACE(r9), PLACE(r10), PLACE(r11), PLACE(r12), PLACE(r13), PLACE(r14), PLACE(r15),
};
const unsigned registers = 16, not_sp = 12;

unsigned long upper_half(const struct frame *frame, uint64_t entry)
{
    (void)entry;
    return frame->ax >> 32;
}

void put_prefix_of_width(struct instruction *i, unsigned reg)
{
    uint8_t rex = (uint8_t)((i->size == 8 && i->form->operands != PAIR) << 3 | (reg & 8) >> 1 |
                            (i->base & 8) >> 3);

    if (i->index < 16)
        rex |= (i->index & 8) >> 2;
    if (i->form->operands == STRING)
        rex &= 8;
    if (rex != 0 || below(4) == 0)
        put(i, 0x40 | rex, 1);
}
