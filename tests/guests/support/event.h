/* SPDX-License-Identifier: MIT */
/* Event channels: counters that the event callback fills. */
#ifndef TESTS_GUESTS_SUPPORT_EVENT_H
#define TESTS_GUESTS_SUPPORT_EVENT_H

#include <stdbool.h>
#include <stdint.h>

/* Ports that the counters cover. */
#define EVENT_PORTS 256

/* How often each port was served, and how often the callback was entered. */
extern volatile unsigned event_count[EVENT_PORTS];
extern volatile unsigned upcall_count;

/* If set, called for each port that is served. */
extern void (*event_hook)(unsigned port);

/* This vCPU's mask: while it is on no callback comes. Unmasking delivers what waits. */
void events_mask(void);
void events_unmask(void);

/* The bits of a port, in the shared page or, with FIFO events, in its word. */
bool event_pending(unsigned port);
void event_clear(unsigned port);
bool event_masked(unsigned port);
void event_mask(unsigned port);
void event_unmask_locally(unsigned port);

/* Whether vCPU 0 is told that there is something to look at, apart from the upcall flag; and taking
 * note of that without looking at any port. */
bool events_ready(void);
void events_forget(void);

/* event_channel_op with its argument; the raw result. */
long event_op(unsigned operation, void *argument);

/* Sends on the port, which must be one to send on; and on any, with the raw result. */
void event_send(unsigned port);
long event_try_send(unsigned port);

/* Nanoseconds since the hypervisor started. */
uint64_t system_time(void);

/* The callback's work. */
void events_serve(void);

#endif
