/* SPDX-License-Identifier: MIT */
/*
 * What evtchn.c (ports) and evtchn_deliver.c (events) share.
 */
#ifndef XEN_LITE_DOMAIN_EVTCHN_INTERNAL_H
#define XEN_LITE_DOMAIN_EVTCHN_INTERNAL_H

#include "domain/evtchn.h"
#include "lib/atomic.h"

/* The port, which exists and is below what the bitmaps hold. */
static inline struct evtchn *evtchn_near(const struct domain *d, evtchn_port_t port)
{
    return &d->ports[port / EVTCHN_PER_BLOCK][port % EVTCHN_PER_BLOCK];
}

/* The port, which exists. */
static inline struct evtchn *evtchn_at(const struct domain *d, evtchn_port_t port)
{
    uint32_t block = port / EVTCHN_PER_BLOCK;

    if (likely(block < EVTCHN_BLOCKS))
        return evtchn_near(d, port);
    return &d->far_ports[block - EVTCHN_BLOCKS][port % EVTCHN_PER_BLOCK];
}

/* The port, or null if it is beyond those that exist. It stays where it is until d is freed; its
 * contents are e. */
static inline struct evtchn *evtchn_find(const struct domain *d, evtchn_port_t port)
{
    if (port >= atomic_load(&d->port_count))
        return NULL;
    return evtchn_at(d, port);
}

/* The event locks of two domains (or of one, twice the same), in order of id. */
void evtchn_lock_two(struct domain *a, struct domain *b);
void evtchn_unlock_two(struct domain *a, struct domain *b);

/* The domain at the other end of a channel, or null if the port has none. It is there as long as
 * the channel is. e held. */
static inline struct domain *evtchn_peer(const struct evtchn *chn)
{
    if (chn->state != EVTCHN_INTERDOMAIN || chn->for_hypervisor)
        return NULL;
    return domain_peek(chn->peer.domain);
}

/* An event for port of d arrived; it is heard by that vCPU. The event lock of d or of the domain at
 * the other end is held, so that d stays. */
void evtchn_deliver(struct domain *d, evtchn_port_t port, unsigned int vcpu);

/* The port is closed: what was pending is no longer. e held. */
void evtchn_forget(struct domain *d, evtchn_port_t port);

/* The same for a domain with FIFO events. */
void evtchn_fifo_deliver(struct domain *d, evtchn_port_t port);

/* EVTCHNOP_unmask with FIFO events. e held. */
void evtchn_fifo_unmask_port(struct domain *d, evtchn_port_t port);

/* Ends the wait of vCPUs that poll for this port, or for several. */
void evtchn_wake_pollers(struct domain *d, evtchn_port_t port);

/* A closed port that the guest has not taken out of its queue cannot be used anew. e held. */
bool evtchn_is_linked(struct domain *d, evtchn_port_t port);

/* The lowest port that can be used anew, which the caller does at once; 0: there is none. e held.
 */
evtchn_port_t evtchn_take_free(struct domain *d);
/* The port is closed. e held. */
void evtchn_give_free(struct domain *d, evtchn_port_t port);

/* Back to two-level events; all ports but those that are kept are closed. Takes what the guest gave
 * off d, for evtchn_fifo_give_back(); null if there is nothing. e held. */
struct evtchn_fifo *evtchn_fifo_take(struct domain *d);
/* Gives the pages back to their domain. No lock held. */
void evtchn_fifo_give_back(struct domain *d, struct evtchn_fifo *fifo);

#endif
