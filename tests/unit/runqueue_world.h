/* SPDX-License-Identifier: MIT */
/*
 * The run queue that its tests look at, some groups and their entries.
 */
#ifndef TESTS_UNIT_RUNQUEUE_WORLD_H
#define TESTS_UNIT_RUNQUEUE_WORLD_H

#include "unit.h"

#include "core/runqueue.h"

#define MS 1000000UL
#define US 1000UL

#define GROUPS 4
#define EACH   8 /* entries of a group */

static struct runqueue queue;
static struct runqueue_group groups[GROUPS];
static struct runqueue_entry entries[GROUPS][EACH];

/* All have used that much. */
static inline void start_at(uint64_t used)
{
    runqueue_init(&queue);
    queue.floor = used;
    for (size_t g = 0; g < GROUPS; g++) {
        runqueue_group_init(&groups[g], RUNQUEUE_WEIGHT);
        groups[g].used = groups[g].floor = used;
        for (size_t i = 0; i < EACH; i++) {
            runqueue_entry_init(&entries[g][i]);
            entries[g][i].used = used;
        }
    }
}

static inline void start(void)
{
    start_at(0);
}

static inline void add(size_t g, size_t i)
{
    runqueue_add(&queue, &groups[g], &entries[g][i]);
}

static inline size_t group_of(const struct runqueue_entry *entry)
{
    return (size_t)(entry - entries[0]) / EACH;
}

#endif
