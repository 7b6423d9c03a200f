/* SPDX-License-Identifier: MIT */
/*
 * sched_op, and its old form sched_op_compat: how a vCPU gives its CPU away, and how a domain ends.
 *
 * None of the operations waits in here. Who yields, blocks or polls changes the vCPU's state and
 * returns; the exit path sees that it is to run no more and takes another one. So the result is in
 * RAX before the vCPU sleeps. The same for the end: a shutdown returns 0 to a guest that never
 * reads it.
 */
#include "domain/sched.h"

#include "domain/evtchn.h"
#include "domain/guest_struct.h"
#include "domain/time.h"
#include "hypercall/hypercall.h"
#include "lib/atomic.h"
#include "lib/types.h"

/* Xen's limit; a list of that size is 512 bytes of our stack. */
#define POLL_MAX_PORTS 128

/* The refusal of an argument that cannot be read: -EFAULT. */
static long bad_address(struct vcpu *v, gva_t where)
{
    return refuse(v, RULE_HCALL_2, "argument at %lx", where.n);
}

/* Always 0, at once if nobody else wants the CPU. */
static long op_yield(struct vcpu *v, gva_t where)
{
    (void)where;
    vcpu_yield(v);
    return 0;
}

/* Events are enabled and waited for in one step: between two, one could be missed. */
static long op_block(struct vcpu *v, gva_t where)
{
    (void)where;
    WRITE_ONCE(v->info->evtchn_upcall_mask, 0);
    vcpu_block(v);
    return 0;
}

/* ---- poll ---- */

/* Copies in as much of the list as can be read; the number of ports that this is. */
static uint32_t copy_ports(evtchn_port_t *ports, gva_t list, uint32_t count)
{
    uint32_t i;

    if (likely(guest_copy_in(ports, list, count * sizeof(ports[0])) == 0))
        return count;
    for (i = 0; i < count; i++)
        if (guest_copy_in(&ports[i], guest_index(list, i, sizeof(ports[0])), sizeof(ports[0])) != 0)
            break;
    return i;
}

/* Looks for a reason not to wait, as Xen does: an upcall, then the ports in their order up to the
 * first that is pending or is none. Unlike Xen it counts an NMI, which a poll that has no time-out
 * would sleep on. */
static enum rule_id look(struct vcpu *v, const evtchn_port_t *ports, uint32_t count, bool *found)
{
    enum rule_id rule = RULE_NONE;

    *found = vcpu_has_news(v);
    for (uint32_t i = 0; i < count && !*found && rule == RULE_NONE; i++)
        *found = evtchn_is_pending(v->domain, ports[i], &rule);
    return rule;
}

/*
 * Sleeps until one of the ports is pending, though they may be masked, or until the time-out (ns of
 * system time, 0: none); or until an event would be delivered, as after any sleep. 0 for all of
 * these: the guest looks itself which it was. Kernels wait for a contended lock so.
 *
 * IN: struct sched_poll and its list. -EINVAL for more than 128 ports (SCHED-2) or one that is not
 * in use (SCHED-3), -EFAULT (HCALL-2). What is wrong with a port, or with reading it, counts only
 * if none before it is pending.
 */
static long op_poll(struct vcpu *v, gva_t where)
{
    evtchn_port_t ports[POLL_MAX_PORTS];
    struct sched_poll_64 poll;
    enum rule_id rule;
    uint32_t readable;
    bool found;

    if (guest_struct_in(v, &sched_poll_forms, &poll, where) != 0)
        return bad_address(v, where);
    if (poll.nr_ports > POLL_MAX_PORTS)
        return refuse(v, RULE_SCHED_2, "%u ports", poll.nr_ports);
    if (!guest_array_ok(GVA(poll.ports), poll.nr_ports, sizeof(ports[0])))
        return bad_address(v, GVA(poll.ports));
    readable = copy_ports(ports, GVA(poll.ports), poll.nr_ports);

    /* First among those that are woken by events, then look: who sends an event does it the other
     * way round. */
    bool one = poll.nr_ports == 1 && readable == 1 && ports[0] != POLL_NONE;
    atomic_store(&v->poll_port, one ? ports[0] : POLL_ANY_PORT);
    evtchn_poll_begin(v);
    vcpu_block_always(v);
    rule = look(v, ports, readable, &found);
    if (rule == RULE_NONE && !found && readable < poll.nr_ports)
        rule = RULE_HCALL_2;
    if (rule != RULE_NONE || found)
        vcpu_wake(v);
    else
        timers_set_poll(v, poll.timeout);

    return rule == RULE_NONE ? 0 : refuse(v, rule, "%u ports", poll.nr_ports);
}

