/* SPDX-License-Identifier: MIT */
/*
 * Claim: set_timer_op raises VIRQ_TIMER at its time, not before, and at once when that has passed;
 *     0 switches the timer off; the one-shot timer of vcpu_op does the same (VCPU_SSHOTTMR_future
 *     does not make it refuse a time that has passed); a periodic one needs a millisecond at least.
 * Rule: TIME-1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define MS 1000000ull

static unsigned port;

/* Runs with events on until the port was served again or the time has come. Returns whether it was.
 */
static bool served_until(uint64_t end)
{
    unsigned before = event_count[port];

    events_unmask();
    while (event_count[port] == before && system_time() < end)
        CALL(sched_op, SCHEDOP_yield);
    events_mask();
    return event_count[port] != before;
}

static long one_shot(uint64_t when, unsigned flags)
{
    struct vcpu_set_singleshot_timer timer = { .timeout_abs_ns = when, .flags = flags };

    return CALL(vcpu_op, VCPUOP_set_singleshot_timer, 0, &timer);
}

static long periodic(uint64_t period)
{
    struct vcpu_set_periodic_timer timer = { .period_ns = period };

    return CALL(vcpu_op, VCPUOP_set_periodic_timer, 0, &timer);
}

void test_main(void)
{
    struct evtchn_bind_virq bind = { .virq = VIRQ_TIMER, .vcpu = 0 };
    uint64_t due;

    expect(CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0), 0, "stop the periodic timer");
    expect(event_op(EVTCHNOP_bind_virq, &bind), 0, "bind the timer");
    port = bind.port;
    event_unmask_locally(port);
    served_until(system_time() + MS); /* a tick of the start may be on its way */

    due = system_time() + 20 * MS;
    expect(set_timer_op(due), 0, "20 ms from now");
    expect_true(served_until(due + 2000 * MS), "the timer comes");
    expect_true(system_time() >= due, "it does not come early");
    expect(set_timer_op(1), 0, "a time that has passed");
    expect_true(served_until(system_time() + 2000 * MS), "then the timer comes at once");
    /* Far enough off that also a busy machine makes both calls before. */
    expect(set_timer_op(system_time() + 200 * MS), 0, "200 ms from now");
    expect(set_timer_op(0), 0, "off");
    expect_true(!served_until(system_time() + 220 * MS), "a timer switched off does not come");

    expect(one_shot(system_time() + 5 * MS, VCPU_SSHOTTMR_future), 0, "one-shot in 5 ms");
    expect_true(served_until(system_time() + 2000 * MS), "it comes");
    expect(one_shot(1, 0), 0, "one-shot in the past");
    expect_true(served_until(system_time() + 2000 * MS), "it comes at once");
    expect(one_shot(1, VCPU_SSHOTTMR_future), 0, "the same with VCPU_SSHOTTMR_future");
    expect_true(served_until(system_time() + 2000 * MS), "it comes at once, too");

    expect(periodic(999999), -XEN_EINVAL, "a period below a millisecond");
    expect(periodic(5 * MS), 0, "a period of 5 ms");
    expect_true(served_until(system_time() + 2000 * MS), "it comes");
    expect_true(served_until(system_time() + 2000 * MS), "it comes again");
    expect(CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0), 0, "stop it");
}
