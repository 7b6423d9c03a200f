/* SPDX-License-Identifier: MIT */
/*
 * Locks. The order of ranks is checked at each lock_take: whoever takes locks against it would, on
 * some day and with another CPU, wait for somebody who waits for him.
 */
#include "kernel/lock.h"

#include "kernel/panic.h"
#include "machine/machine.h"

/* What each CPU holds. */
static struct held {
    unsigned ranks;  /* bit n is a lock of rank n */
    bool irq_was_on; /* before the first of them was taken */
} all_held[MACHINE_CPUS_MAX];

static struct held *held_here(void)
{
    return &all_held[machine_cpu()];
}

void lock_take(struct lock *lock)
{
    bool on = machine_irq_off();
    struct held *held = held_here();

    if (held->ranks >> lock->rank)
        kernel_panic("a lock of rank %u is taken inside of ranks 0x%x", lock->rank, held->ranks);
    if (!held->ranks)
        held->irq_was_on = on;
    held->ranks |= 1u << lock->rank;
    while (__atomic_exchange_n(&lock->held, true, __ATOMIC_ACQUIRE))
        ; /* another CPU has it: of ours the rank would have told */
}

void lock_release(struct lock *lock)
{
    struct held *held = held_here();

    held->ranks &= ~(1u << lock->rank);
    __atomic_store_n(&lock->held, false, __ATOMIC_RELEASE); /* from now on it may be gone */
    if (!held->ranks)
        machine_irq_restore(held->irq_was_on);
}

bool lock_any_held(void)
{
    return held_here()->ranks != 0;
}
