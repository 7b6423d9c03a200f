/* SPDX-License-Identifier: MIT */
/*
 * The segments of 32-bit code, for instructions that are done on a guest's behalf. In 64-bit code
 * all but FS and GS are flat, and nobody asks here.
 */
#ifndef XEN_LITE_PV_SEGMENT_H
#define XEN_LITE_PV_SEGMENT_H

#include "abi/layout.h"
#include "core/decode.h"
#include "core/descriptor.h"
#include "x86/regs.h"

/* The flat code of a 32-bit guest, where nearly all of it runs. At these selectors its tables have
 * the hypervisor's own descriptors, and those of a 64-bit guest no code: so they need not be read.
 */
static inline bool segment_is_flat_code(uint16_t cs)
{
    return cs == FLAT_RING1_CS || cs == FLAT_RING3_CS_32;
}

/* What a selector names in the tables of the current vCPU. False: no code or data segment. */
bool segment_of_selector(uint16_t selector, struct segment_view *s);

/* A segment register of the current vCPU, as its tables have the segment now: the CPU may know an
 * older one, but does not show it. False: there is none. */
bool segment_get(const struct regs *regs, enum segment which, struct segment_view *s);

/* The same for CS. False also for 16-bit code, which is not emulated. */
bool segment_get_code(const struct regs *regs, struct segment_view *s);

#endif
