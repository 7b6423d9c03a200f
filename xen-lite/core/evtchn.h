/* SPDX-License-Identifier: MIT */
/*
 * Event-channel ports: what state a port can be in, and what may be asked of it in each.
 *
 * A port is one end of a channel, numbered per domain. The table in evtchn.c is the whole truth
 * about which operation is legal in which state; the code in domain/ asks it and then acts.
 */
#ifndef CORE_EVTCHN_H
#define CORE_EVTCHN_H

#include "lib/types.h"

enum evtchn_state {
    EVTCHN_FREE,        /* not in use; the next allocation may take it */
    EVTCHN_RESERVED,    /* never handed out (port 0) */
    EVTCHN_UNBOUND,     /* waits for peer_domain to connect */
    EVTCHN_INTERDOMAIN, /* connected to peer_port of peer_domain, or to the hypervisor itself */
    EVTCHN_PIRQ,        /* raised by a physical interrupt */
    EVTCHN_VIRQ,        /* raised by the hypervisor: timer, console, ... */
    EVTCHN_IPI,         /* raised by the domain itself, heard by one of its vCPUs */
};
#define EVTCHN_STATES 7

/* Ports are allocated a block at a time, so that a port keeps its address until its domain dies. */
#define EVTCHN_PER_BLOCK 64

/* One port. Which of the union's members counts is said by state.
 * Keys: all under the domain's event lock; a connected pair changes under both domains' locks. */
struct evtchn {
    uint8_t state;       /* enum evtchn_state */
    bool for_hypervisor; /* the other end is the hypervisor (console ring): no peer port */
    uint16_t vcpu;       /* who hears of events */
    union {
        struct {
            uint16_t domain; /* UNBOUND: who may connect; INTERDOMAIN: whose port the peer is */
            uint32_t port;   /* INTERDOMAIN */
        } peer;
        uint16_t pirq;
        uint16_t virq;
    };
    void (*notify)(void *domain); /* for_hypervisor: called when the guest sends */
};

#endif
