/* SPDX-License-Identifier: MIT */
/*
 * Types of frames: the rarer transitions, and the rules that forbid the others. See frame_type.h.
 */
#include "core/frame_type.h"

const char *frame_type_name(enum frame_type type)
{
    switch (type) {
    case FRAME_NONE: return "untyped";
    case FRAME_L1: return "L1 table";
    case FRAME_L2: return "L2 table";
    case FRAME_L3: return "L3 table";
    case FRAME_L4: return "L4 table";
    case FRAME_L2_LAST: return "last L2 table";
    case FRAME_WRITABLE: return "writable";
    case FRAME_DESCRIPTORS: return "descriptor page";
    }
    return "unknown";
}

/* Why a frame that is used as `have` cannot be used as `want`. */
static enum rule_id conflict(enum frame_type have, enum frame_type want)
{
    if (want == FRAME_WRITABLE)
        return have == FRAME_DESCRIPTORS ? RULE_MMU_8 : RULE_MMU_7;
    if (want == FRAME_DESCRIPTORS)
        return RULE_DESC_7;
    if (have == FRAME_WRITABLE)
        return RULE_MMU_10;
    if (!frame_type_is_table(have))
        return RULE_MMU_9;
    /* An Ln table where an L(n-1) is wanted: the entry of a linear page table. */
    if (frame_type_level(have) == frame_type_level(want) + 1)
        return RULE_MMU_11;
    return frame_type_level(have) == frame_type_level(want) ? RULE_MMU_37 : RULE_MMU_9;
}

enum rule_id frame_type_get_other(uint64_t old, enum frame_type want, uint64_t *new)
{
    enum frame_type have = frame_type_of(old);

    if ((old & FRAME_TYPE_COUNT) == 0) {
        *new = FRAME_TYPE_WORD(want) | 1;
        /* Any contents will do for writable memory. */
        if (want == FRAME_WRITABLE)
            *new |= FRAME_VALIDATED;
        return RULE_NONE;
    }
    if (have != want)
        return conflict(have, want);
    if (old & FRAME_PARTIAL) {
        *new = old & ~FRAME_PARTIAL;
        return RULE_NONE;
    }
    /* Full, or in the hands of somebody else, who holds a lock that the caller should have. */
    return RULE_MMU_30;
}
