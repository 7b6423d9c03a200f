/* SPDX-License-Identifier: MIT */
/*
 * A CPU's queue of what wants to run: first in, first out, with a time slice.
 *
 * Fair because a slice is used up before it is renewed, however often its owner sleeps in between:
 *  - whoever has used up its slice goes to the back with a new one;
 *  - whoever wakes up or was interrupted with a part of its slice left goes before all those that
 *    wait with a full one, so short work (a driver, a console) is served at once.
 * So in each round each entry gets at most one slice, and a sleeper cannot gain more by sleeping.
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

/* Embedded in what is queued. */
struct runqueue_entry {
    struct list_node link;
    uint64_t slice_left; /* ns */
};

/* The ring is: entries with a part of a slice, then entries with a full one, each in order of
 * arrival. */
struct runqueue {
    struct list_node waiting;
    uint32_t length;
};

void runqueue_init(struct runqueue *queue);
void runqueue_entry_init(struct runqueue_entry *entry);

/* Puts in an entry that has become ready or was taken off its CPU. It is in no queue. */
void runqueue_add(struct runqueue *queue, struct runqueue_entry *entry);

/* Takes out the entry that is to run next; NULL if nobody waits. */
struct runqueue_entry *runqueue_take(struct runqueue *queue);

/* Takes out this one, which is in the queue (it went to sleep before its turn, or moves). */
void runqueue_remove(struct runqueue *queue, struct runqueue_entry *entry);

/* Books ns of running. Says whether the slice is used up; then it has been renewed, and the entry
 * belongs at the back. */
bool runqueue_charge(struct runqueue_entry *entry, uint64_t ns);

/* Whether the queue's first is to run before an entry that is running: it has a part of a slice
 * left (it just woke up). */
bool runqueue_should_preempt(const struct runqueue *queue);

static inline bool runqueue_is_empty(const struct runqueue *queue)
{
    return list_is_empty(&queue->waiting);
}

#endif
