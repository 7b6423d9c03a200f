/* SPDX-License-Identifier: MIT */
/*
 * Events: sending, delivering and hearing of them.
 *
 * What changes in the guest's bitmaps, and in which order, is core/evtchn_2l.c. Here is who is
 * told: the vCPU that the port is bound to, if its upcall was not pending before, and vCPUs that
 * wait in SCHEDOP_poll.
 */
#include "core/evtchn_2l.h"
#include "core/evtchn_fifo.h"
#include "domain/evtchn_internal.h"
#include "domain/sched.h"
#include "lib/atomic.h"

static struct evtchn_2l words_of(const struct domain *d, struct shared_vcpu *info)
{
    const struct guest_width *width = d->width;
    struct evtchn_2l words = {
        .pending = d->shared->evtchn_pending,
        .mask = shared_word(d->shared, width->evtchn_mask),
        .selector = shared_word(info, width->pending_selector),
        .upcall_pending = &info->evtchn_upcall_pending,
        .word_shift = width->word_shift,
    };

    return words;
}

/* Makes the guest look at all its ports once. */
static void tell_to_look(struct vcpu *v, struct shared_vcpu *info)
{
    struct evtchn_2l words = words_of(v->domain, info);

    evtchn_2l_set_all_selectors(&words);
    (void)atomic_exchange(words.upcall_pending, 1);
    vcpu_kick(v);
}

void evtchn_poll_begin(struct vcpu *v)
{
    if (!atomic_test_and_set_bit(v->id, v->domain->polling))
        (void)atomic_add_return(&v->domain->pollers, 1);
}

void evtchn_poll_end(struct vcpu *v)
{
    if (atomic_test_and_clear_bit(v->id, v->domain->polling))
        (void)atomic_sub_return(&v->domain->pollers, 1);
}

static void wake_poller(struct vcpu *v, evtchn_port_t port)
{
    uint32_t wanted = atomic_load(&v->poll_port);

    if (wanted == POLL_ANY_PORT || wanted == port)
        vcpu_wake(v);
}

/* The port's bit was set before the set is read; they enter the set, then look at their ports'
 * bits. */
void evtchn_wake_pollers(struct domain *d, evtchn_port_t port)
{
    for (unsigned int word = 0; word < ARRAY_SIZE(d->polling); word++)
        for (uint32_t set = atomic_load(&d->polling[word]); set != 0; set &= set - 1)
            wake_poller(d->vcpu[word * 32 + (unsigned int)__builtin_ctz(set)], port);
}

/* Telling with its rarer parts: if the words were moved meanwhile, the guest may have looked at the
 * new ones already; some wait for the port; and if d, a peer whose lock we do not hold, has gone
 * over to FIFO events meanwhile, it may not have seen the bit when it did. If the bit is gone by
 * then, d has carried it over or its guest has had the event: it is not to have it twice. */
static NOINLINE void tell_others(struct domain *d, evtchn_port_t port, struct vcpu *v, bool moved,
                                 bool kick)
{
    if (kick)
        vcpu_kick(v);
    if (moved)
        tell_to_look(v, atomic_load(&v->info));
    evtchn_wake_pollers(d, port);
    if (atomic_load(&d->has_fifo) && atomic_test_and_clear_bit(port, d->shared->evtchn_pending))
        evtchn_fifo_deliver(d, port);
}

/* The port has become pending. Nothing but the kick is left to do behind a call: so few registers
 * have to be saved. */
static inline void tell(struct domain *d, evtchn_port_t port, struct vcpu *v)
{
    struct shared_vcpu *info = atomic_load(&v->info);
    struct evtchn_2l words = words_of(d, info);
    bool kick = evtchn_2l_tell(&words, port);
    bool moved = atomic_load(&v->info) != info;

    if (unlikely(moved || atomic_load(&d->attention) != 0))
        tell_others(d, port, v, moved, kick);
    else if (kick)
        vcpu_kick(v);
}

/* If it was pending before, then whoever made it so tells, or has told, all who are to know. */
static inline bool was_pending(struct domain *d, evtchn_port_t port)
{
    struct evtchn_2l words = { .pending = d->shared->evtchn_pending };

    return evtchn_2l_mark_pending(&words, port);
}

void evtchn_deliver(struct domain *d, evtchn_port_t port, unsigned int vcpu)
{
    if (atomic_load(&d->fifo) != NULL)
        evtchn_fifo_deliver(d, port);
    else if (!was_pending(d, port))
        tell(d, port, d->vcpu[vcpu]);
}

void evtchn_forget(struct domain *d, evtchn_port_t port)
{
    struct evtchn_2l words = words_of(d, &d->shared->vcpu_info[0]);

    if (d->fifo == NULL) {
        evtchn_2l_clear_pending(&words, port);
        return;
    }
    spin_lock(&d->queue_lock);
    evtchn_fifo_forget(d->fifo, evtchn_at(d, port), port);
    spin_unlock(&d->queue_lock);
}

