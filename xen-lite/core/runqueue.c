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
}

void runqueue_entry_init(struct runqueue_entry *entry)
{
    list_init(&entry->link);
    entry->slice_left = RUNQUEUE_SLICE_NS;
}

static bool slice_is_full(const struct runqueue_entry *entry)
{
    return entry->slice_left == RUNQUEUE_SLICE_NS;
}

/* Weak spot: walks those that wait with a part of a slice. They are few, because each is served
 * at once; with hundreds of vCPUs on one CPU keep two lists. */
void runqueue_add(struct runqueue *queue, struct runqueue_entry *entry)
{
    struct runqueue_entry *other;
    struct list_node *where = &queue->waiting;

    ASSERT(!list_is_linked(&entry->link));
    if (!slice_is_full(entry)) {
        list_for_each (other, &queue->waiting, link) {
            if (slice_is_full(other)) {
                where = &other->link;
                break;
            }
        }
    }
    list_insert_before(where, &entry->link);
    queue->length++;
}

struct runqueue_entry *runqueue_take(struct runqueue *queue)
{
    struct list_node *first = list_take_first(&queue->waiting);

    if (first == NULL)
        return NULL;
    queue->length--;
    return list_entry(first, struct runqueue_entry, link);
}

void runqueue_remove(struct runqueue *queue, struct runqueue_entry *entry)
{
    ASSERT(list_is_linked(&entry->link));
    list_remove(&entry->link);
    queue->length--;
}

bool runqueue_charge(struct runqueue_entry *entry, uint64_t ns)
{
    if (ns < entry->slice_left) {
        entry->slice_left -= ns;
        return false;
    }
    entry->slice_left = RUNQUEUE_SLICE_NS;
    return true;
}

bool runqueue_should_preempt(const struct runqueue *queue)
{
    const struct runqueue_entry *first =
        list_first_entry(&queue->waiting, const struct runqueue_entry, link);

    return first != NULL && !slice_is_full(first);
}
