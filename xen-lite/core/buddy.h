/* SPDX-License-Identifier: MIT */
/*
 * Physical page allocator: the rules of a binary buddy system over small nodes, one per machine
 * frame, that live in somebody else's array (the frame table) at a fixed distance from each other.
 *
 * Free memory is a set of blocks of 2^order frames, each aligned to its size. A block is split in
 * halves to serve a smaller request; when both halves are free again they merge. Only a block's
 * first frame is marked, so all steps cost at most one visit per order.
 *
 * No locks: the caller has one.
 */
#ifndef CORE_BUDDY_H
#define CORE_BUDDY_H

#include "lib/types.h"

/* The largest block is 2^20 frames = 4 GiB. */
#define BUDDY_MAX_ORDER 20

/* Zone z is the blocks whose last frame's number has z bits: [2^(z-1), 2^z). */
#define BUDDY_ZONES 33

enum buddy_state {
    BUDDY_NOT_FIRST = 0, /* in use, not RAM, or inside a free block */
    BUDDY_FIRST = 1,     /* the first frame of a free block of 2^order frames */
};

/* While a frame is in use its owner may overlay next, prev and order with data of its own, but
 * not state: merging looks at the neighbour's state whatever the neighbour is. All zero is right
 * for a frame that has never been free. */
struct buddy_node {
    uint32_t next;
    uint32_t prev;
    uint8_t order;
    uint8_t state;
    /* Not the allocator's: room for whose frame it is, in what padding would waste. */
    uint16_t owner;
};

/* One list per zone and order; blocks are taken at the head and put back at the tail. Requests take
 * from the highest zone that will do, so that low memory, which some can use alone, lasts; and
 * those with a limit know by the zone what lies below it, however many blocks there are: a guest
 * chooses the limit, and by what it gives back in pieces the length of the lists. */
struct buddy {
    uint8_t *nodes;
    size_t stride;
    uint32_t frames; /* nodes exist for the frame numbers [0, frames) */
    uint64_t free_frames;
    uint64_t zones; /* bit z: .zone[z] has a block */
    struct buddy_zone {
        uint32_t orders; /* bit n: there is a block of order n; else .head and .tail mean nothing */
        uint32_t head[BUDDY_MAX_ORDER + 1];
        uint32_t tail[BUDDY_MAX_ORDER + 1];
    } zone[BUDDY_ZONES];
};

/* Starts with no free memory. The node of frame n is at first_node + n * stride; all nodes are
 * zero. */
void buddy_init(struct buddy *buddy, void *first_node, size_t stride, uint32_t frames);

/* Gives the frames [first, first + count) to the allocator. They must have nodes and be in no
 * free block yet. */
void buddy_add_range(struct buddy *buddy, mfn_t first, unsigned long count);

/* Takes a block of 2^order frames, aligned to its size, that ends at or below the frame limit
 * (BUDDY_NO_LIMIT: anywhere). A limit within the memory counts as the next lower power of two,
 * which it is but for that of 32-bit guests on machines of more than 166 GiB. INVALID_MFN if there
 * is none, also for an order that is too large. */
#define BUDDY_NO_LIMIT MFN(UINT32_MAX)
mfn_t buddy_alloc(struct buddy *buddy, unsigned int order, mfn_t limit);

/* Gives back a block. It may also be a part of what was allocated at once, as long as it is
 * aligned to its size. */
void buddy_free(struct buddy *buddy, mfn_t first, unsigned int order);

/* The smallest order whose blocks hold count frames. */
unsigned int buddy_order_for(unsigned long count);

#endif