bool evtchn_move_info(struct vcpu *v, struct shared_vcpu *info, mfn_t frame)
{
    bool first;

    spin_lock(&v->domain->event_lock);
    first = !mfn_is_valid(v->info_frame);
    if (first) {
        *info = *v->info;
        v->info_frame = frame;
        atomic_store(&v->info, info);
        if (v == current_vcpu())
            cpu_top()->upcall = &info->evtchn_upcall_pending;
    }
    spin_unlock(&v->domain->event_lock);
    if (first) {
        tell_to_look(v, info);
        /* If v was brought up meanwhile, its CPU may still look at the old place. */
        vcpu_look(v);
    }
    return first;
}

/* ---- Sending ---- */

/* The other end is the hypervisor: it is told when the lock is dropped. e held; gives it back. */
static NOINLINE enum rule_id send_to_hypervisor(struct domain *d, const struct evtchn *chn)
{
    void (*notify)(void *) = chn->notify;

    spin_unlock(&d->event_lock);
    notify(d);
    return RULE_NONE;
}

/* e held; gives it back. */
static NOINLINE enum rule_id send_to_self(struct domain *d, evtchn_port_t port, struct vcpu *v)
{
    tell(d, port, v);
    spin_unlock(&d->event_lock);
    return RULE_NONE;
}

/* To the other end of the channel, if there is one; it is not the hypervisor. The domain there is
 * in the table as long as the channel is. e held; gives it back. */
static NOINLINE enum rule_id send_to_peer(struct domain *d, const struct evtchn *chn)
{
    if (likely(chn->state == EVTCHN_INTERDOMAIN)) {
        struct domain *peer = atomic_load(&domain_table[chn->peer.domain]);
        evtchn_port_t port = chn->peer.port;

        /* Its vCPU may be changed under the peer's lock, which we do not hold: old or new. */
        if (unlikely(atomic_load(&peer->fifo) != NULL))
            evtchn_fifo_deliver(peer, port);
        else if (!was_pending(peer, port))
            tell(peer, port, peer->vcpu[READ_ONCE(evtchn_near(peer, port)->vcpu)]);
    }
    spin_unlock(&d->event_lock);
    return RULE_NONE;
}

/* e held; gives it back. */
static NOINLINE enum rule_id send_refused(struct domain *d, enum rule_id rule)
{
    spin_unlock(&d->event_lock);
    return rule;
}

/* With FIFO events, or on a port that does not exist. e held; gives it back. */
static NOINLINE enum rule_id send_not_quick(struct domain *d, evtchn_port_t port)
{
    const struct evtchn *chn = evtchn_find(d, port);
    enum rule_id rule = chn != NULL ? port_may_send(chn) : RULE_EVT_1;

    if (rule != RULE_NONE)
        return send_refused(d, rule);
    if (chn->for_hypervisor)
        return send_to_hypervisor(d, chn);
    if (chn->state != EVTCHN_IPI)
        return send_to_peer(d, chn);
    evtchn_deliver(d, port, chn->vcpu);
    spin_unlock(&d->event_lock);
    return RULE_NONE;
}

/* e held; gives it back. What is most common, a port that is pending already, needs no call. */
static ALWAYS_INLINE enum rule_id send_locked(struct domain *d, evtchn_port_t port)
{
    const struct evtchn *chn;
    enum rule_id rule;

    if (unlikely(port >= d->quick_ports))
        return send_not_quick(d, port);
    chn = evtchn_near(d, port);
    rule = port_may_send(chn);
    if (unlikely(rule != RULE_NONE))
        return send_refused(d, rule);
    if (unlikely(chn->for_hypervisor))
        return send_to_hypervisor(d, chn);
    if (chn->state != EVTCHN_IPI)
        return send_to_peer(d, chn);
    if (!was_pending(d, port))
        return send_to_self(d, port, d->vcpu[chn->vcpu]);
    spin_unlock(&d->event_lock);
    return RULE_NONE;
}

static NOINLINE enum rule_id send_after_waiting(struct domain *d, evtchn_port_t port)
{
    spin_lock(&d->event_lock);
    return send_locked(d, port);
}

enum rule_id evtchn_send(struct domain *d, evtchn_port_t port)
{
    if (unlikely(!spin_lock_quick(&d->event_lock)))
        return send_after_waiting(d, port);
    return send_locked(d, port);
}

void evtchn_notify_guest(struct domain *d, evtchn_port_t port)
{
    struct evtchn *chn;

    spin_lock(&d->event_lock);
    chn = evtchn_find(d, port);
    if (chn != NULL && chn->for_hypervisor)
        evtchn_deliver(d, port, chn->vcpu);
    spin_unlock(&d->event_lock);
}

