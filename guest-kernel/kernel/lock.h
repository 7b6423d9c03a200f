/* SPDX-License-Identifier: MIT */
/*
 * Locks, sleeping and waking.
 *
 * A lock keeps interrupts off while it is held, so an interrupt handler may take the same locks.
 * Nobody sleeps, touches a program's memory or goes to user mode with a lock held; wait_for lets go
 * of the one that it is given.
 *
 * Ranks, outermost first: tree (names and files), pipe (and /dev/peer), tty, process (the table and
 * the run queue), heap, pages, console (lines of the kernel's). A lock is taken only inside of
 * locks with a lower rank. A program's memory has none: only its process touches it.
 */
#ifndef GUEST_KERNEL_KERNEL_LOCK_H
#define GUEST_KERNEL_KERNEL_LOCK_H

#include <stdbool.h>
#include <stdint.h>

enum lock_rank {
    RANK_TREE,
    RANK_PIPE,
    RANK_TTY,
    RANK_PROCESS,
    RANK_HEAP,
    RANK_PAGES,
    RANK_CONSOLE,
};

struct lock {
    enum lock_rank rank;
    bool held;
};

#define LOCK(lock_rank)     \
    {                       \
        .rank = (lock_rank) \
    }

/* Panics if the caller holds a lock of the same or a higher rank. */
void lock_take(struct lock *lock);
void lock_release(struct lock *lock);

/* Whether this CPU holds any. */
bool lock_any_held(void);

#define FOR_EVER UINT64_MAX

/* Sleeps until wake(what); the lock is released meanwhile and held again at the end. The caller
 * looks again at what it waits for: others are woken, too. False: a signal came that the process
 * has to see to (the caller ends its system call with EINTR), or machine_time() is `until`. Nothing
 * is lost between the caller's look and the sleep, as both happen under the lock that the waker
 * holds. */
bool wait_for(const void *what, struct lock *lock, uint64_t until);

/* Wakes all that wait for what. Also for interrupt handlers. */
void wake(const void *what);

#endif
