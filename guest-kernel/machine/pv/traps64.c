/* SPDX-License-Identifier: MIT */
/* The entry points of a 64-bit kernel that are no exceptions: three callbacks. Programs call by
 * SYSCALL, which the hypervisor takes and hands on. */
#include "machine/pv/traps.h"

long pv_entries_init(void)
{
    const struct callback_register callbacks[] = {
        { .type = CALLBACKTYPE_event, .address = (unsigned long)pv_entry_event },
        { .type = CALLBACKTYPE_failsafe, .address = (unsigned long)pv_entry_failsafe },
        { .type = CALLBACKTYPE_syscall,
          .flags = CALLBACKF_mask_events,
          .address = (unsigned long)pv_entry_system_call },
    };
    long result = 0;

    for (unsigned i = 0; i < sizeof(callbacks) / sizeof(callbacks[0]); i++)
        result |= hypercall_callback(CALLBACKOP_register, &callbacks[i]);
    return result;
}
