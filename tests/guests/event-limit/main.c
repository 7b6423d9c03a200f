/* SPDX-License-Identifier: MIT */
/*
 * Claim: a domain has as many ports as its bitmaps have bits, 4096 or, at 32 bits, 1024; the event
 *     of the last one is the last bit of the last word and of the selector.
 * Rule: EVT-1, EVT-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define PORTS (WORD_BITS * WORD_BITS)
#define LAST  (PORTS - 1)

static struct vcpu_info *vcpu;

static void send(unsigned port, long wanted)
{
    struct evtchn_send arguments = { .port = port };

    expect(event_op(EVTCHNOP_send, &arguments), wanted, "send");
}

static void fill(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    unsigned long last = 0;
    long result;

    while ((result = event_op(EVTCHNOP_alloc_unbound, &alloc)) == 0)
        last = alloc.port;
    expect(result, -XEN_ENOSPC, "one more");
    expect((long)last, LAST, "the last port");
}

/* The only free port, so it is the last one again. */
static void bind_last(void)
{
    struct evtchn_close close = { .port = LAST };
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };

    expect(event_op(EVTCHNOP_close, &close), 0, "close");
    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "bind_ipi");
    expect(ipi.port, LAST, "the port");
}

static void look(const char *when, unsigned long selector, bool pending)
{
    unsigned long top = 1ul << (WORD_BITS - 1);

    print("%s\n", when);
    /* Its low bits are of the console's port, among others. */
    expect_true((vcpu->evtchn_pending_sel & top) == selector, "the selector");
    expect_true(shared_info->evtchn_pending[WORD_BITS - 1] == (pending ? top : 0), "the last word");
    expect(shared_info->evtchn_mask[0] & 1, 0, "the first bit behind it");
}

void test_main(void)
{
    struct evtchn_unmask unmask = { .port = LAST };
    unsigned long top = 1ul << (WORD_BITS - 1);

    vcpu = &shared_info->vcpu_info[0];
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    fill();
    bind_last();

    event_unmask_locally(0);
    event_mask(LAST);
    vcpu->evtchn_pending_sel = 0;
    send(LAST, 0);
    look("masked", 0, true);
    expect(event_op(EVTCHNOP_unmask, &unmask), 0, "unmask");
    look("unmasked", top, true);
    expect(shared_info->evtchn_mask[WORD_BITS - 1] & top, 0, "its mask bit");
    event_clear(LAST);
    vcpu->evtchn_pending_sel = 0;
    send(LAST, 0);
    look("sent unmasked", top, true);

    send(PORTS, -XEN_EINVAL);
    unmask.port = PORTS;
    expect(event_op(EVTCHNOP_unmask, &unmask), -XEN_EINVAL, "unmask what is none");
    event_clear(LAST);
    look("at the end", top, false);
}
