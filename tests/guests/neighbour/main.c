/* SPDX-License-Identifier: MIT */
/*
 * Claim: what a domain has stays its own: its memory keeps what was written, its timer rings and
 *     its events arrive, whatever other domains do meanwhile.
 * Rule: invariants A1, E2, F1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * "seconds=N" on the command line makes it watch longer. The worst delay of its timer is printed;
 * how much is too much is for who runs it beside something else to say.
 */
#include "tests/guests/support/support.h"

#define PAGES       32
#define STEP_NS     1000000ull
#define PATTERN(i)  (0x0123456789abcdeful * ((i) + 1))
#define LATE_NS     2000000000ull
#define NS_A_SECOND 1000000000ull

static uint64_t *pages[PAGES];
static uint32_t timer_port, own_port;
static uint64_t worst;

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
            failure("word %u of page %u has changed to 0x%lx", k, i, pages[i][k]);
}

/* Waits for the timer, a millisecond from now. */
static void wait(void)
{
    uint64_t when = system_time() + STEP_NS, now;
    struct sched_poll poll = { .ports = (uint64_t)&timer_port,
                               .nr_ports = 1,
                               .timeout = when + LATE_NS };

    event_clear(timer_port);
    CALL(set_timer_op, when);
    CALL(sched_op, SCHEDOP_poll, &poll);
    now = system_time();
    if (!event_pending(timer_port))
        failure("the timer has not rung %lu ns after its time", now - when);
    if (now > when && now - when > worst)
        worst = now - when;
}

static void ring_self(void)
{
    struct evtchn_send send = { .port = own_port };

    event_clear(own_port);
    if (event_op(EVTCHNOP_send, &send) != 0 || !event_pending(own_port))
        failure("an event to itself is lost");
}

/* The number at the end of the command line. */
static uint64_t seconds(void)
{
    const char *line = (const char *)start_info->cmd_line;
    uint64_t value = 0;

    for (; *line; line++)
        if (*line >= '0' && *line <= '9')
            value = value * 10 + (uint64_t)(*line - '0');
    return value ? value : 1;
}

void test_main(void)
{
    struct evtchn_bind_virq virq = { .virq = VIRQ_TIMER };
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };
    uint64_t end = system_time() + seconds() * NS_A_SECOND;

    fill();
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    expect(event_op(EVTCHNOP_bind_virq, &virq), 0, "bind the timer");
    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "bind an IPI");
    timer_port = virq.port;
    own_port = ipi.port;
    event_mask(timer_port);
    event_mask(own_port);
    for (unsigned i = 0; system_time() < end; i++) {
        wait();
        ring_self();
        check(i % PAGES);
    }
    print("worst delay of the timer: %lu us\n", worst / 1000);
}
