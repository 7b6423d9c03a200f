/* SPDX-License-Identifier: MIT */
/*
 * Event channels to another domain. One side makes a port that waits, and names the domain that it
 * waits for; that domain, once it knows the port's number, connects a port of its own with it. Then
 * each send sets the other one's pending bit. When one side closes its port, or ends, the other
 * one's waits again.
 */
#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"

evtchn_port_t pv_event_offer(domid_t domain)
{
    struct evtchn_alloc_unbound new_port = { .dom = DOMID_SELF, .remote_dom = domain };

    return hypercall_event_channel(EVTCHNOP_alloc_unbound, &new_port) == 0 ? new_port.port : 0;
}

evtchn_port_t pv_event_accept(domid_t domain, evtchn_port_t port)
{
    struct evtchn_bind_interdomain bind = { .remote_dom = domain, .remote_port = port };

    return hypercall_event_channel(EVTCHNOP_bind_interdomain, &bind) == 0 ? bind.local_port : 0;
}

bool pv_event_is_connected(evtchn_port_t port)
{
    struct evtchn_status status = { .dom = DOMID_SELF, .port = port };

    return hypercall_event_channel(EVTCHNOP_status, &status) == 0 &&
           status.status == EVTCHNSTAT_interdomain;
}

void pv_event_send(evtchn_port_t port)
{
    struct evtchn_send send = { .port = port };

    hypercall_event_channel(EVTCHNOP_send, &send);
}

/* Its handler may stay: nothing arrives at a closed port, and who gets the number next binds his.
 */
void pv_event_close(evtchn_port_t port)
{
    struct evtchn_close close = { .port = port };

    hypercall_event_channel(EVTCHNOP_close, &close);
}
