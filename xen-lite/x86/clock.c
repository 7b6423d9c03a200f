/* SPDX-License-Identifier: MIT */
/*
 * System time and each CPU's alarm.
 *
 * The TSCs of all CPUs are taken to run together, as they do on every machine of this decade and
 * under QEMU.
 */
#include "x86/clock.h"

#include "lib/types.h"
#include "x86/apic.h"
#include "x86/calibrate.h"
#include "x86/cmos.h"
#include "x86/cpu.h"
#include "x86/feature.h"
#include "x86/image.h"
#include "x86/instr.h"
#include "x86/report.h"

/* The timer counts in 32 bits; a later deadline is reached in steps. */
#define APIC_TICKS_MAX 0xffffffffUL

/* All are set by clock_init() and then constant. */
static struct clock_line line SET_ONCE;
static uint64_t tsc_hz SET_ONCE;
static struct timescale from_ns SET_ONCE;    /* ns to TSC ticks */
static struct timescale ns_to_apic SET_ONCE; /* ns to APIC timer ticks */
static uint64_t wallclock_ns SET_ONCE;

void clock_init(void)
{
    struct calibration c = calibrate();

    if (c.tsc_hz == 0)
        machine_panic("no clock to measure the TSC with: neither ACPI PM timer nor PIT runs");
    tsc_hz = c.tsc_hz;
    line.scale = timescale_to_ns(c.tsc_hz);
    line.stable = true;
    from_ns = timescale_from_ns(c.tsc_hz);
    ns_to_apic = timescale_from_ns(c.apic_hz);
    wallclock_ns = cmos_read_seconds() * NS_PER_SECOND;
    line.tsc = rdtsc();
}

uint64_t now_ns(void)
{
    return line.ns + timescale_apply(line.scale, rdtsc() - line.tsc);
}

void clock_init_cpu(void)
{
    apic_timer_init(features.tsc_deadline);
    clock_set_alarm(UINT64_MAX);
}

void clock_set_alarm(uint64_t deadline)
{
    uint64_t due = time_deadline_ticks(from_ns, deadline, line.ns, line.tsc);

    cpu_top()->alarm_tsc = due;
    if (features.tsc_deadline) {
        /* 0 would switch it off, and all ones never comes. */
        apic_timer_set_deadline(due == UINT64_MAX ? 0 : max(due, 1UL));
        return;
    }
    if (due == UINT64_MAX) {
        apic_timer_start(0);
        return;
    }
    uint64_t ticks = timescale_apply(ns_to_apic, time_until(deadline, now_ns()));

    /* Never 0, which would stop it. One tick more than enough, or it comes early and once more. */
    apic_timer_start((uint32_t)min(ticks + 1, APIC_TICKS_MAX));
}

void clock_delay_ns(uint64_t ns)
{
    uint64_t end = rdtsc() + timescale_apply(from_ns, ns);

    while (rdtsc() < end)
        cpu_relax();
}

struct clock_line clock_line(void)
{
    return line;
}

uint64_t clock_tsc_hz(void)
{
    return tsc_hz;
}

uint64_t wallclock_at_boot_ns(void)
{
    return wallclock_ns;
}
