/* SPDX-License-Identifier: MIT */
/*
 * Ports: making, connecting and closing them. What the states allow is asked of core/evtchn.h,
 * which port is free of domain/evtchn_ports.c.
 */
#include "domain/evtchn.h"

#include "domain/evtchn_internal.h"
#include "hv/work.h"
#include "lib/atomic.h"
#include "x86/instr.h"

#define DONE(p)    ((struct evtchn_result){ RULE_NONE, (p) })
#define REFUSED(r) ((struct evtchn_result){ (r), 0 })

void evtchn_lock_two(struct domain *a, struct domain *b)
{
    if (a == b) {
        spin_lock(&a->event_lock);
    } else if (a->id < b->id) {
        spin_lock(&a->event_lock);
        spin_lock_peer(&b->event_lock);
    } else {
        spin_lock(&b->event_lock);
        spin_lock_peer(&a->event_lock);
    }
}

void evtchn_unlock_two(struct domain *a, struct domain *b)
{
    spin_unlock(&a->event_lock);
    if (a != b)
        spin_unlock(&b->event_lock);
}

/* Makes a port of this kind, heard by vcpu. EVT-2 if there is none, EVT-4 if d is coming to its
 * end. e held. */
static struct evtchn_result allocate(struct domain *d, enum evtchn_state state, uint32_t vcpu)
{
    struct evtchn *chn;
    evtchn_port_t port;

    if (atomic_load(&d->dying))
        return REFUSED(RULE_EVT_4);
    port = evtchn_take_free(d);
    if (port == 0)
        return REFUSED(RULE_EVT_2);
    chn = evtchn_at(d, port);
    *chn = (struct evtchn){ .state = (uint8_t)state, .vcpu = (uint16_t)vcpu, .fifo = chn->fifo };
    chn->fifo.priority = EVTCHN_FIFO_PRIORITY_DEFAULT;
    d->ports_open++;
    return DONE(port);
}

struct evtchn_result evtchn_alloc_unbound(struct domain *d, domid_t remote)
{
    struct evtchn_result result;

    spin_lock(&d->event_lock);
    result = allocate(d, EVTCHN_UNBOUND, 0);
    if (result.rule == RULE_NONE)
        evtchn_find(d, result.port)->peer.domain = remote;
    spin_unlock(&d->event_lock);
    return result;
}

/* A port that allocate() has made, or that is closed. e held. */
static void give_up(struct domain *d, evtchn_port_t port)
{
    d->ports_open--;
    evtchn_give_free(d, port);
}

/* The own port comes first, as on Xen: that there is none is told before what is wrong with the
 * peer's. Both locks held. */
static struct evtchn_result connect(struct domain *d, struct domain *remote,
                                    evtchn_port_t remote_port)
{
    struct evtchn_result result = allocate(d, EVTCHN_INTERDOMAIN, 0);
    struct evtchn *ours, *theirs;

    if (result.rule != RULE_NONE)
        return result;
    theirs = evtchn_find(remote, remote_port);
    result.rule = theirs != NULL ? port_may_connect(theirs, d->id) : RULE_EVT_5;
    if (result.rule != RULE_NONE) {
        give_up(d, result.port);
        return REFUSED(result.rule);
    }

    ours = evtchn_find(d, result.port);
    ours->peer.domain = remote->id;
    ours->peer.port = remote_port;
    theirs->state = EVTCHN_INTERDOMAIN;
    theirs->peer.domain = d->id;
    theirs->peer.port = result.port;
    /* The peer may have sent before anybody listened: one event too many is better than one lost.
     */
    evtchn_deliver(d, result.port, ours->vcpu);
    return result;
}

struct evtchn_result evtchn_bind_interdomain(struct domain *d, struct domain *remote,
                                             evtchn_port_t remote_port)
{
    struct evtchn_result result;

    evtchn_lock_two(d, remote);
    if (atomic_load(&remote->dying))
        result = REFUSED(RULE_EVT_4);
    else
        result = connect(d, remote, remote_port);
    evtchn_unlock_two(d, remote);
    return result;
}

struct evtchn_result evtchn_bind_virq(struct domain *d, uint32_t virq, uint32_t vcpu)
{
    enum rule_id rule = virq_may_bind(virq, vcpu);
    struct vcpu *v = domain_vcpu(d, vcpu);
    struct evtchn_result result;

    if (rule != RULE_NONE)
        return REFUSED(rule);
    if (v == NULL)
        return REFUSED(RULE_EVT_9);
    spin_lock(&d->event_lock);
    if (v->virq_port[virq] != 0) {
        result = REFUSED(RULE_EVT_7);
    } else {
        result = allocate(d, EVTCHN_VIRQ, vcpu);
        if (result.rule == RULE_NONE) {
            evtchn_find(d, result.port)->virq = (uint16_t)virq;
            v->virq_port[virq] = result.port;
        }
    }
    spin_unlock(&d->event_lock);
    return result;
}

struct evtchn_result evtchn_bind_ipi(struct domain *d, uint32_t vcpu)
{
    struct evtchn_result result;

