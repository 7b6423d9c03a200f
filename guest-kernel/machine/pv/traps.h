/* SPDX-License-Identifier: MIT */
/* Entries of the trap table, for traps.c and what is added to it at one width. */
#ifndef GUEST_KERNEL_PV_TRAPS_H
#define GUEST_KERNEL_PV_TRAPS_H

#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"
#include "machine/vectors.h"

#define TRAP_MASK_EVENTS 4
#define TRAP_FROM_USER   3

static inline struct trap_info gate_to(unsigned vector, unsigned ring, const char *entry)
{
    return (struct trap_info){ .vector = (uint8_t)vector,
                               .flags = (uint8_t)(TRAP_MASK_EVENTS | ring),
                               .cs = FLAT_KERNEL_CS,
                               .address = (unsigned long)entry };
}

extern char pv_entries[], pv_entry_event[], pv_entry_system_call[], pv_entry_failsafe[];

#endif
