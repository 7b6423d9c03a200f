/* SPDX-License-Identifier: MIT */
/*
 * Claim: no wake-up is lost between two vCPUs: each polls for its port, and what the other sends
 *     just while it goes to sleep ends its sleep, two thousand times. Nor is an upcall lost that a
 *     vCPU blocks for, or runs on for without a hypercall, whether the port's event makes it or
 *     the end of its mask. On the real Xen, whose idle CPUs wake up slowly, it is a tenth of that.
 * Rule: SCHEDOP_poll, SCHEDOP_block, EVTCHNOP_unmask
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 */
#include "tests/guests/support/support.h"

#define ROUNDS   2000
#define UPCALLS  100            /* blocked, and as many running */
#define FEWER    10             /* so many times on the real Xen */
#define PATIENCE 20000000000ull /* ns: longer than any host makes a vCPU wait */

static evtchn_port_t ports[2];
static volatile unsigned lost, finished;
static unsigned polled, upcalls;

/* The event waits for the mask's end. */
static void send_masked(unsigned to)
{
    struct evtchn_unmask unmask = { .port = ports[to] };

    event_mask(ports[to]);
    event_send(ports[to]);
    event_op(EVTCHNOP_unmask, &unmask);
}

/* Waits until the port's event is pending. False: it took until the end of our patience. */
static bool wait_on(const evtchn_port_t *port, bool asleep)
{
    uint64_t end = system_time() + PATIENCE;
    struct sched_poll poll = { .ports = (unsigned long)port, .nr_ports = 1, .timeout = end };

    if (asleep)
        CALL(sched_op, SCHEDOP_poll, &poll);
    else
        while (!event_pending(*port) && system_time() < end)
            continue;
    return event_pending(*port);
}

/* Waits for the ball, then plays it back. Now and then a little later, so that the other one meets
 * us in each of our states. */
static void play(unsigned me, unsigned rounds)
{
    for (unsigned round = 0; round < rounds && lost == 0; round++) {
        /* In the last rounds nobody sleeps, so that each has a CPU. */
        if (!wait_on(&ports[me], round < polled + upcalls)) {
            lost++;
            return;
        }
        event_clear(ports[me]);
        for (volatile unsigned pause = 0; pause < round % 97 * 8; pause++)
            continue;
        if (round >= polled && round % 2)
            send_masked(1 - me);
        else
            event_send(ports[1 - me]);
    }
}

static void second(unsigned long argument)
{
    (void)argument;
    play(1, polled + 2 * upcalls);
    /* The other one may be asleep for ever. */
    if (lost != 0)
        failure("an event ended nobody's sleep");
    finished = 1;
    CALL(vcpu_op, VCPUOP_down, 1);
}

/* Waits until so many upcalls have come for the port of vCPU 0, whose handlers count them. */
static void wait_for_upcall(unsigned count, bool asleep)
{
    uint64_t end = system_time() + PATIENCE;

    while (event_count[ports[0]] < count && system_time() < end) {
        if (!asleep)
            continue;
        events_mask();
        if (event_count[ports[0]] < count)
            CALL(sched_op, SCHEDOP_block); /* which takes the mask away */
    }
    events_unmask();
}

/* The ball comes as an upcall. */
static void play_by_upcalls(void)
{
    struct evtchn_unmask unmask = { .port = ports[0] };

    expect(event_op(EVTCHNOP_unmask, &unmask), 0, "unmask");
    events_unmask();
    for (unsigned round = 1; round <= 2 * upcalls && lost == 0; round++) {
        wait_for_upcall(round, round <= upcalls);
        if (event_count[ports[0]] != round)
            lost++;
        event_send(ports[1]);
    }
    events_mask();
}

void test_main(void)
{
    polled = ROUNDS / (is_xen_lite() ? 1 : FEWER);
    upcalls = UPCALLS / (is_xen_lite() ? 1 : FEWER);
    for (unsigned vcpu = 0; vcpu < 2; vcpu++) {
        struct evtchn_bind_ipi ipi = { .vcpu = vcpu };

        expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "an IPI for vCPU %u", vcpu);
        ports[vcpu] = ipi.port;
        event_mask(ipi.port); /* polled for, not delivered */
    }
    vcpu_start(second, 0);
    /* No tick makes a CPU look, too. */
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 1);
    event_send(ports[1]);
    play(0, polled);
    play_by_upcalls();
    expect_true(wait_for(&finished), "the second vCPU has played all rounds");
    expect(lost, 0, "events that ended nobody's sleep");
}
