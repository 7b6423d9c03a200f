/* SPDX-License-Identifier: MIT */
/*
 * What a person may want to know of a PV machine: which domain this is, and what its event channels
 * are connected to.
 */
#include "lib/print.h"
#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"

/* No call tells a domain its number. But a port that waits for a partner says who that is to be,
 * and here it is ourselves. -1: there is no port left. */
static int domain_number(void)
{
    struct evtchn_status status = { .dom = DOMID_SELF, .port = pv_event_offer(DOMID_SELF) };
    int number = -1;

    if (hypercall_event_channel(EVTCHNOP_status, &status) == 0 && status.port)
        number = status.u.unbound.dom;
    pv_event_close(status.port);
    return number;
}

static size_t describe_port(const struct evtchn_status *status, char *text, size_t size)
{
    switch (status->status) {
    case EVTCHNSTAT_unbound:
        return print_to(text, size, "event channel %u: waits for domain %u\n", status->port,
                        status->u.unbound.dom);
    case EVTCHNSTAT_interdomain:
        return print_to(text, size, "event channel %u: port %u of domain %u\n", status->port,
                        status->u.interdomain.port, status->u.interdomain.dom);
    case EVTCHNSTAT_pirq:
        return print_to(text, size, "event channel %u: interrupt %u of the machine\n", status->port,
                        status->u.pirq);
    case EVTCHNSTAT_virq:
        return print_to(text, size, "event channel %u: virtual interrupt %u\n", status->port,
                        status->u.virq);
    case EVTCHNSTAT_ipi:
        return print_to(text, size, "event channel %u: of one virtual CPU to another\n",
                        status->port);
    default: return 0; /* closed */
    }
}

size_t machine_describe(char *text, size_t size)
{
    size_t length = print_to(text, size, "domain: %d\n", domain_number());

    for (evtchn_port_t port = 1; port < PORTS; port++) {
        struct evtchn_status status = { .dom = DOMID_SELF, .port = port };

        if (!hypercall_event_channel(EVTCHNOP_status, &status))
            length += describe_port(&status, text + length, size - length);
    }
    return length;
}
