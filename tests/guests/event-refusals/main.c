/* SPDX-License-Identifier: MIT */
/*
 * Claim: event channel operations refuse ports, vCPUs, domains and interrupts that are not there or
 *     not theirs.
 * Rule: EVT-1, EVT-3, EVT-4, EVT-6, EVT-7, EVT-9, EVT-10, EVT-12, HCALL-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static const unsigned bad_ports[] = { 0, 200, 4095, 4096, 0x20000, 0xffffffff };

static void no_such_port(unsigned port)
{
    struct evtchn_close close = { .port = port };
    struct evtchn_unmask unmask = { .port = port };
    struct evtchn_bind_vcpu move = { .port = port, .vcpu = 0 };
    struct evtchn_bind_interdomain bind = { .remote_dom = DOMID_SELF, .remote_port = port };
    struct evtchn_status status = { .dom = DOMID_SELF, .port = port };
    expect(event_op(EVTCHNOP_close, &close), -XEN_EINVAL, "close port 0x%x", port);
    expect(event_try_send(port), -XEN_EINVAL, "send on port 0x%x", port);
    expect(event_op(EVTCHNOP_bind_vcpu, &move), -XEN_EINVAL, "move port 0x%x", port);
    expect(event_op(EVTCHNOP_bind_interdomain, &bind), -XEN_EINVAL, "bind to port 0x%x", port);
    /* Port 0 exists, but nothing can be done with it. */
    expect(event_op(EVTCHNOP_unmask, &unmask), port ? -XEN_EINVAL : 0, "unmask port 0x%x", port);
    expect(event_op(EVTCHNOP_status, &status), port ? -XEN_EINVAL : 0, "status of port 0x%x", port);
}

static long bind_virq(unsigned virq, unsigned vcpu)
{
    struct evtchn_bind_virq bind = { .virq = virq, .vcpu = vcpu };

    return event_op(EVTCHNOP_bind_virq, &bind);
}

static void interrupts(void)
{
    struct evtchn_bind_ipi ipi = { .vcpu = 1000 };
    struct evtchn_bind_pirq pirq = { .pirq = 0xffffffff };
    struct evtchn_bind_vcpu move = { .vcpu = 1000 };

    expect(bind_virq(VIRQ_TIMER, 0), 0, "bind the timer");
    expect(bind_virq(VIRQ_TIMER, 0), -XEN_EEXIST, "bind the timer twice");
    expect(bind_virq(NR_VIRQS, 0), -XEN_EINVAL, "bind VIRQ 24");
    expect(bind_virq(0xffffffff, 0), -XEN_EINVAL, "bind VIRQ -1");
    expect(bind_virq(VIRQ_TIMER, 1000), -XEN_ENOENT, "bind on vCPU 1000");
    expect(event_op(EVTCHNOP_bind_ipi, &ipi), -XEN_ENOENT, "an IPI on vCPU 1000");
    expect(event_op(EVTCHNOP_bind_pirq, &pirq), -XEN_EINVAL, "bind pirq -1");

    ipi.vcpu = 0;
    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "an IPI on vCPU 0");
    move.port = ipi.port;
    expect(event_op(EVTCHNOP_bind_vcpu, &move), -XEN_ENOENT, "move it to vCPU 1000");
    move.vcpu = 0;
    expect(event_op(EVTCHNOP_bind_vcpu, &move), -XEN_EINVAL, "move it at all");
}

/* Of a port that is not in use no bit is changed, and nobody is told what the guest itself has set
 * pending. */
static void unmask_unused(unsigned port)
{
    struct evtchn_unmask unmask = { .port = port };

    event_mask(port);
    shared_info->evtchn_pending[port / WORD_BITS] |= 1ul << port % WORD_BITS;
    shared_info->vcpu_info[0].evtchn_pending_sel = 0;
    expect(event_op(EVTCHNOP_unmask, &unmask), 0, "unmask port %u", port);
    expect_true(event_masked(port), "port %u is masked still", port);
    expect((long)shared_info->vcpu_info[0].evtchn_pending_sel, 0, "the selector");
    event_clear(port);
}

static void unused_ports(void)
{
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };
    struct evtchn_close close;

    events_mask();
    /* Nobody else's event, such as the console's, may change the selector meanwhile. */
    memset(shared_info->evtchn_mask, 0xff, sizeof(shared_info->evtchn_mask));
    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "an IPI");
    close.port = ipi.port;
    expect(event_op(EVTCHNOP_close, &close), 0, "closed");
    unmask_unused(0);
    unmask_unused(ipi.port);
}

void test_main(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = 0x7000, .remote_dom = DOMID_SELF };
    struct evtchn_bind_interdomain bind = { .remote_dom = 0x7000, .remote_port = 1 };

    for (unsigned i = 0; i < COUNT(bad_ports); i++)
        no_such_port(bad_ports[i]);
    interrupts();
    unused_ports();
    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), -XEN_ESRCH, "a port of nobody");
    expect(event_op(EVTCHNOP_bind_interdomain, &bind), -XEN_ESRCH, "bind to nobody");
    expect(event_op(15, &bind), -XEN_ENOSYS, "operation 15");
    expect(event_op(~0u, &bind), -XEN_ENOSYS, "operation -1");
}
