/* SPDX-License-Identifier: MIT */
/*
 * Claim: the console's port is an interdomain port like others: it has a status, another vCPU can
 *     hear of it, and it can be closed; a reset of all ports leaves it, so that the guest is still
 *     heard.
 * Rule: EVT-1
 * Runs on: xen-lite
 * Ends: poweroff
 *
 * Not on the real Xen: its initial domain has no such port, and to others a reset closes it.
 */
#include "tests/guests/support/support.h"

static unsigned state_of(evtchn_port_t port)
{
    struct evtchn_status status = { .dom = DOMID_SELF, .port = port };

    expect(CALL(event_channel_op, EVTCHNOP_status, &status), 0, "status");
    return status.status;
}

void test_main(void)
{
    const evtchn_port_t port = start_info->console.domU.evtchn;
    struct evtchn_bind_vcpu bind = { .port = port, .vcpu = 0 };
    struct evtchn_reset reset = { .dom = DOMID_SELF };
    struct evtchn_close close = { .port = port };

    expect(state_of(port), EVTCHNSTAT_interdomain, "its state");
    expect(CALL(event_channel_op, EVTCHNOP_bind_vcpu, &bind), 0, "bind_vcpu");
    expect(CALL(event_channel_op, EVTCHNOP_reset, &reset), 0, "reset");
    expect(state_of(port), EVTCHNSTAT_interdomain, "its state after the reset");
    expect(CALL(event_channel_op, EVTCHNOP_close, &close), 0, "close");
    expect(state_of(port), EVTCHNSTAT_closed, "its state when closed");
    expect(CALL(event_channel_op, EVTCHNOP_close, &close), -XEN_EINVAL, "close once more");
}
