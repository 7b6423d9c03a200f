/* SPDX-License-Identifier: MIT */
/* Entries of the trap table, for traps.c and what is added to it at one width. */
#ifndef GUEST_KERNEL_PV_TRAPS_H
#define GUEST_KERNEL_PV_TRAPS_H

#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"

#define TRAP_MASK_EVENTS 4
#define TRAP_FROM_USER   3

#define GATE(number, extra, entry)                                                     \
    {                                                                                  \
        .vector = (number), .flags = TRAP_MASK_EVENTS | (extra), .cs = FLAT_KERNEL_CS, \
        .address = (unsigned long)(entry)                                              \
    }

extern char pv_entry_event[], pv_entry_system_call[], pv_entry_failsafe[];

#endif
