/* SPDX-License-Identifier: MIT */
/*
 * Time: the TSC as the clock, the local APIC's timer as the alarm, the CMOS clock for the date.
 */
#ifndef XEN_LITE_X86_CLOCK_H
#define XEN_LITE_X86_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/timescale.h"
#include "x86/cpu.h"
#include "x86/instr.h"

/* What the TSC means: now = ns + scale(tsc now - tsc). One line for all CPUs, constant after boot;
 * guests get the same numbers in their vcpu_time_info. */
struct clock_line {
    uint64_t tsc;
    uint64_t ns;
    struct timescale scale;
    bool stable; /* the TSCs of all CPUs agree */
};

struct clock_line clock_line(void);

/* TSC ticks in a second. */
uint64_t clock_tsc_hz(void);

/* Measures TSC and APIC timer against a clock of known speed; takes some milliseconds. */
void clock_init(void);

/* The CPU's timer: to be called once on each CPU. */
void clock_init_cpu(void);

/* Nanoseconds since boot. Before clock_init() it is 0. */
uint64_t now_ns(void);

/* Raises VECTOR_TIMER on this CPU at (or soon after) the deadline, in ns of system time; a deadline
 * in the past raises it at once, UINT64_MAX never. Replaces the one set before. */
void clock_set_alarm(uint64_t deadline);

/* True if this CPU's alarm is due: for code that runs with interrupts off. Cheap. */
static inline bool clock_alarm_due(void)
{
    return rdtsc() >= cpu_top()->alarm_tsc;
}

/* Waits, spinning. */
void clock_delay_ns(uint64_t ns);

/* Nanoseconds since 1970 (UTC) at system time 0, as the CMOS clock says: whole seconds. */
uint64_t wallclock_at_boot_ns(void);

#endif
