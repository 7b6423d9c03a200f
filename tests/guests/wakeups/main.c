/* SPDX-License-Identifier: MIT */
/*
 * Claim: no wake-up is lost between two vCPUs: each polls for its port, and what the other sends
 *     just while it goes to sleep ends its sleep, two thousand times.
 * Rule: SCHEDOP_poll
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 */
#include "tests/guests/support/support.h"

#define ROUNDS   2000
#define PATIENCE 20000000000ull /* ns: longer than any host makes a vCPU wait */

static evtchn_port_t ports[2];
static volatile unsigned lost, finished;

static void send(unsigned to)
{
    struct evtchn_send send = { .port = ports[to] };

    event_op(EVTCHNOP_send, &send);
}

/* Sleeps until the port's event is pending. False: it took until the end of our patience. */
static bool wait_on(const evtchn_port_t *port)
{
    struct sched_poll poll = { .ports = (unsigned long)port,
                               .nr_ports = 1,
                               .timeout = system_time() + PATIENCE };

    CALL(sched_op, SCHEDOP_poll, &poll);
    return event_pending(*port);
}

/* Waits for the ball, then plays it back. Now and then a little later, so that the other one meets
 * us in each of our states. */
static void play(unsigned me, unsigned rounds)
{
    for (unsigned round = 0; round < rounds && lost == 0; round++) {
        if (!wait_on(&ports[me])) {
            lost++;
            return;
        }
        event_clear(ports[me]);
        for (volatile unsigned pause = 0; pause < round % 97 * 8; pause++)
            continue;
        send(1 - me);
    }
}

static void second(uint64_t argument)
{
    (void)argument;
    play(1, ROUNDS);
    finished = 1;
    CALL(vcpu_op, VCPUOP_down, 1);
}

void test_main(void)
{
    for (unsigned vcpu = 0; vcpu < 2; vcpu++) {
        struct evtchn_bind_ipi ipi = { .vcpu = vcpu };

        expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "an IPI for vCPU %u", vcpu);
        ports[vcpu] = ipi.port;
        event_mask(ipi.port); /* polled for, not delivered */
    }
    vcpu_start(second, 0);
    send(1);
    play(0, ROUNDS);
    expect_true(wait_for(&finished), "the second vCPU has played all rounds");
    expect(lost, 0, "events that ended nobody's sleep");
}
