/* SPDX-License-Identifier: MIT */
/*
 * Spin locks with a rank.
 *
 * They are not fair: whoever runs when the lock becomes free gets it. With tickets the next in line
 * would often be a virtual CPU that its host does not run just then, and all others would wait for
 * that one: with four CPUs on a host that has two, hundred times slower.
 *
 * Locks are taken in rising rank only; a debug build checks it and says both names. Interrupts are
 * off in the hypervisor, so there is one form only. Who spins answers TLB-flush requests meanwhile
 * (x86/tlb.h): a CPU that holds the lock may be waiting for just that.
 *
 * No lock is held across a copy from or to a guest, and none but "world" while printing.
 */
#ifndef XEN_LITE_HV_LOCK_H
#define XEN_LITE_HV_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/atomic.h"

/* Every lock of the hypervisor, outermost first. docs/locking.md says what each protects. */
enum lock_rank {
    LOCK_WORLD,       /* the right to stop all other CPUs */
    LOCK_DOMAIN_LIST, /* the list of domains, creation and destruction */
    LOCK_TRACK,       /* one a domain: which grants it has mapped */
    LOCK_GRANT,       /* one a domain: its grant table */
    LOCK_MMU,         /* one a domain: its page tables, pins, base pointers, descriptor tables */
    LOCK_PAGE_LIST,   /* one a domain: its list of frames and their number */
    LOCK_EVENT,       /* one a domain: its ports; two of them in order of domain id */
    LOCK_EVENT_PEER,  /* the second of two domains' event locks */
    LOCK_EVENT_QUEUE, /* one a domain: the queues of its FIFO events */
    LOCK_RUNQ,        /* one a CPU: its run queue, states of the vCPUs on it */
    LOCK_WATCHDOG,    /* one a domain: which of its watchdogs are in use */
    LOCK_TIMER,       /* one a CPU: its timer queue */
    LOCK_SLAB,
    LOCK_BUDDY,
    LOCK_RING,    /* one a domain: its console ring, hypervisor side */
    LOCK_CONSOLE, /* output buffer and UART */
    LOCK_RANKS
};

struct spinlock {
    bool locked;      /* a */
    uint8_t rank;     /* c: enum lock_rank */
    uint8_t held_as;  /* while it is held: the rank that it was taken with */
    uint32_t waiting; /* a: CPUs that spin for it */
};

#define SPINLOCK(lock_rank) ((struct spinlock){ .rank = (lock_rank) })

/* The lock is not free, or its order is to be checked. */
void spin_lock_other(struct spinlock *l);
void spin_unlock_checked(struct spinlock *l);
/* Keeps this CPU off a lock that it has just given up, for a moment or until another has it. */
void spin_give_way(const struct spinlock *l);

static inline void spin_lock(struct spinlock *l)
{
    if (CONFIG_DEBUG || unlikely(atomic_exchange(&l->locked, true)))
        spin_lock_other(l);
}

/* For a path that is to have no call in it: takes the lock if it is free, and false if it is to be
 * asked for by spin_lock(). */
static inline bool spin_lock_quick(struct spinlock *l)
{
    return !CONFIG_DEBUG && likely(!atomic_exchange(&l->locked, true));
}

static inline void spin_unlock(struct spinlock *l)
{
    if (CONFIG_DEBUG)
        spin_unlock_checked(l);
    else
        atomic_store(&l->locked, false);
    if (unlikely(atomic_load(&l->waiting) != 0))
        spin_give_way(l);
}

/* The second of two locks of one rank, which has a rank of its own one higher (LOCK_EVENT_PEER);
 * spin_unlock() takes it back. The caller keeps the two in an order of their own. */
void spin_lock_peer(struct spinlock *l);
bool spin_try_lock(struct spinlock *l);
bool spin_is_locked(const struct spinlock *l);

/* True if this CPU holds any lock. For assertions: always false in release builds. */
bool locks_held(void);

#endif
