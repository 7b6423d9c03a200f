/* SPDX-License-Identifier: MIT */
/*
 * Claim: ports are made by alloc_unbound, bind_interdomain (to oneself), bind_ipi and bind_virq;
 *     status tells them apart; closing frees them, and the peer of a closed channel waits again.
 * With FIFO events it is the same.
 * Rule: EVT-1, EVT-5, EVT-11
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static struct evtchn_status status_of(unsigned port)
{
    struct evtchn_status status = { .dom = DOMID_SELF, .port = port };

    expect(event_op(EVTCHNOP_status, &status), 0, "status of port %u", port);
    return status;
}

static long close_port(unsigned port)
{
    struct evtchn_close close = { .port = port };

    return event_op(EVTCHNOP_close, &close);
}

static void loop(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    struct evtchn_bind_interdomain bind = { .remote_dom = DOMID_SELF };

    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), 0, "alloc_unbound");
    expect_true(alloc.port != 0, "port 0 is never given");
    expect((long)status_of(alloc.port).status, EVTCHNSTAT_unbound, "its status");
    expect(event_try_send(alloc.port), 0, "send on a port without a peer: lost");
    expect_true(!event_pending(alloc.port), "it is not pending");

    bind.remote_port = alloc.port;
    expect(event_op(EVTCHNOP_bind_interdomain, &bind), 0, "bind_interdomain");
    expect_true(bind.local_port != alloc.port, "the two ends have different ports");
    expect((long)status_of(alloc.port).status, EVTCHNSTAT_interdomain, "status of one end");
    expect((long)status_of(alloc.port).u.interdomain.port, (long)bind.local_port, "its peer");
    expect(event_op(EVTCHNOP_bind_interdomain, &bind), -XEN_EINVAL, "bind to it again");

    event_clear(alloc.port);
    event_clear(bind.local_port);
    event_send(bind.local_port);
    expect_true(event_pending(alloc.port), "the other end is pending");
    expect_true(!event_pending(bind.local_port), "this end is not");

    expect(close_port(bind.local_port), 0, "close one end");
    expect((long)status_of(bind.local_port).status, EVTCHNSTAT_closed, "its status");
    expect((long)status_of(alloc.port).status, EVTCHNSTAT_unbound, "status of the other end");
    expect(close_port(alloc.port), 0, "close the other end");
    expect(close_port(alloc.port), -XEN_EINVAL, "close it twice");
}

static void interrupts(void)
{
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };
    struct evtchn_bind_virq virq = { .virq = VIRQ_DEBUG, .vcpu = 0 };

    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "bind_ipi");
    expect((long)status_of(ipi.port).status, EVTCHNSTAT_ipi, "status of an IPI");
    expect(event_try_send(ipi.port), 0, "send an IPI");
    expect_true(event_pending(ipi.port), "the IPI is pending");
    expect(event_op(EVTCHNOP_bind_virq, &virq), 0, "bind_virq");
    expect((long)status_of(virq.port).status, EVTCHNSTAT_virq, "status of a VIRQ");
    expect((long)status_of(virq.port).u.virq, VIRQ_DEBUG, "which VIRQ");
    expect(event_try_send(virq.port), -XEN_EINVAL, "send on a VIRQ's port");
    expect(close_port(virq.port), 0, "close the VIRQ's port");
    expect(event_op(EVTCHNOP_bind_virq, &virq), 0, "bind it again");
    expect(close_port(virq.port), 0, "close it again");
}

void test_main(void)
{
    loop();
    interrupts();
    fifo_begin(1, 1);
    print("FIFO events\n");
    loop();
    interrupts();
}
