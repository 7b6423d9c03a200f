/* SPDX-License-Identifier: MIT */
/*
 * The buddy system; see core/buddy.h. A block's buddy is found by flipping one bit of its frame
 * number: blocks of one order are aligned to their size, so the pair differs in that bit only.
 */
#include "core/buddy.h"

#include "lib/assert.h"
#include "lib/string.h"

#define NONE UINT32_MAX

/* Bits of an unsigned long: the end of the search for an order. */
#define BITS_PER_COUNT (8 * sizeof(unsigned long))

static struct buddy_node *node_of(const struct buddy *buddy, uint32_t frame)
{
    return (struct buddy_node *)(void *)(buddy->nodes + (size_t)frame * buddy->stride);
}

void buddy_init(struct buddy *buddy, void *first_node, size_t stride, uint32_t frames)
{
    /* NONE and BUDDY_NO_LIMIT are frame numbers too: no real frame may have them. */
    ASSERT(frames < NONE);
    memset(buddy, 0, sizeof(*buddy));
    buddy->nodes = first_node;
    buddy->stride = stride;
    buddy->frames = frames;
}

/* Numbers of frames that are not 0: how many bits they have. */
static unsigned int bits_of(uint32_t frame)
{
    return 32 - (unsigned int)__builtin_clz(frame);
}

/* All frames of a block have numbers of as many bits, since it is aligned to its size; unless it
 * begins at 0. */
static unsigned int zone_of(uint32_t frame, unsigned int order)
{
    uint32_t last = frame + (1U << order) - 1;

    return last == 0 ? 0 : bits_of(last);
}

/* Marks the block free and puts it at the end of its list. */
static void list_block(struct buddy *buddy, uint32_t frame, unsigned int order)
{
    struct buddy_node *node = node_of(buddy, frame);
    unsigned int number = zone_of(frame, order);
    struct buddy_zone *zone = &buddy->zone[number];
    bool first = !(zone->orders & 1U << order);

    node->order = (uint8_t)order;
    node->state = BUDDY_FIRST;
    node->prev = first ? NONE : zone->tail[order];
    node->next = NONE;
    if (first)
        zone->head[order] = frame;
    else
        node_of(buddy, node->prev)->next = frame;
    zone->tail[order] = frame;
    zone->orders |= 1U << order;
    buddy->zones |= 1UL << number;
}

/* Takes the block out of its list and unmarks it. */
static void unlist_block(struct buddy *buddy, uint32_t frame)
{
    struct buddy_node *node = node_of(buddy, frame);
    unsigned int order = node->order, number = zone_of(frame, order);
    struct buddy_zone *zone = &buddy->zone[number];

    if (node->prev != NONE)
        node_of(buddy, node->prev)->next = node->next;
    else
        zone->head[order] = node->next;
    if (node->next != NONE)
        node_of(buddy, node->next)->prev = node->prev;
    else
        zone->tail[order] = node->prev;
    if (zone->head[order] == NONE)
        zone->orders &= ~(1U << order);
    if (zone->orders == 0)
        buddy->zones &= ~(1UL << number);
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

/* The zones that lie below limit as a whole, a bit each. */
static uint64_t zones_below(const struct buddy *buddy, mfn_t limit)
{
    if (limit.n >= buddy->frames)
        return buddy->zones;
    return limit.n == 0 ? 0 : buddy->zones & ((1UL << bits_of((uint32_t)limit.n)) - 1);
}

/* The smallest block that will do, of the highest such zone that has one; NONE: there is none. */
static uint32_t find_block(const struct buddy *buddy, unsigned int wanted, mfn_t limit)
{
    uint64_t zones = zones_below(buddy, limit);

    while (zones != 0) {
        unsigned int number = 63 - (unsigned int)__builtin_clzl(zones);
        const struct buddy_zone *zone = &buddy->zone[number];
        uint32_t orders = zone->orders >> wanted;

        if (orders != 0)
            return zone->head[wanted + (unsigned int)__builtin_ctz(orders)];
        zones &= ~(1UL << number);
    }
    return NONE;
}

/* The block is split; each upper half goes back to the list of its order. */
mfn_t buddy_alloc(struct buddy *buddy, unsigned int wanted, mfn_t limit)
{
    uint32_t frame = wanted <= BUDDY_MAX_ORDER ? find_block(buddy, wanted, limit) : NONE;
    unsigned int order;

    if (frame == NONE)
        return INVALID_MFN;
    order = node_of(buddy, frame)->order;
    unlist_block(buddy, frame);
    while (order > wanted) {
        order--;
        list_block(buddy, frame + (1U << order), order);
    }
    buddy->free_frames -= BIT(wanted);
    return MFN(frame);
}

unsigned int buddy_order_for(unsigned long count)
{
    unsigned int order = 0;

    while (order < BITS_PER_COUNT - 1 && BIT(order) < count)
        order++;
    return order;
}
