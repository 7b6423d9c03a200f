/* SPDX-License-Identifier: MIT */
/*
 * The CMOS clock.
 *
 * While it updates its registers (2 ms a second) they read as anything. Instead of waiting for the
 * flag that says so, which can take a whole second to come and go, they are read until two readings
 * with the flag clear agree: nearly always the first two.
 */
#include "x86/cmos.h"

#include "lib/string.h"
#include "x86/instr.h"

#define CMOS_INDEX 0x70
#define CMOS_DATA  0x71

#define REG_A                  0x0a
#define REG_B                  0x0b
#define REG_C                  0x0c
#define REG_A_UPDATING         0x80
#define REG_B_UPDATE_INTERRUPT 0x10
#define REG_B_BINARY           0x04
#define REG_B_24_HOURS         0x02
#define REG_C_UPDATE           0x10
#define HOUR_PM                0x80

#define TRIES 10000

struct cmos_time {
    uint8_t second, minute, hour, day, month, year;
};

static uint8_t cmos_read(uint8_t reg)
{
    out8(CMOS_INDEX, reg);
    return in8(CMOS_DATA);
}

static void cmos_write(uint8_t reg, uint8_t value)
{
    out8(CMOS_INDEX, reg);
    out8(CMOS_DATA, value);
}

static struct cmos_time read_once(void)
{
    return (struct cmos_time){
        .second = cmos_read(0),
        .minute = cmos_read(2),
        .hour = cmos_read(4),
        .day = cmos_read(7),
        .month = cmos_read(8),
        .year = cmos_read(9),
    };
}

static struct cmos_time read_stable(void)
{
    struct cmos_time last = read_once();

    for (unsigned int i = 0; i < TRIES; i++) {
        bool updating = cmos_read(REG_A) & REG_A_UPDATING;
        struct cmos_time now = read_once();

        if (!updating && memcmp(&now, &last, sizeof(now)) == 0)
            break;
        last = now;
    }
    return last;
}

static uint8_t from_bcd(uint8_t value)
{
    return (uint8_t)((value >> 4) * 10 + (value & 0xf));
}

/* The chip may count in BCD or binary, by 12 or 24 hours. */
static struct cmos_time decode(struct cmos_time t)
{
    uint8_t format = cmos_read(REG_B);
    bool pm = !(format & REG_B_24_HOURS) && (t.hour & HOUR_PM);

    t.hour &= (uint8_t) ~(pm ? HOUR_PM : 0);
    if (!(format & REG_B_BINARY)) {
        t.second = from_bcd(t.second);
        t.minute = from_bcd(t.minute);
        t.hour = from_bcd(t.hour);
        t.day = from_bcd(t.day);
        t.month = from_bcd(t.month);
        t.year = from_bcd(t.year);
    }
    if (!(format & REG_B_24_HOURS))
        t.hour = (uint8_t)(t.hour % 12 + (pm ? 12 : 0));
    return t;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. The year is taken to begin in March, so
 * that the leap day is its last. */
static uint64_t days_from_civil(uint64_t year, uint64_t month, uint64_t day)
{
    uint64_t y = month <= 2 ? year - 1 : year;
    uint64_t m = (month + 9) % 12;

    return y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719468;
}

uint64_t cmos_read_seconds(void)
{
    struct cmos_time t = decode(read_stable());
    /* Two digits: 1970 to 2069. */
    uint64_t year = t.year + (t.year < 70 ? 2000U : 1900U);

    return ((days_from_civil(year, t.month, t.day) * 24 + t.hour) * 60 + t.minute) * 60 + t.second;
}

void cmos_start_seconds(void)
{
    uint8_t format = cmos_read(REG_B) & (REG_B_BINARY | REG_B_24_HOURS);

    /* Whatever else the firmware left on is off. */
    cmos_write(REG_B, format | REG_B_UPDATE_INTERRUPT);
    (void)cmos_read(REG_C);
}

bool cmos_acknowledge(void)
{
    return cmos_read(REG_C) & REG_C_UPDATE;
}
