/* SPDX-License-Identifier: MIT */
/*
 * The fair queue of groups; see core/runqueue.h.
 */
#include "core/runqueue.h"

#include "lib/assert.h"

void runqueue_init(struct runqueue *queue)
{
    list_init(&queue->waiting);
    queue->running = NULL;
    queue->length = 0;
    queue->floor = 0;
    queue->shift = 0;
    queue->arrivals = 0;
}

void runqueue_group_init(struct runqueue_group *group, uint32_t weight)
{
    list_init(&group->link);
    list_init(&group->waiting);
    group->used = 0;
    group->floor = 0;
    group->length = 0;
    group->weight = weight;
}

void runqueue_entry_init(struct runqueue_entry *entry)
{
    list_init(&entry->link);
    entry->used = 0;
    entry->group_used = 0;
    entry->lag = 0;
    entry->arrival = 0;
}

/* Counts of used time wrap: with weight 1 after two years. So they are compared by their
 * difference, which is small among those in one queue. */
static bool is_less(uint64_t used, uint64_t other)
{
    return (int64_t)(used - other) < 0;
}

static uint64_t less_of(uint64_t used, uint64_t other)
{
    return is_less(used, other) ? used : other;
}

static uint64_t more_of(uint64_t used, uint64_t other)
{
    return is_less(used, other) ? other : used;
}

/* What a group of that weight counts for ns of running. */
static uint64_t counted(uint64_t ns, uint32_t weight)
{
    return ns * RUNQUEUE_WEIGHT / weight;
}

/* What who comes in counts as having used: behind the floor by `lag` at most, ahead by `debt`. */
static uint64_t admitted(uint64_t used, uint64_t floor, uint64_t lag, uint64_t debt)
{
    return less_of(more_of(used, floor - lag), floor + debt);
}

static uint64_t used_by(const struct list_node *group)
{
    return list_entry(group, const struct runqueue_group, link)->used;
}

/* From both ends at once: who has just run belongs near the end, who has slept to the front. Weak
 * spot: groups of very different weights come to lie in the middle, where this is half as long as
 * the list. */
static void insert_group(struct runqueue *queue, struct runqueue_group *group)
{
    struct list_node *behind = queue->waiting.prev, *before = queue->waiting.next;

    while (behind != &queue->waiting && is_less(group->used, used_by(behind))) {
        if (is_less(group->used, used_by(before))) {
            behind = before->prev;
            break;
        }
        behind = behind->prev;
        before = before->next;
    }
    list_insert_between(&group->link, behind, behind->next);
}

/* Weak spot: walks the list. From the end, where most belong; it is as long as a domain has vCPUs
 * that wait for this CPU. */
static void insert_entry(struct runqueue_group *group, struct runqueue_entry *entry)
{
    struct list_node *behind = group->waiting.prev;

    while (behind != &group->waiting &&
           is_less(entry->used, list_entry(behind, struct runqueue_entry, link)->used))
        behind = behind->prev;
    list_insert_between(&entry->link, behind, behind->next);
}

/* The group, none of whose entries is here, comes with an entry that moves. A queue in which there
 * is nobody else takes over its clock. */
static void admit_moved(struct runqueue *queue, struct runqueue_group *group,
                        const struct runqueue_entry *entry)
{
    if (queue->running == NULL && queue->length == 0)
        queue->shift = entry->group_used - queue->floor;
    group->used = admitted(entry->group_used - queue->shift, queue->floor, entry->lag,
                           RUNQUEUE_GROUP_DEBT_NS);
}

void runqueue_add(struct runqueue *queue, struct runqueue_group *group,
                  struct runqueue_entry *entry)
{
    ASSERT(!list_is_linked(&entry->link));
    if (entry->lag != 0) {
        entry->used += group->floor;
        entry->arrival = ++queue->arrivals;
    }
    entry->used = admitted(entry->used, group->floor, RUNQUEUE_CREDIT_NS, RUNQUEUE_DEBT_NS);
    insert_entry(group, entry);
    if (!runqueue_has(queue, group)) {
        if (entry->lag != 0)
            admit_moved(queue, group, entry);
        else
            group->used =
                admitted(group->used, queue->floor, RUNQUEUE_CREDIT_NS, RUNQUEUE_GROUP_DEBT_NS);
        insert_group(queue, group);
    }
    entry->lag = 0;
    group->length++;
    queue->length++;
}

struct runqueue_entry *runqueue_take(struct runqueue *queue)
{
    struct runqueue_group *before = queue->running;
    struct list_node *first;

    if (before != NULL && !list_is_empty(&before->waiting))
        insert_group(queue, before);
    first = list_take_first(&queue->waiting);
    queue->running = first != NULL ? list_entry(first, struct runqueue_group, link) : NULL;
    if (first == NULL)
        return NULL;
    queue->length--;
    queue->running->length--;
    /* Who waits at all is in a group that waits: the list is not empty. */
    return list_entry(list_take_first(&queue->running->waiting), struct runqueue_entry, link);
}

void runqueue_go_on(struct runqueue *queue, struct runqueue_group *group)
{
    ASSERT(queue->length == 0);
    queue->running = group;
}

void runqueue_remove(struct runqueue *queue, struct runqueue_group *group,
                     struct runqueue_entry *entry)
{
    ASSERT(list_is_linked(&entry->link));
    list_remove(&entry->link);
    group->length--;
    queue->length--;
    if (list_is_empty(&group->waiting) && list_is_linked(&group->link))
        list_remove(&group->link);
}

static const struct runqueue_entry *first_entry(const struct runqueue_group *group)
{
    return list_first_entry(&group->waiting, const struct runqueue_entry, link);
}

static const struct runqueue_group *first_group(const struct runqueue *queue)
{
    return list_first_entry(&queue->waiting, const struct runqueue_group, link);
}

