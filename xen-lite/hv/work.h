/* SPDX-License-Identifier: MIT */
/*
 * Work that a CPU does before it next returns to a guest, and the question whether to stop for it.
 *
 * One word a CPU, one bit a kind. Setting a bit of another CPU also knocks (an IPI without any
 * meaning but "look at your word"). The exit path (trap.c) tests the word; work_run() calls the
 * handlers until it is 0.
 */
#ifndef XEN_LITE_HV_WORK_H
#define XEN_LITE_HV_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/atomic.h"
#include "lib/types.h"
#include "x86/clock.h"
#include "x86/cpu.h"
#include "x86/tlb.h"

enum work {
    WORK_STOP,     /* another CPU wants all others to wait (hv/world.c) */
    WORK_TIMER,    /* the CPU's timer queue has something due (hv/timer.c) */
    WORK_SERIAL,   /* serial port wants service (hv/console.c) */
    WORK_SCHEDULE, /* choose again which vCPU runs (domain/sched.c) */
    WORK_REAP,     /* a dead domain has something left to free (domain/destroy.c) */
    WORK_KILL,     /* of debug builds: a domain is to be ended (domain/kill.c) */
    WORK_KINDS
};

/* Installs the handler of a kind of work. It runs with no lock held, on the CPU whose bit was set.
 * Called at boot. */
void work_register(enum work kind, void (*handler)(void));

void work_raise(enum work kind);                      /* on this CPU */
void work_raise_on(unsigned int cpu, enum work kind); /* on any CPU */

/* Runs handlers, lowest bit first, until the word is 0. */
void work_run(void);

/* True when a long operation should stop at its next safe point: this CPU has work to do or its
 * timer is due. Cheap (a load, RDTSC). */
static inline bool preempt_wanted(void)
{
    if (unlikely(atomic_load(&cpu_top()->tlb_askers) != 0))
        tlb_serve();
    if (unlikely(clock_alarm_due()))
        work_raise(WORK_TIMER);
    return atomic_load(&cpu_top()->work) != 0;
}

/* After a step that may have taken tens of microseconds, also where nothing is left to be stopped
 * for: a multicall sees then that the timer is due before it goes on with its next entry. */
static inline void look_at_clock(void)
{
    (void)preempt_wanted();
}

#endif
