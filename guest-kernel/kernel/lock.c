/* SPDX-License-Identifier: MIT */
/*
 * Locks. The order of ranks is checked at each lock_take: whoever takes locks against it would, on
 * some day and with more processors, wait for somebody who waits for him.
 */
#include "kernel/lock.h"

#include "kernel/panic.h"
#include "machine/machine.h"

/* What the processor holds: bit n is a lock of rank n. */
static unsigned held_ranks;
static bool irq_was_on; /* before the first of them was taken */

void lock_take(struct lock *lock)
{
    bool on = machine_irq_off();

    if (held_ranks >> lock->rank)
        kernel_panic("a lock of rank %u is taken inside of ranks 0x%x", lock->rank, held_ranks);
    if (!held_ranks)
        irq_was_on = on;
    held_ranks |= 1u << lock->rank;
    while (__atomic_exchange_n(&lock->held, true, __ATOMIC_ACQUIRE))
        ; /* never so with one processor: the rank would have told */
}

void lock_release(struct lock *lock)
{
    __atomic_store_n(&lock->held, false, __ATOMIC_RELEASE);
    held_ranks &= ~(1u << lock->rank);
    if (!held_ranks)
        machine_irq_restore(irq_was_on);
}

bool lock_any_held(void)
{
    return held_ranks != 0;
}
