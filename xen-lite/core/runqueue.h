/* SPDX-License-Identifier: MIT */
/*
 * A CPU's queue of what wants to run: groups, and entries in them. The scheduler makes each domain
 * a group and each vCPU an entry, so that a domain with many vCPUs has no more of the CPU than one
 * with a single one.
 *
 * Both levels have the same rule: whoever has used the least time comes first, and who runs gives
 * way when it is RUNQUEUE_GAIN_NS ahead of the first that waits. Groups count their time divided by
 * their weight. A level's floor follows what all that run or wait have used at least; who comes in
 * is brought up to RUNQUEUE_CREDIT_NS below it:
 *  - who sleeps most of the time is below the others whenever it wakes, and runs at once;
 *  - it cannot save up more than that by sleeping: not for longer than CREDIT and GAIN together
 *    does it keep another one waiting that also uses little.
 * Among those that always want to run this is plain turn-taking.
 *
 * Between queues, counts are compared after the queue's shift is added: the time of all queues.
 * Somebody moves when the first that waits here is too far behind another queue's clock, and takes
 * what it is behind along. Where that cannot be, because nobody may move, or because a queue's only
 * one that ran had nobody to compare with, clocks drift apart; what is too much is forgotten by
 * changing the shift.
 *
 * Data structure only: no locks, no clock.
 */
#ifndef CORE_RUNQUEUE_H
#define CORE_RUNQUEUE_H

#include "lib/list.h"
#include "lib/types.h"

/* Turns among those that always want to run are twice as long: long enough that switching costs
 * little. Together the two are how late a domain is at worst because another one runs. */
#define RUNQUEUE_GAIN_NS   600000UL
#define RUNQUEUE_CREDIT_NS 900000UL

/* Less than this is not worth a timer's interrupt. */
#define RUNQUEUE_SHORTEST_NS 100000UL

/* A turn ends by then for a look at the other queues, at least. */
#define RUNQUEUE_LONGEST_NS 2000000UL

/* An entry that comes in has at most so much more than the others of its group. */
#define RUNQUEUE_DEBT_NS 5000000UL

/* Who is so far behind another queue's clock is better off there. A smaller margin would only move
 * more: turns are about as long. */
#define RUNQUEUE_MARGIN_NS 1000000UL

/* More than that a queue, or who moves, is never behind the others: the rest is forgotten. */
#define RUNQUEUE_LAG_NS 5000000UL

/* No more is booked at a time: a clock may jump, the host may stop the machine. */
#define RUNQUEUE_CHARGE_MAX_NS 100000000UL

/* The weight with which a group's time is counted as it is. */
#define RUNQUEUE_WEIGHT 256U

/* A group that comes in is at most so far behind: what the lightest may have run at a time. More is
 * a count from a year ago. */
#define RUNQUEUE_GROUP_DEBT_NS (RUNQUEUE_CHARGE_MAX_NS * RUNQUEUE_WEIGHT)

/* Embedded in what is queued. Between runqueue_leave() and runqueue_add() it moves: then .used is
 * relative to the floor of its group. */
struct runqueue_entry {
    struct list_node link;
    uint64_t used;       /* ns; only differences within one group mean something */
    uint64_t group_used; /* of its group where it was, in the time of all queues; while it moves */
    uint64_t lag;        /* ns that it may be behind where it comes to; 0: it does not move */
    uint64_t arrival;    /* when it came to its queue: counted by that */
};

/* waiting is sorted by used; equals in order of arrival. Linked into its queue while it has someone
 * who waits and is not the one that runs. */
struct runqueue_group {
    struct list_node link;
    struct list_node waiting; /* entries */
    uint64_t used;            /* ns * RUNQUEUE_WEIGHT / weight; within one queue */
    uint64_t floor;           /* of its entries; never falls */
    uint32_t length;          /* entries that wait */
    uint32_t weight;          /* > 0 */
};

struct runqueue {
    struct list_node waiting;       /* groups, sorted like entries, without: */
    struct runqueue_group *running; /* whose entry was taken last and has not been replaced */
    uint32_t length;                /* entries that wait */
    uint64_t floor;                 /* of the groups; never falls */
    uint64_t shift;                 /* added to counts: the time of all queues; may be "negative" */
    uint64_t arrivals;              /* entries that have come from other queues */
};

