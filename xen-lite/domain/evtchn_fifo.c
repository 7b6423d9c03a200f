/* SPDX-License-Identifier: MIT */
/*
 * FIFO events: the pages that a guest gives for them, the change from two-level events and back,
 * and delivery. What is in those pages, and how little of it is believed, is core/evtchn_fifo.h.
 *
 * Each page holds a writable reference to its frame until the domain leaves FIFO events, by
 * EVTCHNOP_reset or at its end. The guest may give one frame twice; that is its own loss.
 *
 * The hard idea is the change while a peer sends, who holds its own lock and not ours. It sets the
 * bit in the two-level bitmap, then looks whether we have FIFO events; we set .has_fifo, then look
 * at the bits. One of us sees the other, perhaps both: whoever clears the bit raises the event.
 */
#include "core/evtchn_fifo.h"

#include "core/evtchn_2l.h"
#include "domain/evtchn_internal.h"
#include "domain/memory.h"
#include "domain/sched.h"
#include "hv/alloc.h"

static_assert(FIFO_VCPUS >= MAX_VCPUS, "there is a control block for each");

/* ---- Delivery ---- */

/* v's queues have something new. If its vcpu_info is moved at this moment, then whoever moves it
 * makes it look at everything; but perhaps did that just before. */
static void upcall(struct vcpu *v)
{
    struct shared_vcpu *info;

    do {
        info = atomic_load(&v->info);
        if (atomic_exchange(&info->evtchn_upcall_pending, 1) == 0)
            vcpu_kick(v);
    } while (unlikely(atomic_load(&v->info) != info));
}

/* Says what has come of an event for the port, whose vCPU was this one. */
static void tell(struct domain *d, evtchn_port_t port, unsigned int vcpu, unsigned int result)
{
    if (result & FIFO_TELL)
        upcall(d->vcpu[vcpu]);
    if (result & FIFO_ARRIVED && unlikely(atomic_load(&d->pollers) != 0))
        evtchn_wake_pollers(d, port);
}

/* The port's vCPU may be changed under the event lock, which a peer that sends does not hold; but
 * the one that is told must be the one in whose queue the port is, as noted under our lock. */
static ALWAYS_INLINE void change_queue(struct domain *d, evtchn_port_t port,
                                       unsigned int (*change)(struct evtchn_fifo *f,
                                                              struct evtchn *chn,
                                                              evtchn_port_t port))
{
    struct evtchn *chn = evtchn_at(d, port);
    unsigned int result, vcpu;

    spin_lock(&d->queue_lock);
    result = change(d->fifo, chn, port);
    vcpu = chn->fifo.last_vcpu;
    spin_unlock(&d->queue_lock);
    tell(d, port, vcpu, result);
}

void evtchn_fifo_deliver(struct domain *d, evtchn_port_t port)
{
    change_queue(d, port, evtchn_fifo_raise);
}

void evtchn_fifo_unmask_port(struct domain *d, evtchn_port_t port)
{
    change_queue(d, port, evtchn_fifo_unmask);
}

bool evtchn_is_linked(struct domain *d, evtchn_port_t port)
{
    return d->fifo != NULL && evtchn_fifo_test(d->fifo, port, EVTCHN_FIFO_LINKED);
}

enum rule_id evtchn_set_priority(struct domain *d, evtchn_port_t port, uint32_t priority)
{
    enum rule_id rule = RULE_NONE;
    struct evtchn *chn;

    spin_lock(&d->event_lock);
    chn = evtchn_find(d, port);
    if (chn == NULL)
        rule = RULE_EVT_1;
    else if (d->fifo == NULL)
        rule = RULE_EVT_13;
    else if (port_is_closed(chn) || chn->state == EVTCHN_RESERVED)
        rule = RULE_EVT_24;
    else if (priority > EVTCHN_FIFO_PRIORITY_MIN)
        rule = RULE_EVT_21;
    else
        WRITE_ONCE(chn->fifo.priority, (uint8_t)priority);
    spin_unlock(&d->event_lock);
    return rule;
}

/* ---- The pages ---- */

/* What is pending in the bitmap waits for the port's word. e held. */
static void carry_over(struct domain *d)
{
    uint32_t end = min(d->port_count, evtchn_2l_ports(d->width->word_shift));

    for (evtchn_port_t port = 1; port < end; port++) {
        struct evtchn *chn = evtchn_at(d, port);

        if (port_is_closed(chn) || !atomic_test_and_clear_bit(port, d->shared->evtchn_pending))
            continue;
        spin_lock(&d->queue_lock);
        chn->fifo.waiting = true;
        spin_unlock(&d->queue_lock);
    }
}

/* From now on d has FIFO events. e held. */
static void enter(struct domain *d, struct evtchn_fifo *fifo)
{
    d->quick_ports = 0;
    atomic_store(&d->fifo, fifo);
    (void)atomic_exchange(&d->has_fifo, 1);
    carry_over(d);
}

/* *fifo becomes null if d has taken it; it is needed if d has none. e held. */
static enum rule_id give_control(struct domain *d, struct evtchn_fifo **fifo, uint32_t vcpu,
                                 struct evtchn_fifo_control_block *control)
{
    struct evtchn_fifo *f = d->fifo != NULL ? d->fifo : *fifo;

