/* SPDX-License-Identifier: MIT */
/*
 * Spin locks, and the check of their order.
 */
#include "hv/lock.h"

#include "hv/print.h"
#include "lib/atomic.h"
#include "lib/types.h"
#include "x86/cpu.h"
#include "x86/instr.h"
#include "x86/tlb.h"

static const char *const rank_names[] = {
    [LOCK_WORLD] = "world",
    [LOCK_DOMAIN_LIST] = "domain list",
    [LOCK_TRACK] = "track",
    [LOCK_GRANT] = "grant",
    [LOCK_MMU] = "mmu",
    [LOCK_PAGE_LIST] = "page list",
    [LOCK_EVENT] = "event",
    [LOCK_EVENT_PEER] = "event peer",
    [LOCK_EVENT_QUEUE] = "event queue",
    [LOCK_RUNQ] = "run queue",
    [LOCK_WATCHDOG] = "watchdog",
    [LOCK_TIMER] = "timer",
    [LOCK_SLAB] = "slab",
    [LOCK_BUDDY] = "buddy",
    [LOCK_RING] = "console ring",
    [LOCK_CONSOLE] = "console",
};

static_assert(ARRAY_SIZE(rank_names) == LOCK_RANKS, "a name for each rank");
static_assert(LOCK_RANKS <= 32, "ranks are bits of a word");

/* Looks of a waiting CPU at the lock: many more than it takes it to notice. */
#define GIVE_WAY 200

/* Ranks of the locks that a CPU holds. Keys: o = only this CPU. */
static struct {
    uint32_t ranks; /* o */
} ALIGNED(64) held[MAX_CPUS];

/* Only locks of lower rank may be held. Needs no more than a word, because no CPU ever holds two
 * locks of one rank. */
static void check_order(unsigned int rank)
{
    uint32_t higher = held[cpu_id()].ranks >> rank;

    if (unlikely(higher != 0))
        panic("lock order: %s taken while %s is held", rank_names[rank],
              rank_names[rank + (unsigned int)__builtin_ctz(higher)]);
}

static void note_taken(struct spinlock *l, unsigned int rank)
{
    if (!CONFIG_DEBUG)
        return;
    l->held_as = (uint8_t)rank;
    held[cpu_id()].ranks |= 1U << rank;
}

static void wait_for(struct spinlock *l)
{
    (void)atomic_add_return(&l->waiting, 1);
    do {
        /* Reads only until it looks free: writing would take the line from its holder. */
        while (atomic_load(&l->locked)) {
            /* The holder may be waiting for this CPU's answer. */
            tlb_serve();
            cpu_relax();
        }
    } while (atomic_exchange(&l->locked, true));
    (void)atomic_sub_return(&l->waiting, 1);
}

/*
 * A CPU that takes the same lock over and over, a guest's vCPU in a loop of calls, say, would else
 * have it again before the others have seen it free, and could keep them waiting until the watchdog
 * speaks.
 */
void spin_give_way(const struct spinlock *l)
{
    for (unsigned int i = 0; i < GIVE_WAY && !atomic_load(&l->locked); i++) {
        tlb_serve();
        cpu_relax();
    }
}

static void lock_as(struct spinlock *l, unsigned int rank)
{
    if (CONFIG_DEBUG)
        check_order(rank);
    if (unlikely(atomic_exchange(&l->locked, true)))
        wait_for(l);
    note_taken(l, rank);
}

void spin_lock_other(struct spinlock *l)
{
    lock_as(l, l->rank);
}

void spin_lock_peer(struct spinlock *l)
{
    lock_as(l, l->rank + 1U);
}

/* Not checked against the order: who does not wait cannot be part of a circle. */
bool spin_try_lock(struct spinlock *l)
{
    if (atomic_exchange(&l->locked, true))
        return false;
    note_taken(l, l->rank);
    return true;
}

void spin_unlock_checked(struct spinlock *l)
{
    held[cpu_id()].ranks &= ~(1U << l->held_as);
    atomic_store(&l->locked, false);
}

bool spin_is_locked(const struct spinlock *l)
{
    return atomic_load(&l->locked);
}

bool locks_held(void)
{
    return CONFIG_DEBUG && held[cpu_id()].ranks != 0;
}
