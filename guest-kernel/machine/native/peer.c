/* SPDX-License-Identifier: MIT */
/* The machine beside this one: a PC has none. */
#include "machine/native/native.h"

const struct machine_peer *machine_peer_find(void (*on_signal)(void))
{
    (void)on_signal;
    return NULL;
}
