/* SPDX-License-Identifier: MIT */
/*
 * What evtchn.c (ports) and evtchn_deliver.c (events) share.
 */
#ifndef XEN_LITE_DOMAIN_EVTCHN_INTERNAL_H
#define XEN_LITE_DOMAIN_EVTCHN_INTERNAL_H

#include "domain/evtchn.h"
#include "lib/atomic.h"

/* The port, which exists. */
static inline struct evtchn *evtchn_at(const struct domain *d, evtchn_port_t port)
{
    return &d->ports[port / EVTCHN_PER_BLOCK][port % EVTCHN_PER_BLOCK];
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

/* The port is closed: what was pending is no longer. */
void evtchn_forget(struct domain *d, evtchn_port_t port);

#endif
