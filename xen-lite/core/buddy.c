/* SPDX-License-Identifier: MIT */
/*
 * The buddy system; see core/buddy.h. A block's buddy is found by flipping one bit of its frame
 * number: blocks of one order are aligned to their size, so the pair differs in that bit only.
 */
#include "core/buddy.h"

#include "lib/assert.h"

#define NONE UINT32_MAX

/* Bits of an unsigned long: the end of the search for an order. */
#define BITS_PER_COUNT (8 * sizeof(unsigned long))

/* Frames below 4 GiB. */
#define LOW_FRAMES (1U << (32 - PAGE_SHIFT))

static struct buddy_node *node_of(const struct buddy *buddy, uint32_t frame)
{
    return (struct buddy_node *)(void *)(buddy->nodes + (size_t)frame * buddy->stride);
}

void buddy_init(struct buddy *buddy, void *first_node, size_t stride, uint32_t frames)
{
    /* NONE and BUDDY_NO_LIMIT are frame numbers too: no real frame may have them. */
    ASSERT(frames < NONE);
    *buddy = (struct buddy){ .nodes = first_node, .stride = stride, .frames = frames };
    for (unsigned int order = 0; order <= BUDDY_MAX_ORDER; order++) {
        buddy->head[order] = NONE;
        buddy->tail[order] = NONE;
    }
}

/* Marks the block free and puts it into its order's list, at the end for its kind of memory. */
static void list_block(struct buddy *buddy, uint32_t frame, unsigned int order)
{
    struct buddy_node *node = node_of(buddy, frame);
    bool at_tail = frame < LOW_FRAMES;

    node->order = (uint8_t)order;
    node->state = BUDDY_FIRST;
    node->prev = at_tail ? buddy->tail[order] : NONE;
    node->next = at_tail ? NONE : buddy->head[order];
    if (node->prev != NONE)
        node_of(buddy, node->prev)->next = frame;
    else
        buddy->head[order] = frame;
    if (node->next != NONE)
        node_of(buddy, node->next)->prev = frame;
    else
        buddy->tail[order] = frame;
}

/* Takes the block out of its list and unmarks it. */
static void unlist_block(struct buddy *buddy, uint32_t frame)
{
    struct buddy_node *node = node_of(buddy, frame);
    unsigned int order = node->order;

    if (node->prev != NONE)
        node_of(buddy, node->prev)->next = node->next;
    else
        buddy->head[order] = node->next;
    if (node->next != NONE)
        node_of(buddy, node->next)->prev = node->prev;
    else
        buddy->tail[order] = node->prev;
    node->state = BUDDY_NOT_FIRST;
}

/* Whether the block of this order that begins at frame is free as a whole and not split. */
static bool block_is_free(const struct buddy *buddy, uint32_t frame, unsigned int order)
{
    if (frame >= buddy->frames)
        return false;

    const struct buddy_node *node = node_of(buddy, frame);

    return node->state == BUDDY_FIRST && node->order == order;
}

/* Merges upwards as long as the other half is free as a whole. */
void buddy_free(struct buddy *buddy, mfn_t first, unsigned int order)
{
    uint32_t frame = (uint32_t)first.n;

    ASSERT(order <= BUDDY_MAX_ORDER && is_aligned(first.n, BIT(order)));
    ASSERT(first.n + BIT(order) <= buddy->frames);
    ASSERT(node_of(buddy, frame)->state != BUDDY_FIRST);

    buddy->free_frames += BIT(order);
    while (order < BUDDY_MAX_ORDER) {
        uint32_t other = frame ^ (1U << order);

        if (!block_is_free(buddy, other, order))
            break;
        unlist_block(buddy, other);
        frame = min(frame, other);
        order++;
    }
    list_block(buddy, frame, order);
}

void buddy_add_range(struct buddy *buddy, mfn_t first, unsigned long count)
{
    unsigned long frame = first.n;
    unsigned long end = first.n + count;

    /* Each step frees the largest block that is aligned here and ends inside the range. */
    while (frame < end) {
        unsigned int order = 0;

        while (order < BUDDY_MAX_ORDER && is_aligned(frame, BIT(order + 1)) &&
               frame + BIT(order + 1) <= end)
            order++;
        buddy_free(buddy, MFN(frame), order);
        frame += BIT(order);
    }
}

/* A block of exactly this order in the list that contains a part of 2^wanted frames below limit.
 * Splitting takes the lower half each time, so the block's first frame decides.
 * Weak spot: where all free memory is above the limit this walks the whole list; only requests
 * with a limit do. */
static uint32_t find_block(const struct buddy *buddy, unsigned int order, unsigned int wanted,
                           mfn_t limit)
{
    if (limit.n >= buddy->frames)
        return buddy->head[order];

    uint32_t frame = buddy->tail[order];

    while (frame != NONE && frame + BIT(wanted) > limit.n)
        frame = node_of(buddy, frame)->prev;
    return frame;
}

/* The smallest block that will do is split; each upper half goes back to the list of its order. */
mfn_t buddy_alloc(struct buddy *buddy, unsigned int wanted, mfn_t limit)
{
    for (unsigned int order = wanted; order <= BUDDY_MAX_ORDER; order++) {
        uint32_t frame = find_block(buddy, order, wanted, limit);

        if (frame == NONE)
            continue;
        unlist_block(buddy, frame);
        while (order > wanted) {
            order--;
            list_block(buddy, frame + (1U << order), order);
        }
        buddy->free_frames -= BIT(wanted);
        return MFN(frame);
    }
    return INVALID_MFN;
}

unsigned int buddy_order_for(unsigned long count)
{
    unsigned int order = 0;

    while (order < BITS_PER_COUNT - 1 && BIT(order) < count)
        order++;
    return order;
}
