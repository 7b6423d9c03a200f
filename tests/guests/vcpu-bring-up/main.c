/* SPDX-License-Identifier: MIT */
/*
 * Claim: a second vCPU starts with the context that it is given, runs beside the first, hears its
 *     IPIs and answers, and can be taken down and brought up again, also while it sleeps.
 * Rule: VCPU-2, VCPU-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 */
#include "tests/guests/support/support.h"

static struct vcpu_guest_context context;
static volatile uint64_t argument_seen, ports[2];
static volatile unsigned beats, answers, awake;
static volatile enum { RUN, POLL, BLOCK } wish;

static void answer_first(void)
{
    event_send((unsigned)ports[0]);
    answers++;
}

/* Until the second's port is pending, though it is masked; or until an event is delivered. */
static void sleep(void)
{
    evtchn_port_t port = (evtchn_port_t)ports[1];
    struct sched_poll poll = { .ports = (unsigned long)&port, .nr_ports = 1 };
    bool polls = wish == POLL;

    wish = RUN;
    if (polls)
        CALL(sched_op, SCHEDOP_poll, &poll);
    else
        CALL(sched_op, SCHEDOP_block);
    awake++;
}

/* The second vCPU's life: counts, sleeps when it is asked to, and answers each event on its port
 * with one on the first's. */
static void second(unsigned long argument)
{
    argument_seen = argument;
    for (;;) {
        beats++;
        if (wish != RUN)
            sleep();
        if (event_pending((unsigned)ports[1])) {
            event_clear((unsigned)ports[1]);
            answer_first();
        }
    }
}

static void bind(void)
{
    for (unsigned vcpu = 0; vcpu < 2; vcpu++) {
        struct evtchn_bind_ipi ipi = { .vcpu = vcpu };

        expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "an IPI for vCPU %u", vcpu);
        ports[vcpu] = ipi.port;
        event_mask(ipi.port); /* looked at, not delivered */
    }
}

static void linger(uint64_t ns)
{
    uint64_t end = system_time() + ns;

    while (system_time() < end)
        CALL(sched_op, SCHEDOP_yield);
}

static void let_sleep(unsigned how)
{
    struct vcpu_runstate_info state = { 0 };
    uint64_t end = system_time() + 20000000000;

    awake = 0;
    wish = how;
    while (state.state != RUNSTATE_blocked && system_time() < end)
        CALL(vcpu_op, VCPUOP_get_runstate_info, 1, &state);
    expect(state.state, RUNSTATE_blocked, "its run state");
}

/* On the real Xen it sleeps on when it is up again (docs/differences.md). Either way nothing of
 * that sleep is left in the next. */
static void down_asleep(void)
{
    let_sleep(POLL);
    expect(CALL(vcpu_op, VCPUOP_down, 1), 0, "down, asleep");
    expect(CALL(vcpu_op, VCPUOP_up, 1), 0, "up");
    if (!is_xen_lite()) {
        linger(5000000);
        expect(awake, 0, "it sleeps on");
        event_send((unsigned)ports[1]);
    }
    expect_true(wait_for(&awake), "it is awake");

    let_sleep(BLOCK);
    event_send((unsigned)ports[1]);
    linger(5000000);
    expect(awake, 0, "a masked event is nothing to who blocks");
}

void test_main(void)
{
    uint64_t before;

    if (CALL(vcpu_op, VCPUOP_is_up, 1) == -XEN_ENOENT)
        skip("the domain has one vCPU");
    bind();
    vcpu_context(&context, second, 0x5678);
    expect(CALL(vcpu_op, VCPUOP_up, 1), -XEN_EINVAL, "up before it is initialised");
    expect(CALL(vcpu_op, VCPUOP_initialise, 1, &context), 0, "initialise");
    expect(CALL(vcpu_op, VCPUOP_initialise, 1, &context), -XEN_EEXIST, "initialise twice");
    expect(CALL(vcpu_op, VCPUOP_is_up, 1), 0, "is it up");
    expect(CALL(vcpu_op, VCPUOP_up, 1), 0, "up");
    expect(CALL(vcpu_op, VCPUOP_is_up, 1), 1, "is it up then");
    expect_true(wait_for(&beats), "it runs");
    expect_hex(argument_seen, 0x5678, "its rdi");

    event_send((unsigned)ports[1]);
    expect_true(wait_for(&answers), "it hears an IPI");
    expect_true(event_pending((unsigned)ports[0]), "its answer arrives");

    expect(CALL(vcpu_op, VCPUOP_down, 1), 0, "down");
    before = beats;
    CALL(sched_op, SCHEDOP_yield);
    expect_true(beats == before, "it stands still");
    expect(CALL(vcpu_op, VCPUOP_up, 1), 0, "up again");
    beats = 0;
    expect_true(wait_for(&beats), "it goes on");
    down_asleep();
}