void runqueue_leave(const struct runqueue *queue, const struct runqueue_group *group,
                    struct runqueue_entry *entry, uint64_t lag)
{
    ASSERT(!list_is_linked(&entry->link));
    /* One that moves on before it was queued has all it needs; its group was not here. */
    if (entry->lag != 0)
        return;
    entry->used -= group->floor;
    entry->group_used = group->used + queue->shift;
    entry->lag = lag;
}

/* a - b, but not below 0. */
static uint64_t lead(uint64_t a, uint64_t b)
{
    return is_less(a, b) ? 0 : a - b;
}

uint64_t runqueue_behind(const struct runqueue *queue, uint64_t clock)
{
    const struct runqueue_group *first = first_group(queue);

    return first == NULL ? 0 : lead(clock, first->used + queue->shift);
}

uint64_t runqueue_clock(const struct runqueue *queue)
{
    const struct runqueue_group *first = first_group(queue);
    uint64_t used = queue->floor;

    if (queue->running != NULL)
        used = first == NULL ? queue->running->used : less_of(queue->running->used, first->used);
    else if (first != NULL)
        used = first->used;
    return used + queue->shift;
}

void runqueue_catch_up(struct runqueue *queue, uint64_t clock)
{
    uint64_t behind = lead(clock, runqueue_clock(queue));

    if (behind > RUNQUEUE_LAG_NS)
        queue->shift += behind - RUNQUEUE_LAG_NS;
}

void runqueue_align(struct runqueue *queue, uint64_t clock)
{
    uint64_t own = runqueue_clock(queue);
    uint64_t ahead = counted(RUNQUEUE_LAG_NS, min(queue->running->weight, RUNQUEUE_WEIGHT));

    queue->shift += admitted(own, clock, RUNQUEUE_MARGIN_NS, ahead) - own;
}

uint64_t runqueue_content(const struct runqueue *queue, uint64_t clock, uint32_t weight)
{
    const struct runqueue_group *first = first_group(queue);

    if (first == NULL)
        return UINT64_MAX;
    return lead(first->used + queue->shift + RUNQUEUE_MARGIN_NS, clock) * weight / RUNQUEUE_WEIGHT;
}

struct runqueue_entry *runqueue_first(const struct runqueue *queue)
{
    const struct runqueue_group *first = first_group(queue);

    return first == NULL ? NULL : list_first_entry(&first->waiting, struct runqueue_entry, link);
}

struct runqueue_entry *runqueue_oldest(const struct runqueue *queue,
                                       const struct runqueue_entry *entry)
{
    uint64_t first = entry->arrival;
    struct runqueue_entry *other, *oldest = NULL;

    list_for_each (other, &queue->running->waiting, link) {
        if (other->arrival <= first) {
            first = other->arrival;
            oldest = other;
        }
    }
    return oldest;
}

/* The floors follow the least of who runs and who waits. */
void runqueue_charge(struct runqueue *queue, struct runqueue_entry *entry, uint64_t ns)
{
    struct runqueue_group *group = queue->running;
    const struct runqueue_group *other = first_group(queue);
    const struct runqueue_entry *sibling = first_entry(group);

    ns = min(ns, RUNQUEUE_CHARGE_MAX_NS);
    entry->used += ns;
    group->used += counted(ns, group->weight);
    group->floor =
        more_of(group->floor, sibling == NULL ? entry->used : less_of(entry->used, sibling->used));
    queue->floor =
        more_of(queue->floor, other == NULL ? group->used : less_of(group->used, other->used));
}

void runqueue_yield(struct runqueue *queue, struct runqueue_entry *entry)
{
    struct runqueue_group *group = queue->running;
    const struct runqueue_group *other = first_group(queue);

    if (!list_is_empty(&group->waiting))
        entry->used = more_of(entry->used,
                              list_entry(group->waiting.prev, struct runqueue_entry, link)->used);
    else if (other != NULL)
        group->used = more_of(group->used, other->used);
}

/* Until one that has used so much is far enough ahead of the first that waits. */
static uint64_t lead_left(uint64_t used, uint64_t first)
{
    uint64_t end = first + RUNQUEUE_GAIN_NS;

    return is_less(used, end) ? end - used : 0;
}

uint64_t runqueue_turn(const struct runqueue *queue, const struct runqueue_entry *entry)
{
    const struct runqueue_group *group = queue->running;
    const struct runqueue_group *other = first_group(queue);
    const struct runqueue_entry *sibling = first_entry(group);
    uint64_t left = UINT64_MAX;

    if (sibling != NULL)
        left = lead_left(entry->used, sibling->used);
    if (other != NULL)
        left = min(left, lead_left(group->used, other->used) * group->weight / RUNQUEUE_WEIGHT);
    if (left == 0 || left == UINT64_MAX)
        return left;
    return min(max(left, RUNQUEUE_SHORTEST_NS), RUNQUEUE_LONGEST_NS);
}

static struct runqueue_entry *find_in(const struct runqueue_group *group,
                                      bool (*is_wanted)(const struct runqueue_entry *entry))
{
    struct runqueue_entry *entry;

    list_for_each (entry, &group->waiting, link) {
        if (is_wanted(entry))
            return entry;
    }
    return NULL;
}

struct runqueue_entry *runqueue_find(const struct runqueue *queue,
                                     bool (*is_wanted)(const struct runqueue_entry *entry))
{
    const struct runqueue_group *group;
    struct runqueue_entry *found = NULL;

    list_for_each (group, &queue->waiting, link) {
        found = find_in(group, is_wanted);
        if (found != NULL)
            return found;
    }
    return queue->running != NULL ? find_in(queue->running, is_wanted) : NULL;
}