    if (domain_vcpu(d, vcpu) == NULL)
        return REFUSED(RULE_EVT_9);
    spin_lock(&d->event_lock);
    result = allocate(d, EVTCHN_IPI, vcpu);
    spin_unlock(&d->event_lock);
    return result;
}

long evtchn_bind_hypervisor(struct domain *d, void (*notify)(void *domain))
{
    struct evtchn_result result;

    spin_lock(&d->event_lock);
    result = allocate(d, EVTCHN_INTERDOMAIN, 0);
    if (result.rule == RULE_NONE) {
        struct evtchn *chn = evtchn_find(d, result.port);

        chn->for_hypervisor = true;
        chn->notify = notify;
        d->ports_kept++;
    }
    spin_unlock(&d->event_lock);
    return result.rule == RULE_NONE ? (long)result.port : rule_errno(result.rule);
}

/* ---- Closing ---- */

/* Frees a port that may be freed; remote is the other end's domain, or null. Locks of both held. */
static void release(struct domain *d, evtchn_port_t port, struct evtchn *chn, struct domain *remote)
{
    if (remote != NULL) {
        struct evtchn *theirs = evtchn_find(remote, chn->peer.port);

        theirs->state = EVTCHN_UNBOUND;
        theirs->peer.domain = d->id;
    }
    if (chn->state == EVTCHN_VIRQ)
        d->vcpu[virq_is_global(chn->virq) ? 0 : chn->vcpu]->virq_port[chn->virq] = 0;
    d->ports_kept -= chn->for_hypervisor;
    evtchn_forget(d, port);
    give_up(d, port);
}

/*
 * keep: a port that the hypervisor serves stays. EVTCHNOP_reset must not cut a guest off from its
 * console, whose port it could not have again.
 *
 * Both ends change under both locks, taken in order of id; but whose the other end is, only our own
 * lock tells. So: guess (*remote; at first d itself), lock both, look. One attempt; false if the
 * guess was wrong, then *remote is a better one, with a reference.
 */
static bool try_close(struct domain *d, evtchn_port_t port, bool keep, struct domain **remote,
                      enum rule_id *rule)
{
    struct domain *guess = *remote;
    struct domain *peer = NULL;
    struct evtchn *chn;
    bool done;

    evtchn_lock_two(d, guess);
    chn = evtchn_find(d, port);
    *rule = chn != NULL ? port_may(chn, PORT_CLOSE) : RULE_EVT_1;
    if (*rule == RULE_NONE && keep && chn->for_hypervisor)
        *rule = RULE_EVT_10;
    if (*rule == RULE_NONE)
        peer = evtchn_peer(chn);
    done = peer == NULL || peer == d || peer == guess;
    if (!done) {
        (void)atomic_add_return(&peer->references, 1);
        *remote = peer;
    } else if (*rule == RULE_NONE) {
        release(d, port, chn, peer);
    }
    evtchn_unlock_two(d, guess);
    if (!done && guess != d)
        domain_put(guess);
    return done;
}

static enum rule_id close_port(struct domain *d, evtchn_port_t port, bool keep)
{
    struct domain *remote = d;
    enum rule_id rule;

    while (!try_close(d, port, keep, &remote, &rule))
        cpu_relax();
    if (remote != d)
        domain_put(remote);
    return rule;
}

enum rule_id evtchn_close(struct domain *d, evtchn_port_t port)
{
    return close_port(d, port, false);
}

/* If two vCPUs do this at once they share the work or repeat it. */
static bool close_ports(struct domain *d, bool keep)
{
    for (;;) {
        evtchn_port_t port = atomic_load(&d->port_reset);

        if (port >= atomic_load(&d->port_count))
            break;
        (void)close_port(d, port, keep);
        atomic_store(&d->port_reset, port + 1);
        if (preempt_wanted())
            return false;
    }
    return true;
}

bool evtchn_close_all(struct domain *d)
{
    if (!close_ports(d, false))
        return false;
    atomic_store(&d->port_reset, 0);
    return true;
}

/* The ports that stay open were made with the domain, and are in its first block. What was pending
 * there with FIFO events is forgotten: let the guest look. e held. */
static void tell_kept(struct domain *d)
{
    for (evtchn_port_t port = 1; port < EVTCHN_PER_BLOCK; port++)
        if (evtchn_at(d, port)->for_hypervisor)
            evtchn_deliver(d, port, evtchn_at(d, port)->vcpu);
}

bool evtchn_reset(struct domain *d, enum rule_id *rule)
{
    struct evtchn_fifo *fifo = NULL;

    if (!close_ports(d, true))
        return false;
    spin_lock(&d->event_lock);
    atomic_store(&d->port_reset, 0);
    *rule = d->ports_open == d->ports_kept ? RULE_NONE : RULE_EVT_23;
    if (*rule == RULE_NONE)
        fifo = evtchn_fifo_take(d);
    if (fifo != NULL)
        tell_kept(d);
    spin_unlock(&d->event_lock);
    evtchn_fifo_give_back(d, fifo);
    return true;
}
