/* SPDX-License-Identifier: MIT */
/*
 * The watchdog.
 *
 * Each CPU's heart is a timer that beats once a second: it stops when the CPU no longer takes
 * interrupts. Once a second, too, the CMOS clock's interrupt comes as an NMI to the boot CPU,
 * whatever that is doing, and compares. A CPU whose heart stood still for watchdog_timeout= seconds
 * gets an NMI of its own and panics there, so that the backtrace is that of the culprit.
 *
 * The two clocks may part: while a debugger stops a virtual machine its CMOS clock goes on and its
 * hearts do not. So a check counts only if it comes about a second after the last one by the
 * hearts' clock, too.
 */
#include "hv/watchdog.h"

#include "hv/options.h"
#include "hv/panic.h"
#include "hv/print.h"
#include "hv/timer.h"
#include "lib/atomic.h"
#include "lib/types.h"
#include "x86/apic.h"
#include "x86/clock.h"
#include "x86/cmos.h"
#include "x86/cpu.h"
#include "x86/interrupt.h"
#include "x86/ioapic.h"

#define CMOS_IRQ   8
#define BEAT_NS    NS_PER_SECOND
/* Checks that a CPU which was told to panic may still let pass. */
#define LAST_WORDS 2

/* Keys: o = only this CPU; a = atomic; b = the boot CPU's NMI handler. */
static struct {
    struct timer heart; /* o */
    uint32_t beats;     /* a */
    uint32_t seen;      /* b: beats at the last check */
    uint32_t still;     /* b: checks since they last changed */
    bool is_hung;       /* a: told to panic */
} ALIGNED(64) watched[MAX_CPUS];

static uint64_t last_check_ns; /* b */

static void beat(void *unused)
{
    (void)unused;
    (void)atomic_add_return(&watched[cpu_id()].beats, 1);
    timer_set(&watched[cpu_id()].heart, now_ns() + BEAT_NS);
}

/* A CPU that is late gets an NMI, and if that does not make it panic within LAST_WORDS checks, this
 * one does. The boot CPU is in the NMI itself: it panics with what it was doing. */
static void check_cpu(unsigned int cpu, struct regs *regs)
{
    uint32_t beats = atomic_load(&watched[cpu].beats);

    if (beats != watched[cpu].seen) {
        watched[cpu].seen = beats;
        watched[cpu].still = 0;
        return;
    }
    if (++watched[cpu].still < options.watchdog_timeout)
        return;
    if (watched[cpu].still > options.watchdog_timeout + LAST_WORDS)
        panic("watchdog: CPU %u hangs and does not even take an NMI", cpu);
    if (cpu == cpu_id())
        panic_regs(regs, "watchdog: CPU %u hangs", cpu);
    atomic_store(&watched[cpu].is_hung, true);
    apic_send_nmi(cpu);
}

/* Sooner: the machine was stopped, and the hearts had no time. Later: this CPU was stopped itself,
 * and its heart beats when this NMI is over. A CPU that hangs still takes NMIs in time. */
static bool is_in_time(void)
{
    uint64_t passed = now_ns() - last_check_ns;

    if (passed < BEAT_NS / 2)
        return false;
    last_check_ns += passed;
    return passed < 2 * BEAT_NS;
}

static bool nmi(struct regs *regs)
{
    if (panic_in_progress())
        return true;
    if (atomic_load(&watched[cpu_id()].is_hung))
        panic_regs(regs, "watchdog: CPU %u hangs", cpu_id());
    if (cpu_id() != 0 || !cmos_acknowledge())
        return false;
    if (!is_in_time())
        return true;
    for (unsigned int cpu = 0; cpu < cpus_online(); cpu++)
        check_cpu(cpu, regs);
    return true;
}

void watchdog_start_cpu(void)
{
    if (!options.watchdog)
        return;
    timer_init(&watched[cpu_id()].heart, beat, NULL);
    beat(NULL); /* The first check finds a change. */
}

void watchdog_start(void)
{
    if (!options.watchdog)
        return;
    nmi_add_handler(nmi);
    cmos_start_seconds();
    if (!ioapic_route_nmi(CMOS_IRQ, 0))
        print(LOG_WARNING, "watchdog: the CMOS clock's interrupt is not wired; no watchdog\n");
}
