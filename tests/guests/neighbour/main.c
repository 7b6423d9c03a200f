/* SPDX-License-Identifier: MIT */
/*
 * Claim: what a domain has stays its own: its memory keeps what was written, its timer rings, its
 *     events arrive and it has its share of the CPU, whatever other domains do meanwhile.
 * Rule: invariants A1, E2, F1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * On the command line: "ms=N": so long it watches; "periodic=1": by the periodic timer; "late=N":
 * tells when its timer was late by more than N us. How much is too much is for who runs it beside
 * something else to say (tests/qemu/test_latency.py).
 */
#include "tests/guests/support/support.h"

#define PAGES      32
#define STEP_NS    500000ull
#define TICK_NS    1000000ull
#define PATTERN(i) (0x0123456789abcdeful * ((i) + 1))
#define LATE_NS    20000000000ull
#define DEFAULT_MS 200
#define NOTES      4000
#define NEVER      1000000000 /* us */

static uint64_t *pages[PAGES];
static uint32_t timer_port, own_port;
static uint64_t worst, limit;
static unsigned noted;
static struct note {
    uint64_t when, late;
} notes[NOTES];

static void fill(void)
{
    for (unsigned i = 0; i < PAGES; i++) {
        pages[i] = page_new();
        for (unsigned k = 0; k < PAGE_SIZE / 8; k++)
            pages[i][k] = PATTERN(i * 512 + k);
    }
}

static void check(unsigned i)
{
    for (unsigned k = 0; k < PAGE_SIZE / 8; k++)
        if (pages[i][k] != PATTERN(i * 512 + k))
            failure("word %u of page %u has changed to 0x%llx", k, i,
                    (unsigned long long)pages[i][k]);
}

/* The timer was due at `when`, and the guest is there now. */
static void note(uint64_t when, uint64_t now)
{
    uint64_t late = now > when ? now - when : 0;

    if (late > worst)
        worst = late;
    if (late > limit && noted < NOTES)
        notes[noted++] = (struct note){ .when = when, .late = late };
}

static void poll_for_timer(uint64_t timeout)
{
    struct sched_poll poll = { .ports = (unsigned long)&timer_port,
                               .nr_ports = 1,
                               .timeout = timeout };

    CALL(sched_op, SCHEDOP_poll, &poll);
    if (!event_pending(timer_port))
        failure("the timer has not rung until %llu, now it is %llu", (unsigned long long)timeout,
                (unsigned long long)system_time());
}

/* Waits for the timer, half a millisecond from now. */
static void wait_once(void)
{
    uint64_t when = system_time() + STEP_NS;

    event_clear(timer_port);
    set_timer_op(when);
    poll_for_timer(when + LATE_NS);
    note(when, system_time());
}

/* Waits for the next tick, which comes a millisecond after the last one was raised: about when we
 * saw that. Awake, as a vCPU that sleeps has no ticks. */
static void wait_for_tick(void)
{
    static uint64_t last;
    uint64_t when = (last ? last : system_time()) + TICK_NS;

    while (!event_pending(timer_port))
        if (system_time() > when + LATE_NS)
            failure("no tick since %llu, now it is %llu", (unsigned long long)last,
                    (unsigned long long)system_time());
    last = system_time();
    event_clear(timer_port);
    note(when, last);
}

static void ring_self(void)
{
    event_clear(own_port);
    if (event_try_send(own_port) != 0 || !event_pending(own_port))
        failure("an event to itself is lost");
}

static void bind(void)
{
    struct evtchn_bind_virq virq = { .virq = VIRQ_TIMER };
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };

    expect(event_op(EVTCHNOP_bind_virq, &virq), 0, "bind the timer");
    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "bind an IPI");
    timer_port = virq.port;
    own_port = ipi.port;
    event_mask(timer_port);
    event_mask(own_port);
}

static void watch(uint64_t end)
{
    struct vcpu_set_periodic_timer tick = { .period_ns = TICK_NS };
    bool periodic = option_number("periodic=", 0);

    limit = option_number("late=", NEVER) * 1000;
    fill();
    bind();
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    if (periodic)
        expect(CALL(vcpu_op, VCPUOP_set_periodic_timer, 0, &tick), 0, "a tick");
    while (system_time() < end) {
        if (periodic)
            wait_for_tick();
        else
            wait_once();
        ring_self();
        for (unsigned page = 0; page < PAGES; page++)
            check(page);
    }
    print("watched until %llu, worst delay of the timer: %llu us\n",
          (unsigned long long)system_time(), (unsigned long long)(worst / 1000));
    for (unsigned i = 0; i < noted; i++)
        print("late at %llu by %llu\n", (unsigned long long)notes[i].when,
              (unsigned long long)notes[i].late);
}

void test_main(void)
{
    watch(system_time() + option_number("ms=", DEFAULT_MS) * 1000000);
}
