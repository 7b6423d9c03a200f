/* SPDX-License-Identifier: MIT */
/* The entry points of a 32-bit kernel that are no exceptions: two callbacks, and the gate of
 * int 0x80, by which programs call. The CPU itself takes them through that gate to ring 1. */
#include "machine/pv/traps.h"

#define ENTRY(code)                                        \
    {                                                      \
        .cs = FLAT_KERNEL_CS, .eip = (unsigned long)(code) \
    }

long pv_entries_init(void)
{
    const struct trap_info gates[] = {
        gate_to(VECTOR_SYSTEM_CALL, TRAP_FROM_USER, pv_entry_system_call),
        { .address = 0 },
    };
    const struct callback_register callbacks[] = {
        { .type = CALLBACKTYPE_event, .address = ENTRY(pv_entry_event) },
        { .type = CALLBACKTYPE_failsafe, .address = ENTRY(pv_entry_failsafe) },
    };
    long result = hypercall_set_trap_table(gates); /* adds to what is there */

    for (unsigned i = 0; i < sizeof(callbacks) / sizeof(callbacks[0]); i++)
        result |= hypercall_callback(CALLBACKOP_register, &callbacks[i]);
    return result;
}