/* ---- The end ---- */

/* A guest that gives up leaves the same report as one that the hypervisor ends. */
static void shut_down(struct vcpu *v, unsigned int reason)
{
    if (reason == SHUTDOWN_crash)
        domain_crash(v->domain, "the guest says so itself (SHUTDOWN_crash)");
    else
        domain_shutdown(v->domain, reason);
}

/* Ends the domain; the reason says how it is told and what happens then (poweroff, reboot, crash,
 * ...). Only the low byte counts. */
static long op_shutdown(struct vcpu *v, gva_t where)
{
    struct sched_shutdown argument;

    if (guest_copy_in(&argument, where, sizeof(argument)) != 0)
        return bad_address(v, where);

    shut_down(v, (uint8_t)argument.reason);
    return 0;
}

/* The reason that a later shutdown will have, whatever that says, and a crash, too: a kernel that
 * dies stores "crash" before it runs code that it cannot trust any more. The first one counts; a
 * later one is no error, as on Xen. */
static long op_shutdown_code(struct vcpu *v, gva_t where)
{
    struct sched_shutdown argument;
    uint16_t none = SHUTDOWN_NONE;

    if (guest_copy_in(&argument, where, sizeof(argument)) != 0)
        return bad_address(v, where);

    (void)atomic_cmpxchg(&v->domain->shutdown_code, &none, (uint8_t)argument.reason);
    return 0;
}

/* id 0 makes a new watchdog, whose id (1 or 2) is the result; else it is set anew, or stopped by a
 * time-out of 0. When one runs out the domain ends (SHUTDOWN_watchdog). Seconds. -EINVAL (SCHED-4),
 * -ENOSPC (SCHED-5). */
static long op_watchdog(struct vcpu *v, gva_t where)
{
    struct sched_watchdog argument;
    enum rule_id rule;
    long result;

    if (guest_copy_in(&argument, where, sizeof(argument)) != 0)
        return bad_address(v, where);

    rule = watchdog_set(v->domain, argument.id, argument.timeout, &result);
    if (rule != RULE_NONE)
        return refuse(v, rule, "id %u, timeout %u", argument.id, argument.timeout);
    return result;
}

/* Whose end it would be is looked up first, as in Xen: -ESRCH comes before -EPERM. */
static long op_remote_shutdown(struct vcpu *v, gva_t where)
{
    struct sched_remote_shutdown argument;
    struct domain *d;

    if (guest_copy_in(&argument, where, sizeof(argument)) != 0)
        return bad_address(v, where);

    d = domain_get(argument.domain_id);
    if (d == NULL)
        return refuse(v, RULE_HCALL_8, "domain %u", argument.domain_id);
    domain_put(d);
    return refuse(v, RULE_SCHED_6, "domain %u", argument.domain_id);
}

/* For the initial domain's firmware calls: -EPERM (SCHED-6) before the argument is read, as on Xen.
 */
static long op_pin_override(struct vcpu *v, gva_t where)
{
    (void)where;
    return refuse(v, RULE_SCHED_6, "pin_override");
}

typedef long operation(struct vcpu *v, gva_t where);

static operation *const operations[] = {
#define SCHEDOP(number, name) [number] = op_##name,
#include "abi/sched.def"
};

/* sched_op(operation, argument). Besides what each operation says: -ENOSYS (HCALL-3). The table is
 * made from abi/sched.def: an operation there without a function here does not link. Source: Xen's
 * public sched.h. */
long hc_sched_op(struct hcall *h)
{
    unsigned long number = (uint32_t)h->arg[0];

    if (number >= ARRAY_SIZE(operations))
        return refuse(h->v, RULE_HCALL_3, "operation %lu", number);
    return operations[number](h->v, GVA(h->arg[1]));
}

/* Knows three operations; the reason for a shutdown is the argument itself. */
long hc_sched_op_compat(struct hcall *h)
{
    switch ((uint32_t)h->arg[0]) {
    case SCHEDOP_yield: return op_yield(h->v, GVA(0));
    case SCHEDOP_block: return op_block(h->v, GVA(0));
    case SCHEDOP_shutdown: shut_down(h->v, (uint8_t)h->arg[1]); return 0;
    }
    return refuse(h->v, RULE_HCALL_3, "operation %u", (uint32_t)h->arg[0]);
}
