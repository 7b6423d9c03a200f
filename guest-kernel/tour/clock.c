/* SPDX-License-Identifier: MIT */
/* Timer ticks: five of them, each checked against the time. */
#include "tour/tour.h"

#define TICKS       5
#define TICK_LENGTH 10000000ull /* 10 ms */

static struct {
    volatile unsigned ticks;
    uint64_t due;       /* when the next is expected */
    unsigned early;     /* how many came before their time */
    uint64_t last;      /* the newest time seen */
    unsigned backwards; /* how often time went back */
} timer;

static uint64_t look_at_time(void)
{
    uint64_t now = machine_time();

    if (now < timer.last)
        timer.backwards++;
    timer.last = now;
    return now;
}

static void tick(void)
{
    uint64_t now = look_at_time();

    if (timer.due == 0)
        return; /* nobody asked: a hypervisor may run a timer of its own at the start */
    if (now < timer.due)
        timer.early++;
    timer.ticks++;
    timer.due = 0;
}

/* Interrupts are off here but for the sleep itself, so no tick comes between the look and the
 * sleep. */
static void wait_for_tick(void)
{
    unsigned before = timer.ticks;

    timer.due = look_at_time() + TICK_LENGTH;
    machine_timer_set(timer.due);
    while (timer.ticks == before)
        machine_idle();
}

void show_timer(void)
{
    uint64_t start = look_at_time();
    uint64_t length;

    machine_interrupt_bind(INTERRUPT_TIMER, tick);
    for (unsigned i = 1; i <= TICKS; i++) {
        wait_for_tick();
        print("timer: tick %u\n", i);
    }
    length = look_at_time() - start;
    print("timer: %u early, time went back %u times, %u ticks of 10 ms took %s\n", timer.early,
          timer.backwards, TICKS,
          length < TICKS * TICK_LENGTH ? "LESS THAN 50 ms" : "50 ms or more");
}
