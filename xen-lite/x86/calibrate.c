/* SPDX-License-Identifier: MIT */
/*
 * Measures the TSC and the APIC timer against the ACPI PM timer, or the PIT where there is none.
 *
 * A reading of the reference clock costs a microsecond or (under an emulator that loses the CPU)
 * far more, and lies somewhere between the TSC before it and the TSC after it. So each end of the
 * measured span is the tightest of several such readings, and a short span is enough: the error is
 * that of two tight readings over 5 ms.
 */
#include "x86/calibrate.h"

#include <stdbool.h>

#include "lib/types.h"
#include "x86/acpi_info.h"
#include "x86/apic.h"
#include "x86/instr.h"

#define PM_TIMER_HZ   3579545UL
#define PIT_HZ        1193182UL
#define PIT_CHANNEL2  0x42
#define PIT_COMMAND   0x43
#define PIT_GATE      0x61
/* Channel 2, both bytes, mode 0 (count down once), binary; latch channel 2. */
#define PIT_SET_MODE0 0xb0
#define PIT_LATCH     0x80

#define SPAN_MS    5
#define READINGS   16
#define APIC_START 0xffffffffU
/* Reads after which a clock that stands still is given up. */
#define PATIENCE   1000

/* A counter that runs upward modulo 2^bits. */
struct reference {
    uint32_t (*read)(void);
    uint64_t hz;
    uint32_t mask;
};

/* What three clocks said at about the same time; TSC and APIC are those of the middle. */
struct reading {
    uint32_t count;
    uint32_t apic;
    uint64_t tsc;
};

static uint32_t pm_timer_read(void)
{
    return in32((uint16_t)acpi_info.fadt.pm_timer.address);
}

static uint32_t pit_read(void)
{
    out8(PIT_COMMAND, PIT_LATCH);
    uint32_t low = in8(PIT_CHANNEL2);
    uint32_t high = in8(PIT_CHANNEL2);

    return ~(high << 8 | low) & 0xffff;
}

static void pit_start(void)
{
    /* Gate on, speaker off. */
    out8(PIT_GATE, (in8(PIT_GATE) & ~2) | 1);
    out8(PIT_COMMAND, PIT_SET_MODE0);
    out8(PIT_CHANNEL2, 0xff);
    out8(PIT_CHANNEL2, 0xff);
}

/* Some emulators and some broken boards have a PM timer that stands still. */
static bool runs(const struct reference *reference)
{
    uint32_t first = reference->read();

    for (unsigned int i = 0; i < PATIENCE; i++)
        if (reference->read() != first)
            return true;
    return false;
}

/* The reading with the least time between the TSC before and the TSC after it. */
static struct reading read_tight(const struct reference *reference)
{
    struct reading best = { 0 };
    uint64_t best_width = UINT64_MAX;

    for (unsigned int i = 0; i < READINGS; i++) {
        uint64_t before = rdtsc();
        uint32_t count = reference->read();
        uint32_t apic = apic_timer_read();
        uint64_t width = rdtsc() - before;

        if (width < best_width) {
            best_width = width;
            best = (struct reading){ count, apic, before + width / 2 };
        }
    }
    return best;
}

static struct calibration measure(const struct reference *reference)
{
    uint64_t span = reference->hz * SPAN_MS / 1000;

    apic_timer_start(APIC_START);
    struct reading start = read_tight(reference);

    while (((reference->read() - start.count) & reference->mask) < span)
        cpu_relax();
    struct reading end = read_tight(reference);
    uint64_t counts = (end.count - start.count) & reference->mask;

    apic_timer_start(0);
    return (struct calibration){
        .tsc_hz = (end.tsc - start.tsc) * reference->hz / counts,
        .apic_hz = (uint64_t)(start.apic - end.apic) * reference->hz / counts,
    };
}

struct calibration calibrate(void)
{
    const struct reference pm = {
        .read = pm_timer_read,
        .hz = PM_TIMER_HZ,
        .mask = acpi_info.fadt.pm_timer_is_32_bits ? 0xffffffff : 0xffffff,
    };
    const struct reference pit = { .read = pit_read, .hz = PIT_HZ, .mask = 0xffff };

    if (acpi_info.has_fadt && acpi_info.fadt.pm_timer.space == ACPI_SPACE_IO &&
        acpi_info.fadt.pm_timer.address != 0 && runs(&pm))
        return measure(&pm);
    pit_start();
    if (runs(&pit))
        return measure(&pit);
    return (struct calibration){ 0 };
}
