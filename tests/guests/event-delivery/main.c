/* SPDX-License-Identifier: MIT */
/*
 * Claim: an event sets the pending bit always, and selector and upcall flag when the port is not
 *     masked; the callback comes when the vCPU's mask is off; unmasking a pending port raises it
 *     again. With FIFO events it is the same, and a queue's bit is in the selector's place.
 * Rule: abi/struct_width_start.h, vcpu_info
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static struct vcpu_info *vcpu;
static unsigned port;

/* pending, selector or ready queues, upcall_pending in one number, for short comparisons. */
static long state(void)
{
    return event_pending(port) * 100 + events_ready() * 10 + READ_ONCE(vcpu->evtchn_upcall_pending);
}

static void reset(void)
{
    event_clear(port);
    events_forget();
}

static void test_events(void)
{
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };
    struct evtchn_unmask unmask;

    upcall_count = 0;
    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "bind_ipi");
    port = ipi.port;
    unmask.port = port;

    event_mask(port);
    reset();
    event_send(port);
    expect(state(), 100, "port masked: pending, selector, upcall");
    event_unmask_locally(port);
    expect(state(), 100, "the mask bit cleared by hand");
    reset();
    event_mask(port);
    event_send(port);
    expect(event_op(EVTCHNOP_unmask, &unmask), 0, "unmask");
    expect(state(), 111, "unmasked by the call");
    expect_true(!event_masked(port), "the mask bit is off");
    expect((long)upcall_count, 0, "callbacks while the vCPU's mask is on");

    events_unmask();
    expect((long)upcall_count, 1, "callbacks when it goes off");
    expect((long)event_count[port], 1, "the port was served");
    expect(state(), 0, "nothing is left");
    event_send(port);
    expect((long)event_count[port], 2, "sent unmasked: served before the call returns");
    expect(READ_ONCE(vcpu->evtchn_upcall_mask), 0, "the mask after the callback");

    events_mask();
    event_send(port);
    event_send(port);
    expect((long)event_count[port], 2, "two sends while masked wait");
    events_unmask();
    expect((long)event_count[port], 3, "and are one event");
    events_mask();
}

void test_main(void)
{
    vcpu = &shared_info->vcpu_info[0];
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    test_events();
    fifo_begin(1, 1);
    events_forget();
    print("FIFO events\n");
    test_events();
}
