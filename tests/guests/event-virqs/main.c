/* SPDX-License-Identifier: MIT */
/*
 * Claim: each of the 24 virtual interrupts can be bound, also those that have no name yet: a vCPU's
 *     own once on each vCPU, where it stays; a global one once, on vCPU 0, and it can be moved.
 * None can be sent on or be bound to from a peer.
 * Rule: EVT-5, EVT-6, EVT-7, EVT-8, EVT-9, EVT-10, EVT-11
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --vcpus 2
 */
#include "tests/guests/support/support.h"

static const unsigned own[] = { VIRQ_TIMER, VIRQ_DEBUG, VIRQ_XENOPROF, VIRQ_XENPMU };

static bool is_own(unsigned virq)
{
    for (unsigned i = 0; i < COUNT(own); i++) {
        if (own[i] == virq)
            return true;
    }
    return false;
}

static long bind(unsigned virq, unsigned vcpu, unsigned *port)
{
    struct evtchn_bind_virq bind = { .virq = virq, .vcpu = vcpu };
    long result = event_op(EVTCHNOP_bind_virq, &bind);

    *port = bind.port;
    return result;
}

static long move(unsigned port, unsigned vcpu)
{
    struct evtchn_bind_vcpu move = { .port = port, .vcpu = vcpu };

    return event_op(EVTCHNOP_bind_vcpu, &move);
}

static unsigned vcpu_of(unsigned port)
{
    struct evtchn_status status = { .dom = DOMID_SELF, .port = port };

    expect(event_op(EVTCHNOP_status, &status), 0, "status");
    return status.vcpu;
}

static void bound(unsigned virq, unsigned vcpu, unsigned port)
{
    struct evtchn_bind_interdomain peer = { .remote_dom = DOMID_SELF, .remote_port = port };
    unsigned other;

    expect(bind(virq, vcpu, &other), -XEN_EEXIST, "VIRQ %u on vCPU %u again", virq, vcpu);
    expect(event_try_send(port), -XEN_EINVAL, "send on VIRQ %u", virq);
    expect(event_op(EVTCHNOP_bind_interdomain, &peer), -XEN_EINVAL, "bind to VIRQ %u", virq);
    expect(move(port, 2), -XEN_ENOENT, "move VIRQ %u to a vCPU that is not there", virq);
    if (is_own(virq)) {
        expect(move(port, vcpu), -XEN_EINVAL, "move VIRQ %u to where it is", virq);
        expect((long)vcpu_of(port), vcpu, "VIRQ %u: its vCPU", virq);
        return;
    }
    expect(move(port, 1), 0, "move VIRQ %u", virq);
    expect((long)vcpu_of(port), 1, "VIRQ %u: its vCPU after the move", virq);
    expect(bind(virq, 0, &other), -XEN_EEXIST, "VIRQ %u after the move", virq);
}

static void try_all(unsigned virq)
{
    unsigned ports[2] = { 0, 0 };
    struct evtchn_close close;

    expect(bind(virq, 0, &ports[0]), 0, "bind VIRQ %u", virq);
    bound(virq, 0, ports[0]);
    expect(bind(virq, 1, &ports[1]), is_own(virq) ? 0 : -XEN_EINVAL, "VIRQ %u on vCPU 1", virq);
    if (is_own(virq)) {
        bound(virq, 1, ports[1]);
        close.port = ports[1];
        expect(event_op(EVTCHNOP_close, &close), 0, "close that of vCPU 1");
    }
    expect(bind(virq, 2, &ports[1]), is_own(virq) ? -XEN_ENOENT : -XEN_EINVAL,
           "VIRQ %u on a vCPU that is not there", virq);
    close.port = ports[0];
    expect(event_op(EVTCHNOP_close, &close), 0, "close");
    expect(bind(virq, 0, &ports[0]), 0, "bind VIRQ %u once more", virq);
}

void test_main(void)
{
    unsigned port;

    for (unsigned virq = 0; virq < NR_VIRQS; virq++)
        try_all(virq);
    expect(bind(NR_VIRQS, 0, &port), -XEN_EINVAL, "the VIRQ behind the last");
    expect(bind(NR_VIRQS, 1000, &port), -XEN_EINVAL, "the VIRQ is looked at before the vCPU");
    expect(bind(0xffffffff, 0, &port), -XEN_EINVAL, "VIRQ -1");
}