void runqueue_init(struct runqueue *queue);
void runqueue_group_init(struct runqueue_group *group, uint32_t weight);
void runqueue_entry_init(struct runqueue_entry *entry);

/* Puts in an entry that has become ready or was taken off its CPU. It is in no queue. */
void runqueue_add(struct runqueue *queue, struct runqueue_group *group,
                  struct runqueue_entry *entry);

/* Takes out the entry that is to run next, instead of the one that has run; NULL if nobody waits.
 */
struct runqueue_entry *runqueue_take(struct runqueue *queue);

/* Nobody was there to be taken, and one of this group goes on to run. */
void runqueue_go_on(struct runqueue *queue, struct runqueue_group *group);

/* Takes out this entry, which waits (it went to sleep before its turn, or moves). */
void runqueue_remove(struct runqueue *queue, struct runqueue_group *group,
                     struct runqueue_entry *entry);

/* The entry, in no queue at present, will be added to another queue next. It takes along what it
 * and its group are ahead or behind, but will be behind others there by `lag` at most: CREDIT for
 * who has slept, LAG for who waited here. */
void runqueue_leave(const struct runqueue *queue, const struct runqueue_group *group,
                    struct runqueue_entry *entry, uint64_t lag);

/* How far the first that waits is behind a clock, in the time of all queues; 0: nobody waits, or is
 * behind. */
uint64_t runqueue_behind(const struct runqueue *queue, uint64_t clock);

/* The queue's own clock in the time of all queues: the least of who runs and who waits. */
uint64_t runqueue_clock(const struct runqueue *queue);

/* Forgets what the queue is behind that clock, but for LAG. */
void runqueue_catch_up(struct runqueue *queue, uint64_t clock);

/* For how many ns from now the first that waits is not too far (MARGIN) behind another queue's
 * clock, where nobody waits and one of that weight runs; 0: it is now, UINT64_MAX: nobody waits. */
uint64_t runqueue_content(const struct runqueue *queue, uint64_t clock, uint32_t weight);

/* Somebody is about to be added beside the one that has run alone. Its clock meant nothing until
 * now: it is brought to `clock`, that of the others, but for MARGIN behind and LAG ahead; for a
 * light one what it counts for so long a run, as a single short turn is much for it. */
void runqueue_align(struct runqueue *queue, uint64_t clock);

/* Books ns of running on the entry and its group, which is the running one. */
void runqueue_charge(struct runqueue *queue, struct runqueue_entry *entry, uint64_t ns);

/* The entry, which runs, gives way: added next, it comes behind all of its group that wait now, or
 * if there is none its group comes behind the first that waits. */
void runqueue_yield(struct runqueue *queue, struct runqueue_entry *entry);

/* For how many ns the entry, which runs, may go on if nobody else comes: 0 if it is to give way
 * now, UINT64_MAX if nobody waits. */
uint64_t runqueue_turn(const struct runqueue *queue, const struct runqueue_entry *entry);

/* The first that waits, or NULL; with its group the one of which runqueue_behind() tells. */
struct runqueue_entry *runqueue_first(const struct runqueue *queue);

/* Of `entry`, which runs, and those of its group that wait, the one that came to this queue first,
 * if it waits; else NULL. */
struct runqueue_entry *runqueue_oldest(const struct runqueue *queue,
                                       const struct runqueue_entry *entry);

/* How many of the group want to run here. */
static inline uint32_t runqueue_count(const struct runqueue *queue,
                                      const struct runqueue_group *group)
{
    return group->length + (queue->running == group ? 1 : 0);
}

/* True if somebody of the group waits here, or one of it was taken last. */
static inline bool runqueue_has(const struct runqueue *queue, const struct runqueue_group *group)
{
    return queue->running == group || list_is_linked(&group->link);
}

/* The first that waits and of which is_wanted says true, or NULL. */
struct runqueue_entry *runqueue_find(const struct runqueue *queue,
                                     bool (*is_wanted)(const struct runqueue_entry *entry));

static inline bool runqueue_is_empty(const struct runqueue *queue)
{
    return queue->length == 0;
}

#endif
