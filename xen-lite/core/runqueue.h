/* SPDX-License-Identifier: MIT */
/*
 * A CPU's queue of what wants to run: whoever has used the least time comes first.
 *
 * Each entry counts the time that it has used. The queue's floor follows the count of those that
 * run, and an entry that comes in is brought to within one slice of it:
 *  - who slept is at most one slice ahead of the others: it runs soon (a driver, a console), but
 *    cannot save up more by sleeping;
 *  - who comes from another CPU's queue, whose count is another, is at most one slice behind.
 * Among those that always want to run this is plain turn-taking, a slice each.
 *
 * Data structure only: no locks, no clock.
 */
#ifndef CORE_RUNQUEUE_H
#define CORE_RUNQUEUE_H

#include "lib/list.h"
#include "lib/types.h"

/* Long enough that switching costs little, short enough that eight busy neighbours leave a
 * console usable. */
#define RUNQUEUE_SLICE_NS 10000000UL

/* Who has used less than the one that runs, by at least this, interrupts it. */
#define RUNQUEUE_GAIN_NS 1000000UL

/* Embedded in what is queued. */
struct runqueue_entry {
    struct list_node link;
    uint64_t used;       /* ns; only differences within one queue mean something */
    uint64_t slice_left; /* ns until the next in the queue has its turn */
};

/* waiting is sorted by used; equals in order of arrival. */
struct runqueue {
    struct list_node waiting;
    uint32_t length;
    uint64_t floor; /* the largest count of those that were taken to run; never falls */
};

void runqueue_init(struct runqueue *queue);
void runqueue_entry_init(struct runqueue_entry *entry);

/* Puts in an entry that has become ready or was taken off its CPU. It is in no queue. */
void runqueue_add(struct runqueue *queue, struct runqueue_entry *entry);

/* Takes out the entry that is to run next; NULL if nobody waits. */
struct runqueue_entry *runqueue_take(struct runqueue *queue);

/* Takes out this one, which is in the queue (it went to sleep before its turn, or moves). */
void runqueue_remove(struct runqueue *queue, struct runqueue_entry *entry);

/* Books ns of running. Says whether the slice is used up; then it has been renewed, and another
 * is to have its turn. */
bool runqueue_charge(struct runqueue_entry *entry, uint64_t ns);

/* The entry, which is in no queue, gives way: added next, it comes behind all that wait now. */
void runqueue_yield(const struct runqueue *queue, struct runqueue_entry *entry);

/* Whether the queue's first is to interrupt the one that runs. */
bool runqueue_should_preempt(const struct runqueue *queue, const struct runqueue_entry *running);

static inline bool runqueue_is_empty(const struct runqueue *queue)
{
    return list_is_empty(&queue->waiting);
}

#endif
