/* SPDX-License-Identifier: MIT */
/*
 * Claim: the status of a port tells its state, its vCPU and its other end, and nothing else of the
 *     answer is touched. Closing takes back what was pending, the vCPU and nothing of the mask;
 *     reset does so for all ports. Which numbers stand for the own domain is the same for all
 * calls, and the old form of the call does the same as the new one.
 * Rule: EVT-1, EVT-3, EVT-4, EVT-13, EVT-15, HCALL-2, HCALL-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --vcpus 2
 */
#include "tests/guests/support/support.h"

#define UNTOUCHED 0xaaaaaaaau

static unsigned own_id;

static struct evtchn_status status_of(unsigned dom, unsigned port, long wanted)
{
    struct evtchn_status status;

    memset(&status, 0xaa, sizeof(status));
    status.dom = (domid_t)dom;
    status.port = port;
    expect(event_op(EVTCHNOP_status, &status), wanted, "status of port %u of 0x%x", port, dom);
    return status;
}

static void expect_status(unsigned port, unsigned state, unsigned vcpu, const char *what)
{
    struct evtchn_status status = status_of(DOMID_SELF, port, 0);

    expect((long)status.status, state, "%s: state", what);
    expect((long)status.vcpu, vcpu, "%s: vCPU", what);
}

static long close_port(unsigned port)
{
    struct evtchn_close close = { .port = port };

    return event_op(EVTCHNOP_close, &close);
}

static unsigned alloc(unsigned dom, unsigned remote, long wanted)
{
    struct evtchn_alloc_unbound alloc = { .dom = (domid_t)dom, .remote_dom = (domid_t)remote };

    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), wanted, "alloc for 0x%x, peer 0x%x", dom,
           remote);
    return alloc.port;
}

/* The id is not told to a guest; a channel to oneself shows it. */
static void find_own_id(void)
{
    unsigned port = alloc(DOMID_SELF, DOMID_SELF, 0);

    own_id = status_of(DOMID_SELF, port, 0).u.unbound.dom;
    close_port(port);
    port = alloc(own_id, own_id, 0);
    expect_status(port, EVTCHNSTAT_unbound, 0, "by number");
    close_port(port);
}

static void domains(void)
{
    static const unsigned nobody[] = { 0x7000,        DOMID_IO,   DOMID_XEN, DOMID_COW,
                                       DOMID_INVALID, DOMID_IDLE, 0xffff };

    for (unsigned i = 0; i < COUNT(nobody); i++) {
        struct evtchn_bind_interdomain bind = { .remote_dom = (domid_t)nobody[i] };
        struct evtchn_reset reset = { .dom = (domid_t)nobody[i] };
        unsigned port = alloc(DOMID_SELF, nobody[i], 0); /* may come to life later */

        expect((long)status_of(DOMID_SELF, port, 0).u.unbound.dom, nobody[i], "whom it waits for");
        close_port(port);
        alloc(nobody[i], DOMID_SELF, -XEN_ESRCH);
        status_of(nobody[i], 1, -XEN_ESRCH);
        expect(event_op(EVTCHNOP_bind_interdomain, &bind), -XEN_ESRCH, "bind to 0x%x", nobody[i]);
        expect(event_op(EVTCHNOP_reset, &reset), -XEN_ESRCH, "reset of 0x%x", nobody[i]);
    }
}

static void pair(void)
{
    unsigned port = alloc(DOMID_SELF, DOMID_SELF, 0);
    struct evtchn_bind_interdomain bind = { .remote_dom = DOMID_SELF, .remote_port = port };
    struct evtchn_bind_vcpu move = { .vcpu = 1 };
    struct evtchn_status status;

    expect(event_op(EVTCHNOP_bind_interdomain, &bind), 0, "bind");
    expect_true(event_pending(bind.local_port), "a new end is pending at once");
    status = status_of(DOMID_SELF, port, 0);
    expect((long)status.status, EVTCHNSTAT_interdomain, "connected");
    expect((long)status.u.interdomain.dom, own_id, "its peer's domain");
    expect((long)status.u.interdomain.port, bind.local_port, "its peer's port");

    move.port = port;
    expect(event_op(EVTCHNOP_bind_vcpu, &move), 0, "move one end");
    move.port = bind.local_port;
    expect(event_op(EVTCHNOP_bind_vcpu, &move), 0, "move the other end");
    event_mask(bind.local_port);
    expect(close_port(bind.local_port), 0, "close one end");
    expect_true(!event_pending(bind.local_port), "what was pending is not any more");
    expect_true(event_masked(bind.local_port), "the mask is the guest's");
    expect_status(bind.local_port, EVTCHNSTAT_closed, 0, "the closed end");
    expect_status(port, EVTCHNSTAT_unbound, 1, "the end that is left");
    expect((long)status_of(DOMID_SELF, port, 0).u.unbound.dom, own_id, "it waits for the same");

    expect(event_op(EVTCHNOP_bind_interdomain, &bind), 0, "connect it again");
    expect_status(bind.local_port, EVTCHNSTAT_interdomain, 0, "the new end");
    expect_status(port, EVTCHNSTAT_interdomain, 1, "the old end");
}

