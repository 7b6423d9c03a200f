/* SPDX-License-Identifier: MIT */
/*
 * The fair queue; see core/runqueue.h.
 */
#include "core/runqueue.h"

#include "lib/assert.h"

void runqueue_init(struct runqueue *queue)
{
    list_init(&queue->waiting);
    queue->length = 0;
    queue->floor = 0;
}

/* A new one has used nothing: adding it brings it to one slice before the others. */
void runqueue_entry_init(struct runqueue_entry *entry)
{
    list_init(&entry->link);
    entry->used = 0;
    entry->slice_left = RUNQUEUE_SLICE_NS;
}

/* Weak spot: walks the queue. From the end, where most belong; with hundreds of vCPUs on one CPU
 * this wants a heap. */
void runqueue_add(struct runqueue *queue, struct runqueue_entry *entry)
{
    uint64_t lowest = queue->floor - min(queue->floor, RUNQUEUE_SLICE_NS);
    uint64_t highest = queue->floor + RUNQUEUE_SLICE_NS;
    struct list_node *behind = queue->waiting.prev;

    ASSERT(!list_is_linked(&entry->link));
    entry->used = min(max(entry->used, lowest), highest);
    while (behind != &queue->waiting &&
           list_entry(behind, struct runqueue_entry, link)->used > entry->used)
        behind = behind->prev;
    list_insert_between(&entry->link, behind, behind->next);
    queue->length++;
}

/* Whoever runs has used the least of all that wait: the floor is what everybody has at least. */
struct runqueue_entry *runqueue_take(struct runqueue *queue)
{
    struct list_node *first = list_take_first(&queue->waiting);

    if (first == NULL)
        return NULL;

    struct runqueue_entry *entry = list_entry(first, struct runqueue_entry, link);

    queue->length--;
    queue->floor = max(queue->floor, entry->used);
    return entry;
}

void runqueue_remove(struct runqueue *queue, struct runqueue_entry *entry)
{
    ASSERT(list_is_linked(&entry->link));
    list_remove(&entry->link);
    queue->length--;
}

bool runqueue_charge(struct runqueue_entry *entry, uint64_t ns)
{
    /* A clock that jumped must not wrap the count; runqueue_add brings it back to the others. */
    entry->used = entry->used + ns < ns ? UINT64_MAX : entry->used + ns;
    if (ns < entry->slice_left) {
        entry->slice_left -= ns;
        return false;
    }
    entry->slice_left = RUNQUEUE_SLICE_NS;
    return true;
}

/* With nobody waiting there is nobody to give way to. */
void runqueue_yield(const struct runqueue *queue, struct runqueue_entry *entry)
{
    entry->slice_left = RUNQUEUE_SLICE_NS;
    if (!list_is_empty(&queue->waiting))
        entry->used =
            max(entry->used, list_entry(queue->waiting.prev, struct runqueue_entry, link)->used);
}

bool runqueue_should_preempt(const struct runqueue *queue, const struct runqueue_entry *running)
{
    const struct runqueue_entry *first =
        list_first_entry(&queue->waiting, const struct runqueue_entry, link);

    return first != NULL && running->used > first->used &&
           running->used - first->used >= RUNQUEUE_GAIN_NS;
}
