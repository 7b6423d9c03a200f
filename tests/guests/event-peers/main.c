/* SPDX-License-Identifier: MIT */
/*
 * Claim: two domains that know each other's id have a channel: what one sends arrives at the other,
 *     each time, also when they change to FIFO events meanwhile; the ports of one are no business
 * of the other; when one end is closed the other waits again, for the same domain only.
 * Rule: EVT-3, EVT-4, EVT-5
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * Alone it is its own peer. "peer=N" on the command line names another domain, which runs the same
 * (tests/qemu/test_domains.py). Nothing else connects the two, so each offers the first port that
 * it has, whose number is the same in both.
 */
#include "tests/guests/support/support.h"

/* One costs the real Xen two schedulers' work, some 20 ms of an emulated processor. */
#define ROUNDS   (is_xen_lite() ? 500 : 100)
#define PATIENCE 30000000000ull /* ns */
#define A_WHILE  5000000ull

static unsigned peer = DOMID_SELF;
static unsigned offered, bound;

static unsigned offer(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = (domid_t)peer };

    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), 0, "offer a port");
    event_mask(alloc.port); /* for poll pending is enough */
    return alloc.port;
}

/* The peer may not be there yet, or have offered nothing yet. Who waits sleeps: where others build
 * the peer meanwhile, they need the CPUs. */
static long bind_to(unsigned remote, unsigned *port)
{
    struct evtchn_bind_interdomain bind = { .remote_dom = (domid_t)peer, .remote_port = remote };
    uint64_t end = system_time() + PATIENCE;
    long result;

    while ((result = event_op(EVTCHNOP_bind_interdomain, &bind)) != 0 && system_time() < end) {
        struct sched_poll poll = { .ports = (unsigned long)&offered,
                                   .nr_ports = 1,
                                   .timeout = system_time() + A_WHILE };

        CALL(sched_op, SCHEDOP_poll, &poll);
    }
    *port = bind.local_port;
    event_mask(bind.local_port);
    return result;
}

static void wait(evtchn_port_t port, const char *what)
{
    struct sched_poll poll = { .ports = (unsigned long)&port,
                               .nr_ports = 1,
                               .timeout = system_time() + PATIENCE };

    /* A poll may end without a reason: who sent the last event may be late with waking up. */
    do
        expect(CALL(sched_op, SCHEDOP_poll, &poll), 0, "%s: poll", what);
    while (!event_pending(port) && system_time() < poll.timeout);
    if (!event_pending(port))
        failure("%s: nothing came in 30 s", what);
    event_clear(port);
}

static struct evtchn_status status_of(unsigned port)
{
    struct evtchn_status status = { .dom = DOMID_SELF, .port = port };

    expect(event_op(EVTCHNOP_status, &status), 0, "status");
    return status;
}

static void not_ours(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = (domid_t)peer, .remote_dom = DOMID_SELF };
    struct evtchn_status status = { .dom = (domid_t)peer, .port = offered };
    struct evtchn_reset reset = { .dom = (domid_t)peer };
    struct evtchn_bind_interdomain bind = { .remote_dom = (domid_t)peer };

    if (peer == DOMID_SELF)
        return;
    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), -XEN_EPERM, "a port for the peer");
    expect(event_op(EVTCHNOP_status, &status), -XEN_EPERM, "status of the peer's port");
    expect(event_op(EVTCHNOP_reset, &reset), -XEN_EPERM, "reset of the peer");
    for (bind.remote_port = 0; bind.remote_port < 70; bind.remote_port++)
        expect(event_op(EVTCHNOP_bind_interdomain, &bind), -XEN_EINVAL, "the peer's port %u",
               bind.remote_port);
}

/* The peer may send meanwhile. The words of FIFO events begin unmasked. */
static void change_to_fifo(void)
{
    fifo_begin(1, 1);
    event_mask(offered);
    event_mask(bound);
}

/* Each sends on the end that it has bound and hears on the one that it has offered. */
static void ping_pong(void)
{
    for (unsigned i = 0, rounds = ROUNDS; i < rounds; i++) {
        if (i == rounds / 2)
            change_to_fifo();
        event_send(bound);
        wait(offered, "a round");
    }
    expect(event_try_send(bound), 0, "one more, for a peer that is a round behind");
}

/* Alone, both ends can be seen. */
static void waits_again(domid_t own)
{
    struct evtchn_status status = status_of(offered);

    if (peer != DOMID_SELF)
        return;
    expect((long)status.status, EVTCHNSTAT_unbound, "the other end");
    expect((long)status.u.unbound.dom, own, "for whom it waits");
    expect(bind_to(offered, &bound), 0, "bind to it again");
}

void test_main(void)
{
    struct evtchn_close close;
    struct evtchn_status status;
    domid_t other;

    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    peer = (unsigned)option_number("peer=", DOMID_SELF);
    offered = offer();
    expect(bind_to(offered, &bound), 0, "bind to the peer's offer");
    expect_true(event_pending(bound), "a new end is pending: the other may have sent before");
    event_clear(bound);
    expect(event_try_send(bound), 0, "the first send");

    wait(offered, "who binds to the offer sends on it first");

    /* From here on until its last round the peer is there. */
    status = status_of(bound);
    expect((long)status.status, EVTCHNSTAT_interdomain, "the bound end");
    expect((long)status.u.interdomain.port, (long)offered, "its other end");
    if (peer != DOMID_SELF)
        expect((long)status.u.interdomain.dom, (long)peer, "its other end's domain");
    other = status.u.interdomain.dom;
    not_ours();
    ping_pong();

    close.port = bound;
    expect(event_op(EVTCHNOP_close, &close), 0, "close");
    expect((long)status_of(bound).status, EVTCHNSTAT_closed, "the closed end");
    expect(event_try_send(bound), -XEN_EINVAL, "send on the closed end");
    waits_again(other);
}
