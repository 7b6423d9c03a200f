/* SPDX-License-Identifier: MIT */
/*
 * The memory of a domain's ports, and which of them are free.
 *
 * Ports are allocated a block at a time. Which blocks have a free port is a set of bits, so the
 * lowest free port costs the same however many there are: a look through 32 words, then through one
 * block.
 *
 * The hard idea is ports of FIFO events that were closed while they were in a queue. The guest
 * takes them out, but tells nobody. They wait in a list, of which each allocation looks at some and
 * puts those behind that are not out yet: so a guest that leaves many behind makes nothing slower.
 */
#include "core/evtchn_2l.h"
#include "domain/evtchn_internal.h"
#include "hv/alloc.h"
#include "lib/bitmap.h"

/* How many closed ports an allocation looks at whether they have left their queues. */
#define LOOKS 64

/* The number of ports that d's kind of events can have. */
static uint32_t port_limit(const struct domain *d)
{
    uint32_t kind =
        d->fifo != NULL ? EVTCHN_FIFO_NR_CHANNELS : evtchn_2l_ports(d->width->word_shift);

    return min(kind, d->config.max_event_channels + 1);
}

/* ---- Blocks ---- */

/* Where the pointer to a block is kept; null: no memory for it. e held. */
static struct evtchn **place_of_block(struct domain *d, uint32_t block)
{
    if (block < EVTCHN_BLOCKS)
        return &d->ports[block];
    if (d->far_ports == NULL)
        d->far_ports = hv_alloc(EVTCHN_FAR_BLOCKS * sizeof(d->far_ports[0]));
    return d->far_ports != NULL ? &d->far_ports[block - EVTCHN_BLOCKS] : NULL;
}

/* Adds a block of free ports. False: there is no memory. e held. */
static bool add_block(struct domain *d)
{
    uint32_t block = d->port_count / EVTCHN_PER_BLOCK;
    struct evtchn **place = place_of_block(d, block);

    if (place == NULL)
        return false;
    *place = hv_alloc(EVTCHN_PER_BLOCK * sizeof(struct evtchn));
    if (*place == NULL)
        return false;
    bitmap_set(d->free_blocks, block);
    /* The block first: who sees the count uses it. */
    atomic_store(&d->port_count, d->port_count + EVTCHN_PER_BLOCK);
    if (d->fifo == NULL)
        d->quick_ports = d->port_count;
    return true;
}

int evtchn_init(struct domain *d)
{
    if (!add_block(d))
        return -XEN_ENOMEM;
    d->ports[0][0].state = EVTCHN_RESERVED;
    return 0;
}

void evtchn_destroy(struct domain *d)
{
    for (unsigned int block = 0; block < EVTCHN_BLOCKS; block++)
        hv_free(d->ports[block]);
    for (unsigned int block = 0; d->far_ports != NULL && block < EVTCHN_FAR_BLOCKS; block++)
        hv_free(d->far_ports[block]);
    hv_free(d->far_ports);
}

/* ---- Free ports ---- */

/* The first free port of its block that is not below this one; 0: there is none. e held. */
static evtchn_port_t next_in_block(const struct domain *d, evtchn_port_t port)
{
    do {
        if (evtchn_at(d, port)->state == EVTCHN_FREE)
            return port;
    } while (++port % EVTCHN_PER_BLOCK != 0);
    return 0;
}

/* The lowest port that is free, of a new block if need be; 0: there is none. e held. */
static evtchn_port_t lowest_free(struct domain *d)
{
    size_t block = bitmap_find_first_set(d->free_blocks, EVTCHN_ALL_BLOCKS);
    uint32_t limit = port_limit(d);
    evtchn_port_t port;

    if (block == EVTCHN_ALL_BLOCKS) {
        if (d->port_count >= limit || !add_block(d))
            return 0;
        block = d->port_count / EVTCHN_PER_BLOCK - 1;
    }
    port = next_in_block(d, (evtchn_port_t)(block * EVTCHN_PER_BLOCK));
    return port < limit ? port : 0;
}

/* A free port is none any more. It was the lowest, so the block's others are above it. e held. */
static void not_free(struct domain *d, evtchn_port_t port, enum evtchn_state state)
{
    evtchn_at(d, port)->state = (uint8_t)state;
    if (next_in_block(d, port) == 0)
        bitmap_clear(d->free_blocks, port / EVTCHN_PER_BLOCK);
}

/* Puts a port that is EVTCHN_LEAVING behind the others that are. e held. */
static void wait_to_leave(struct domain *d, evtchn_port_t port)
{
    evtchn_at(d, port)->next = 0;
    if (d->leaving == 0)
        d->leaving = port;
    else
        evtchn_at(d, d->leaving_last)->next = port;
    d->leaving_last = port;
}

/* Frees some of those that have left their queues, and puts the others behind. e held. */
static void look_who_has_left(struct domain *d)
{
    evtchn_port_t last = d->leaving_last, port = 0;

    for (unsigned int i = 0; i < LOOKS && d->leaving != 0 && port != last; i++) {
        port = d->leaving;
        d->leaving = evtchn_at(d, port)->next;
        evtchn_give_free(d, port);
    }
}

void evtchn_give_free(struct domain *d, evtchn_port_t port)
{
    struct evtchn *chn = evtchn_at(d, port);

    *chn = (struct evtchn){ .state = EVTCHN_FREE, .fifo = chn->fifo };
    if (evtchn_is_linked(d, port)) {
        chn->state = EVTCHN_LEAVING;
        wait_to_leave(d, port);
    } else {
        bitmap_set(d->free_blocks, port / EVTCHN_PER_BLOCK);
    }
}

evtchn_port_t evtchn_take_free(struct domain *d)
{
    evtchn_port_t port;

    look_who_has_left(d);
    for (unsigned int i = 0; i < LOOKS && (port = lowest_free(d)) != 0; i++) {
        bool linked = evtchn_is_linked(d, port);

        not_free(d, port, EVTCHN_LEAVING);
        if (!linked)
            return port;
        /* It never was in a queue: the guest has written what it must not. */
        wait_to_leave(d, port);
    }
    return 0;
}