static void untouched(void)
{
    struct evtchn_bind_ipi ipi = { .vcpu = 1 };
    struct evtchn_status status;

    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "an IPI");
    status = status_of(DOMID_SELF, ipi.port, 0);
    expect((long)status.status, EVTCHNSTAT_ipi, "its state");
    expect((long)status.vcpu, 1, "its vCPU");
    expect_hex(status.u.virq, UNTOUCHED, "what has no meaning for an IPI");
    status = status_of(DOMID_SELF, 4096, -XEN_EINVAL);
    expect_hex(status.status, UNTOUCHED, "the answer of a call that fails");
}

static void reset(void)
{
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };
    struct evtchn_bind_virq timer = { .virq = VIRQ_TIMER };
    struct evtchn_reset reset = { .dom = DOMID_SELF };

    event_op(EVTCHNOP_bind_virq, &timer);
    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "an IPI");
    event_mask(ipi.port);
    event_send(ipi.port);
    expect_true(event_pending(ipi.port), "it is pending");
    expect(event_op(EVTCHNOP_reset, &reset), 0, "reset");
    expect_true(!event_pending(ipi.port), "not after a reset");
    expect_status(ipi.port, EVTCHNSTAT_closed, 0, "after a reset");
    expect(event_op(EVTCHNOP_bind_virq, &timer), 0, "the timer can be bound again");
    reset.dom = (domid_t)own_id;
    expect(event_op(EVTCHNOP_reset, &reset), 0, "reset by number");
}

static void old_form(void)
{
    struct evtchn_op op = { .cmd = EVTCHNOP_alloc_unbound };
    struct evtchn_expand_array array = { .array_gfn = 0 };
    struct evtchn_set_priority priority = { .priority = 3 };
    unsigned port;

    op.u.alloc_unbound.dom = DOMID_SELF;
    op.u.alloc_unbound.remote_dom = DOMID_SELF;
    expect(CALL(event_channel_op_compat, &op), 0, "old form: alloc_unbound");
    port = op.u.alloc_unbound.port;
    expect_status(port, EVTCHNSTAT_unbound, 0, "old form: the port");
    op = (struct evtchn_op){ .cmd = EVTCHNOP_close, .u.close.port = port };
    expect(CALL(event_channel_op_compat, &op), 0, "old form: close");
    expect(CALL(event_channel_op_compat, &op), -XEN_EINVAL, "old form: close again");
    op.cmd = EVTCHNOP_reset;
    expect(CALL(event_channel_op_compat, &op), -XEN_ENOSYS, "old form: reset is too young");
    expect(CALL(event_channel_op_compat, UNMAPPED_ADDRESS), -XEN_EFAULT, "old form: nowhere");

    /* Without FIFO events. */
    expect(event_op(EVTCHNOP_expand_array, &array), -XEN_EOPNOTSUPP, "expand_array");
    expect(event_op(EVTCHNOP_set_priority, &priority), -XEN_ENOSYS, "set_priority");
    priority.port = 4096;
    expect(event_op(EVTCHNOP_set_priority, &priority), -XEN_EINVAL, "set_priority of no port");
}

void test_main(void)
{
    find_own_id();
    domains();
    pair();
    untouched();
    reset();
    old_form();
    for (unsigned operation = 0; operation <= EVTCHNOP_set_priority; operation++) {
        expect(event_op(operation, (void *)UNMAPPED_ADDRESS), -XEN_EFAULT, "%u from nowhere",
               operation);
        expect(event_op(operation, (void *)HYPERVISOR_ADDRESS), -XEN_EFAULT,
               "%u from the hypervisor", operation);
    }
}
