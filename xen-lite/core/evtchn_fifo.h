/* SPDX-License-Identifier: MIT */
/*
 * FIFO events: each vCPU has 16 queues, one a priority, of the ports whose events it is to hear of.
 * Hypervisor and guest write at the same time:
 *
 *     event word, one a port, in pages that the guest gives one after the other (the array):
 *         PENDING  the event has come
 *         MASKED   the guest does not want to hear of it
 *         LINKED   it is in a queue; LINK is the next port there, 0 for the last
 *         BUSY     LINK is being written: the guest does not unmask meanwhile
 *     control block, one a vCPU, which the guest gives, too:
 *         head[priority]   the first port of a queue that was empty
 *         ready            a bit for each queue: look there
 *
 * Who makes an event puts its port behind the last of its queue, which it knows from .tail, by
 * writing that one's LINK; if the guest has taken that one out (LINKED is clear) the queue is
 * empty, and it writes the head. The guest takes the first out of a queue and learns from its LINK
 * which is next.
 *
 * The hard idea is what is believed. A LINK or a head is written here and never read: ports are
 * found by numbers that only the hypervisor knows (.tail, the port itself). So a guest can lose its
 * own events, by writing what it must not, and nothing else. The same goes for time: whoever writes
 * a LINK tries that a fixed number of times.
 *
 * A port is the last of at most one queue, the one noted in struct fifo_port: when it goes to
 * another, it is no longer the last of the old one. That needs both queues to stand still, and
 * there is one lock for all of a domain. All functions want it, but those that say otherwise.
 */
#ifndef CORE_EVTCHN_FIFO_H
#define CORE_EVTCHN_FIFO_H

#include "abi/xen.h"
#include "core/evtchn.h"
#include "lib/types.h"

#define FIFO_VCPUS          128
#define FIFO_WORDS_PER_PAGE (PAGE_SIZE / sizeof(uint32_t))
#define FIFO_PAGES          (EVTCHN_FIFO_NR_CHANNELS / FIFO_WORDS_PER_PAGE)

struct fifo_vcpu {
    struct evtchn_fifo_control_block *control; /* null: the guest has given none */
    evtchn_port_t
        tail[EVTCHN_FIFO_MAX_QUEUES]; /* the last port of each queue, if it is linked; 0 */
};

/* All of one domain. Zeroed: no page, no control block. What the pointers lead to is the guest's
 * memory (g). */
struct evtchn_fifo {
    uint32_t *page[FIFO_PAGES]; /* the array; null from .pages on */
    uint32_t pages;             /* a: grows only */
    struct fifo_vcpu vcpu[FIFO_VCPUS];
};

/* What has come of it, as bits. */
#define FIFO_ARRIVED 1U /* the port was not pending before: who polls for it is to wake */
#define FIFO_TELL    2U /* its vCPU is to make an upcall */

/* An event has arrived at port, whose state is chn. If there is no word for it yet, it waits for
 * that; if its vCPU has no control block, it is lost, as on Xen. */
unsigned int evtchn_fifo_raise(struct evtchn_fifo *f, struct evtchn *chn, evtchn_port_t port);

/* The guest asks to clear the mask of port and to be told of what arrived meanwhile. */
unsigned int evtchn_fifo_unmask(struct evtchn_fifo *f, struct evtchn *chn, evtchn_port_t port);

/* The port is closed: it must not be pending when it is next used. It stays in its queue until the
 * guest takes it out. */
void evtchn_fifo_forget(struct evtchn_fifo *f, struct evtchn *chn, evtchn_port_t port);

/* One bit of a port's word, EVTCHN_FIFO_PENDING and so on; false if there is no word. Needs no
 * lock: the domain does not leave FIFO events meanwhile. */
bool evtchn_fifo_test(const struct evtchn_fifo *f, evtchn_port_t port, unsigned int bit);

/* The guest gives a page of words: FIFO_WORDS_PER_PAGE more ports. EVT-20 if there are all; EVT-18
 * if it is null: one that the guest must not give. */
enum rule_id evtchn_fifo_add_page(struct evtchn_fifo *f, void *page);

#endif
