/* SPDX-License-Identifier: MIT */
/*
 * Xen takes the real exception and hands it on to the address in our trap table, on our stack. Its
 * flags: the privilege level from which `int n` may raise the vector, and 4 to mask events on the
 * way in, as an interrupt gate would.
 */
#include "machine/pv/traps.h"

/* All gates mask events: while a handler runs, nothing interrupts it, and the frame restores the
 * mask. Only breakpoint and overflow may be raised by a program. A table ends with an address of 0;
 * vectors that Xen does not hand on do no harm in it. */
void pv_traps_init(void)
{
    struct trap_info gates[VECTOR_INTERRUPTS + 1] = { 0 };

    for (unsigned i = 0; i < VECTOR_INTERRUPTS; i++)
        gates[i] = gate_to(i, i == 3 || i == 4 ? TRAP_FROM_USER : 0, pv_entries + i * ENTRY_SIZE);
    if (hypercall_set_trap_table(gates) != 0 || pv_entries_init() != 0)
        machine_crash();
}

uintptr_t fault_address(void)
{
    return pv_vcpu()->arch.cr2;
}
