/* SPDX-License-Identifier: MIT */
/*
 * Event-channel ports: what state a port can be in, and what may be asked of it in each.
 *
 * A port is one end of a channel, numbered per domain. The table in evtchn.c is the whole truth
 * about which operation is legal in which state; the code in domain/ asks it and then acts.
 */
#ifndef CORE_EVTCHN_H
#define CORE_EVTCHN_H

#include "abi/rules.h"
#include "lib/types.h"

enum evtchn_state {
    EVTCHN_FREE,        /* not in use; the next allocation may take it */
    EVTCHN_LEAVING,     /* closed, but not taken out of its FIFO queue yet: not to be used anew */
    EVTCHN_RESERVED,    /* never handed out (port 0) */
    EVTCHN_UNBOUND,     /* waits for peer_domain to connect */
    EVTCHN_INTERDOMAIN, /* connected to peer_port of peer_domain, or to the hypervisor itself */
    EVTCHN_PIRQ,        /* raised by a physical interrupt */
    EVTCHN_VIRQ,        /* raised by the hypervisor: timer, console, ... */
    EVTCHN_IPI,         /* raised by the domain itself, heard by one of its vCPUs */
};
#define EVTCHN_STATES 8

/* Ports are allocated a block at a time, so that a port keeps its address until its domain dies. */
#define EVTCHN_PER_BLOCK 64

/* What FIFO events keep for a port (core/evtchn_fifo.h). A port keeps it when it is closed and used
 * anew: it may still be in the queue that is noted here.
 * Keys: e = the domain's event lock; q = its queue lock. */
struct fifo_port {
    uint16_t last_vcpu;    /* q: the queue that it was put in last */
    uint8_t last_priority; /* q */
    uint8_t priority;      /* e; q may read: the queue for its next event */
    bool waiting;          /* q: an event has come, and there was no word for it yet */
};

/* One port. Which of the union's members counts is said by state.
 * Keys: all but .fifo under the domain's event lock; a connected pair changes under both domains'
 * locks. */
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
        uint32_t next; /* LEAVING: the next one in the domain's list of those; 0: none */
    };
    struct fifo_port fifo;
    void (*notify)(void *domain); /* for_hypervisor: called when the guest sends */
};

/* What may be done with a port that exists. Connecting and allocating have functions of their own
 * because more than the state decides. */
enum port_use {
    PORT_SEND,
    PORT_CLOSE,
    PORT_BIND_VCPU, /* let another vCPU hear of it */
    PORT_UNMASK,
    PORT_STATUS,
    PORT_POLL, /* wait for its event */
};
#define PORT_USES 6

static inline bool port_is_closed(const struct evtchn *port)
{
    return port->state == EVTCHN_FREE || port->state == EVTCHN_LEAVING;
}

/* The rule that the use would break in the port's present state, or RULE_NONE. */
enum rule_id port_may(const struct evtchn *port, enum port_use use);

/* The same for PORT_SEND, in line: what guests do most. */
extern const uint16_t port_rules[EVTCHN_STATES][PORT_USES];
static inline enum rule_id port_may_send(const struct evtchn *port)
{
    return (enum rule_id)port_rules[port->state][PORT_SEND];
}

/* Whether a port of domain caller may be connected to this port: RULE_NONE, or EVT-5 if it does
 * not wait for that domain. */
enum rule_id port_may_connect(const struct evtchn *port, uint16_t caller);

/* EVTCHNSTAT_*: the state as the guest is told. */
uint32_t port_status(const struct evtchn *port);

/* Whether a virtual interrupt can be bound with this vCPU: RULE_NONE; EVT-6 if the number is none
 * of an interrupt; EVT-8 if it is global and the vCPU is not 0. Numbers that virq.def leaves out
 * can be bound like global ones, as on Xen: nobody raises them. Whether it is bound already is for
 * the caller to see. */
enum rule_id virq_may_bind(uint32_t virq, uint32_t vcpu);

/* A global virtual interrupt is the domain's; others are a vCPU's own. virq < NR_VIRQS. */
bool virq_is_global(uint32_t virq);

#endif
