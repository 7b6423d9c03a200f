/* SPDX-License-Identifier: MIT */
/*
 * Which operation is legal on a port in which state; see core/evtchn.h.
 */
#include "core/evtchn.h"

/* Short names, so that the table can be read as one. */
#define OK        RULE_NONE
#define NOT_USED  RULE_EVT_1
#define STAYS     RULE_EVT_10
#define NO_SENDER RULE_EVT_11
#define NO_WAIT   RULE_SCHED_3

/* Not refused, as in Xen: sending on an unbound port (the event is lost, as if the peer had not
 * looked yet), and unmasking or asking for the state of a port that is free. */
// clang-format off
const uint16_t port_rules[EVTCHN_STATES][PORT_USES] = {
    /*                        SEND       CLOSE     BIND_VCPU  UNMASK  STATUS  POLL */
    [EVTCHN_FREE]        = { NOT_USED,  NOT_USED, NOT_USED,  OK,     OK,     NO_WAIT },
    [EVTCHN_LEAVING]     = { NOT_USED,  NOT_USED, NOT_USED,  OK,     OK,     NO_WAIT },
    [EVTCHN_RESERVED]    = { NOT_USED,  NOT_USED, NOT_USED,  OK,     OK,     NO_WAIT },
    [EVTCHN_UNBOUND]     = { OK,        OK,       OK,        OK,     OK,     OK },
    [EVTCHN_INTERDOMAIN] = { OK,        OK,       OK,        OK,     OK,     OK },
    [EVTCHN_PIRQ]        = { NO_SENDER, OK,       OK,        OK,     OK,     OK },
    [EVTCHN_VIRQ]        = { NO_SENDER, OK,       OK,        OK,     OK,     OK },
    [EVTCHN_IPI]         = { OK,        OK,       STAYS,     OK,     OK,     OK },
};
// clang-format on

/* One bit for each virtual interrupt that is a vCPU's own. */
#define VIRQ_SCOPE_VCPU   1U
#define VIRQ_SCOPE_GLOBAL 0U
static const uint32_t virqs_of_vcpus = 0
#define VIRQ(number, name, scope) | (VIRQ_SCOPE_##scope << (number))
#include "abi/virq.def"
    ;

/* The table, and the one case in which the kind of virtual interrupt decides. */
enum rule_id port_may(const struct evtchn *port, enum port_use use)
{
    enum rule_id rule = port_rules[port->state][use];

    if (rule != RULE_NONE)
        return rule;
    /* The vCPU's own interrupt would arrive at another one. */
    if (use == PORT_BIND_VCPU && port->state == EVTCHN_VIRQ && !virq_is_global(port->virq))
        return RULE_EVT_10;
    return RULE_NONE;
}

enum rule_id port_may_connect(const struct evtchn *port, uint16_t caller)
{
    if (port->state != EVTCHN_UNBOUND || port->peer.domain != caller)
        return RULE_EVT_5;
    return RULE_NONE;
}

uint32_t port_status(const struct evtchn *port)
{
    static const uint8_t status[EVTCHN_STATES] = {
        [EVTCHN_FREE] = EVTCHNSTAT_closed,
        [EVTCHN_LEAVING] = EVTCHNSTAT_closed,
        [EVTCHN_RESERVED] = EVTCHNSTAT_closed,
        [EVTCHN_UNBOUND] = EVTCHNSTAT_unbound,
        [EVTCHN_INTERDOMAIN] = EVTCHNSTAT_interdomain,
        [EVTCHN_PIRQ] = EVTCHNSTAT_pirq,
        [EVTCHN_VIRQ] = EVTCHNSTAT_virq,
        [EVTCHN_IPI] = EVTCHNSTAT_ipi,
    };

    return status[port->state];
}

enum rule_id virq_may_bind(uint32_t virq, uint32_t vcpu)
{
    if (virq >= NR_VIRQS)
        return RULE_EVT_6;
    if (virq_is_global(virq) && vcpu != 0)
        return RULE_EVT_8;
    return RULE_NONE;
}

bool virq_is_global(uint32_t virq)
{
    return !(virqs_of_vcpus >> virq & 1);
}