    if (f->vcpu[vcpu].control != NULL)
        return RULE_EVT_19;
    spin_lock(&d->queue_lock);
    f->vcpu[vcpu].control = control;
    spin_unlock(&d->queue_lock);
    if (d->fifo == NULL) {
        enter(d, f);
        *fifo = NULL;
    }
    return RULE_NONE;
}

/* The memory for the queues is not taken under the lock, but beforehand: too much if another was
 * first, or only the second time if a reset was. */
static enum rule_id init_control(struct domain *d, uint32_t vcpu,
                                 struct evtchn_fifo_control_block *control)
{
    bool needed = atomic_load(&d->fifo) == NULL;
    struct evtchn_fifo *fifo = NULL;
    enum rule_id rule = RULE_EVT_22;
    bool again;

    do {
        if (needed && (fifo = hv_alloc(sizeof(*fifo))) == NULL)
            return rule;
        spin_lock(&d->event_lock);
        again = d->fifo == NULL && fifo == NULL;
        if (!again)
            rule = give_control(d, &fifo, vcpu, control);
        spin_unlock(&d->event_lock);
        needed = true;
    } while (again);
    hv_free(fifo);
    return rule;
}

enum rule_id evtchn_fifo_init_control(struct domain *d, uint32_t vcpu, mfn_t frame, uint32_t offset)
{
    enum rule_id rule;

    if (domain_vcpu(d, vcpu) == NULL)
        return RULE_EVT_9;
    if (offset > PAGE_SIZE - sizeof(struct evtchn_fifo_control_block) || offset % 8 != 0)
        return RULE_EVT_17;
    if (domain_get_writable(d, frame) != RULE_NONE)
        return RULE_EVT_18;
    rule = init_control(d, vcpu, (void *)((char *)mfn_to_virt(frame) + offset));
    if (rule != RULE_NONE)
        domain_put_writable(d, frame);
    return rule;
}

/* Events that came before there was a word for them. e held. */
static void raise_waiting(struct domain *d, evtchn_port_t port)
{
    evtchn_port_t end = min(port + (evtchn_port_t)FIFO_WORDS_PER_PAGE, d->port_count);

    for (; port < end; port++) {
        struct evtchn *chn = evtchn_at(d, port);

        if (!READ_ONCE(chn->fifo.waiting))
            continue;
        WRITE_ONCE(chn->fifo.waiting, false);
        evtchn_fifo_deliver(d, port);
    }
}

/* page: null if the guest has named none that will do, which is said last, as on Xen. e held. */
static enum rule_id add_page(struct domain *d, void *page)
{
    enum rule_id rule;

    if (d->fifo == NULL)
        return RULE_EVT_15;
    spin_lock(&d->queue_lock);
    rule = evtchn_fifo_add_page(d->fifo, page);
    spin_unlock(&d->queue_lock);
    if (rule == RULE_NONE)
        raise_waiting(d, (d->fifo->pages - 1) * (evtchn_port_t)FIFO_WORDS_PER_PAGE);
    return rule;
}

enum rule_id evtchn_fifo_expand(struct domain *d, mfn_t frame)
{
    enum rule_id rule;
    bool held;

    if (atomic_load(&d->fifo) == NULL)
        return RULE_EVT_15;
    /* Not under the lock, which comes behind those of frames. */
    held = domain_get_writable(d, frame) == RULE_NONE;

    spin_lock(&d->event_lock);
    rule = add_page(d, held ? mfn_to_virt(frame) : NULL);
    spin_unlock(&d->event_lock);

    if (held && rule != RULE_NONE)
        domain_put_writable(d, frame);
    return rule;
}

/* ---- The end of it ---- */

static void for_each_frame(const struct evtchn_fifo *fifo, void (*f)(void *arg, mfn_t frame),
                           void *arg)
{
    for (uint32_t page = 0; page < fifo->pages; page++)
        f(arg, virt_to_mfn(fifo->page[page]));
    for (unsigned int id = 0; id < FIFO_VCPUS; id++)
        if (fifo->vcpu[id].control != NULL)
            f(arg, virt_to_mfn(fifo->vcpu[id].control));
}

void evtchn_fifo_for_each_frame(const struct domain *d, void (*f)(void *arg, mfn_t frame),
                                void *arg)
{
    if (d->fifo != NULL)
        for_each_frame(d->fifo, f, arg);
}

/* Nobody sends meanwhile: there is no channel to a peer, as that would need an open port here, and
 * all others take our event lock. */
struct evtchn_fifo *evtchn_fifo_take(struct domain *d)
{
    struct evtchn_fifo *fifo = d->fifo;

    if (fifo == NULL)
        return NULL;
    atomic_store(&d->has_fifo, 0);
    atomic_store(&d->fifo, NULL);
    d->quick_ports = min(d->port_count, evtchn_2l_ports(d->width->word_shift));
    return fifo;
}

static void put(void *d, mfn_t frame)
{
    domain_put_writable(d, frame);
}

void evtchn_fifo_give_back(struct domain *d, struct evtchn_fifo *fifo)
{
    if (fifo != NULL)
        for_each_frame(fifo, put, d);
    hv_free(fifo);
}

void evtchn_fifo_end(struct domain *d)
{
    struct evtchn_fifo *fifo;

    spin_lock(&d->event_lock);
    fifo = evtchn_fifo_take(d);
    spin_unlock(&d->event_lock);
    evtchn_fifo_give_back(d, fifo);
}
