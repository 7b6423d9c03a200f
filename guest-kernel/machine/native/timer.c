/* SPDX-License-Identifier: MIT */
/*
 * Time. The processor counts cycles (TSC) at a rate that it does not tell: it is measured against
 * the interval timer (8254), whose rate has been the same since 1981. The same timer wakes us; the
 * date is in the battery-backed clock.
 */
#include "machine/native/instructions.h"
#include "machine/native/native.h"

#define TIMER_HZ       1193182u
#define TIMER_CHANNEL0 0x40
#define TIMER_CHANNEL2 0x42
#define TIMER_COMMAND  0x43
#define ONE_SHOT_0     0x30 /* channel 0, both bytes, counts down once and interrupts */
#define ONE_SHOT_2     0xb0

/* Channel 2 is the speaker's: here are its gate, and whether it has counted down. */
#define SPEAKER      0x61
#define SPEAKER_GATE 0x01
#define SPEAKER_ON   0x02
#define SPEAKER_DONE 0x20

#define SECOND       1000000000ull
#define MEASUREMENTS 5

/* A cycle is nanoseconds_of_cycle / 2^SHIFT ns: to multiply is quick, and to divide 64 bits is not
 * on a 32-bit machine. */
#define SHIFT 24
static uint64_t tsc_start, nanoseconds_of_cycle, start_date;

/* ---- The date ---- */

#define CLOCK_INDEX 0x70
#define CLOCK_DATA  0x71

enum clock_register {
    CLOCK_SECOND = 0,
    CLOCK_MINUTE = 2,
    CLOCK_HOUR = 4,
    CLOCK_DAY = 7,
    CLOCK_MONTH = 8,
    CLOCK_YEAR = 9,
    CLOCK_A = 10,
    CLOCK_B = 11,
};

#define A_UPDATING 0x80
#define B_BINARY   0x04

static unsigned clock_read(enum clock_register which)
{
    out8(CLOCK_INDEX, (uint8_t)which);
    return in8(CLOCK_DATA);
}

/* As a number: most clocks count in decimal digits of four bits. */
static unsigned clock_number(enum clock_register which)
{
    unsigned value = clock_read(which);

    return clock_read(CLOCK_B) & B_BINARY ? value : (value >> 4) * 10 + (value & 15);
}

/* Days since 1970. The year begins in March here, so that the leap day is its last; the months then
 * have 153 days every five. */
static unsigned days(unsigned year, unsigned month, unsigned day)
{
    unsigned y = month > 2 ? year : year - 1;
    unsigned m = month > 2 ? month - 3 : month + 9;

    return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static uint64_t clock_seconds(void)
{
    unsigned day =
        days(2000 + clock_number(CLOCK_YEAR), clock_number(CLOCK_MONTH), clock_number(CLOCK_DAY));

    return ((day * 24ull + clock_number(CLOCK_HOUR)) * 60 + clock_number(CLOCK_MINUTE)) * 60 +
           clock_number(CLOCK_SECOND);
}

/* Read until two readings agree: the clock may step in between. */
static uint64_t read_date(void)
{
    uint64_t seconds, again = clock_seconds();

    do {
        seconds = again;
        while (clock_read(CLOCK_A) & A_UPDATING)
            ;
        again = clock_seconds();
    } while (seconds != again);
    return seconds;
}

/* ---- Time ---- */

static void count_down(uint16_t channel, uint8_t command, unsigned ticks)
{
    out8(TIMER_COMMAND, command);
    out8(channel, (uint8_t)ticks);
    out8(channel, (uint8_t)(ticks >> 8));
}

/* How many cycles pass in the time of that many ticks. */
static uint64_t measure(unsigned ticks)
{
    uint64_t start;

    out8(SPEAKER, (uint8_t)((in8(SPEAKER) & ~SPEAKER_ON) | SPEAKER_GATE));
    count_down(TIMER_CHANNEL2, ONE_SHOT_2, ticks);
    start = read_tsc();
    while (!(in8(SPEAKER) & SPEAKER_DONE))
        ;
    return read_tsc() - start;
}

uint64_t machine_start_date(void)
{
    return start_date;
}

/* The shortest of some measurements: what disturbs one makes it longer. */
void native_timer_init(void)
{
    uint64_t best = UINT64_MAX;

    tsc_start = read_tsc();
    for (unsigned i = 0; i < MEASUREMENTS; i++) {
        uint64_t cycles = measure(TIMER_HZ / 500);

        if (cycles < best)
            best = cycles;
    }
    nanoseconds_of_cycle = (SECOND << SHIFT) / (best * 500);
    start_date = read_date();
}

/* In two halves: the product would not fit. */
uint64_t machine_time(void)
{
    uint64_t cycles = read_tsc() - tsc_start;

    return ((cycles >> 32) * nanoseconds_of_cycle << (32 - SHIFT)) +
           ((uint32_t)cycles * nanoseconds_of_cycle >> SHIFT);
}

/* ---- Being woken ---- */

static uint64_t wanted;
static void (*wanted_by)(void);

/* The timer counts to 65535, 55 ms, at most. */
static void start_timer(uint64_t now)
{
    uint64_t wait = wanted > now ? wanted - now : 0;
    uint64_t ticks = wait < SECOND ? wait * TIMER_HZ / SECOND + 1 : UINT16_MAX;

    count_down(TIMER_CHANNEL0, ONE_SHOT_0, ticks < UINT16_MAX ? (unsigned)ticks : UINT16_MAX);
}

void machine_timer_set(uint64_t when)
{
    wanted = when;
    start_timer(machine_time());
}

/* Too early where the timer could not count that far, or counts a little faster than the TSC was
 * measured. */
static void timer_arrived(void)
{
    uint64_t now = machine_time();

    if (now < wanted)
        start_timer(now);
    else
        wanted_by();
}

void native_timer_bind(void (*handler)(void))
{
    wanted_by = handler;
    native_line_bind(LINE_TIMER, timer_arrived);
}
