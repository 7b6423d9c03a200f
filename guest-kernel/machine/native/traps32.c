/* SPDX-License-Identifier: MIT */
/* The entry point of a 32-bit kernel that is no exception: int 0x80 has a gate like the others. */
#include "machine/native/native.h"

void native_system_calls_init(void)
{
    native_gate_set(VECTOR_SYSTEM_CALL, 3, native_entry_system_call);
}
