/* SPDX-License-Identifier: MIT */
/*
 * Timers in nanoseconds of system time (since boot), one queue a CPU on top of the CPU's one-shot
 * timer.
 */
#ifndef XEN_LITE_HV_TIMER_H
#define XEN_LITE_HV_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/heap.h"

/* Keys: t = lock of the queue of CPU .cpu; c = set by timer_init(). */
struct timer {
    void (*fire)(void *arg); /* c: called once at or after the deadline; no lock is held, and the
                                timer is no longer set */
    void *arg;               /* c */
    struct heap_node node;   /* t: in the queue while set; the key is the deadline in ns */
    uint32_t cpu;            /* t: whose queue */
};

void timer_init(struct timer *t, void (*fire)(void *arg), void *arg);

/* Sets or moves the timer; it will fire on this CPU, or on the one that just runs its function. A
 * deadline in the past fires at the next work_run(). */
void timer_set(struct timer *t, uint64_t deadline);

/* Takes the timer out. When it returns the timer is not set and its function does not run on any
 * CPU (but the caller's own). */
void timer_stop(struct timer *t);

/* At boot, once; installs the interrupt's handler. */
void timers_init(void);

#endif
