/* SPDX-License-Identifier: MIT */
/*
 * 64-bit guests: kernel and programs both in ring 3, each with a four-level table of its own.
 */
#include "pv/width.h"

#include "abi/layout.h"

const struct pv_width pv_width_64 = {
    .guest = { .bits = 64, .bytes = 8 },
    .name = "64-bit",
    .kernel_ring = 3,
    .kernel_cs = FLAT_RING3_CS64,
    .kernel_ss = FLAT_RING3_SS64,
    .user_cs = FLAT_RING3_CS64,
    .user_ss = FLAT_RING3_SS64,
    .root_level = 4,
};