/* v may be null. e held. */
static void raise_virq(struct domain *d, struct vcpu *v, unsigned int virq)
{
    evtchn_port_t port = v != NULL ? v->virq_port[virq] : 0;

    if (port != 0)
        evtchn_deliver(d, port, evtchn_find(d, port)->vcpu);
}

void evtchn_virq(struct vcpu *v, unsigned int virq)
{
    struct domain *d = v->domain;

    spin_lock(&d->event_lock);
    raise_virq(d, v, virq);
    spin_unlock(&d->event_lock);
}

void evtchn_global_virq(struct domain *d, unsigned int virq)
{
    spin_lock(&d->event_lock);
    raise_virq(d, d->vcpu[0], virq);
    spin_unlock(&d->event_lock);
}

/* ---- What a guest asks about its ports ---- */

/* e held. */
static void unmask(struct domain *d, evtchn_port_t port, const struct evtchn *chn)
{
    struct vcpu *v = d->vcpu[chn->vcpu];
    struct evtchn_2l words = words_of(d, v->info);

    if (d->fifo != NULL)
        evtchn_fifo_unmask_port(d, port);
    else if (evtchn_2l_unmask(&words, port))
        vcpu_kick(v);
}

enum rule_id evtchn_unmask(struct domain *d, evtchn_port_t port)
{
    struct evtchn *chn;
    enum rule_id rule;

    spin_lock(&d->event_lock);
    chn = evtchn_find(d, port);
    rule = chn != NULL ? port_may(chn, PORT_UNMASK) : RULE_EVT_1;
    if (rule == RULE_NONE && !port_is_closed(chn) && chn->state != EVTCHN_RESERVED)
        unmask(d, port, chn);
    spin_unlock(&d->event_lock);
    return rule;
}

enum rule_id evtchn_bind_vcpu(struct domain *d, evtchn_port_t port, uint32_t vcpu)
{
    struct evtchn *chn;
    enum rule_id rule;

    if (domain_vcpu(d, vcpu) == NULL)
        return RULE_EVT_9;
    spin_lock(&d->event_lock);
    chn = evtchn_find(d, port);
    rule = chn != NULL ? port_may(chn, PORT_BIND_VCPU) : RULE_EVT_1;
    if (rule == RULE_NONE)
        WRITE_ONCE(chn->vcpu, (uint16_t)vcpu);
    spin_unlock(&d->event_lock);
    return rule;
}

static void describe(const struct evtchn *chn, struct evtchn_status *status)
{
    status->status = port_status(chn);
    status->vcpu = chn->vcpu;
    switch ((enum evtchn_state)chn->state) {
    case EVTCHN_UNBOUND: status->u.unbound.dom = chn->peer.domain; break;
    case EVTCHN_INTERDOMAIN:
        status->u.interdomain.dom = chn->for_hypervisor ? DOMID_XEN : chn->peer.domain;
        status->u.interdomain.port = chn->for_hypervisor ? 0 : chn->peer.port;
        break;
    case EVTCHN_VIRQ: status->u.virq = chn->virq; break;
    case EVTCHN_PIRQ: status->u.pirq = chn->pirq; break;
    case EVTCHN_IPI:
    case EVTCHN_FREE:
    case EVTCHN_LEAVING:
    case EVTCHN_RESERVED: break;
    }
}

enum rule_id evtchn_status(struct domain *d, struct evtchn_status *status)
{
    struct evtchn *chn;
    enum rule_id rule;

    spin_lock(&d->event_lock);
    chn = evtchn_find(d, status->port);
    rule = chn != NULL ? port_may(chn, PORT_STATUS) : RULE_EVT_1;
    if (rule == RULE_NONE)
        describe(chn, status);
    spin_unlock(&d->event_lock);
    return rule;
}

bool evtchn_is_pending(struct domain *d, evtchn_port_t port, enum rule_id *rule)
{
    struct evtchn_2l words = words_of(d, &d->shared->vcpu_info[0]);
    const struct evtchn *chn;
    bool pending;

    /* Under the lock, so that the port's kind of events does not change. */
    spin_lock(&d->event_lock);
    chn = evtchn_find(d, port);
    *rule = chn != NULL ? port_may(chn, PORT_POLL) : RULE_SCHED_3;
    if (*rule != RULE_NONE)
        pending = false;
    else if (d->fifo != NULL)
        pending = evtchn_fifo_test(d->fifo, port, EVTCHN_FIFO_PENDING);
    else
        pending = evtchn_2l_is_pending(&words, port);
    spin_unlock(&d->event_lock);
    return pending;
}
