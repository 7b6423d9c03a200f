/* SPDX-License-Identifier: MIT */
/*
 * Debug key e: what the ports of each domain are, and where their events have got to.
 *
 * Each port is copied under its domain's event lock and printed behind that, as no lock is held
 * while something is printed: lines that follow each other need not be of the same moment.
 */
#include "core/evtchn_2l.h"
#include "core/evtchn_fifo.h"
#include "domain/evtchn_internal.h"
#include "hv/keys.h"
#include "hv/panic.h"
#include "lib/format.h"

/* So many ports of a domain are printed. */
#define PORTS_SHOWN 64
#define WORDS_SIZE  64

struct port_view {
    struct evtchn port;
    bool pending, masked, linked;
};

static const char *const state_names[EVTCHN_STATES] = {
    [EVTCHN_FREE] = "free",
    [EVTCHN_LEAVING] = "closed, in its queue",
    [EVTCHN_RESERVED] = "reserved",
    [EVTCHN_UNBOUND] = "unbound",
    [EVTCHN_INTERDOMAIN] = "interdomain",
    [EVTCHN_PIRQ] = "pirq",
    [EVTCHN_VIRQ] = "virq",
    [EVTCHN_IPI] = "ipi",
};

static struct port_view look_at(struct domain *d, evtchn_port_t port)
{
    struct evtchn_2l words = { .pending = d->shared->evtchn_pending,
                               .mask = shared_word(d->shared, d->width->evtchn_mask) };
    struct port_view view;

    spin_lock(&d->event_lock);
    view.port = *evtchn_at(d, port);
    view.linked = evtchn_is_linked(d, port);
    if (d->fifo != NULL) {
        view.pending = evtchn_fifo_test(d->fifo, port, EVTCHN_FIFO_PENDING);
        view.masked = evtchn_fifo_test(d->fifo, port, EVTCHN_FIFO_MASKED);
    } else {
        bool in_bitmap = port < evtchn_2l_ports(d->width->word_shift);

        view.pending = in_bitmap && evtchn_2l_is_pending(&words, port);
        view.masked = in_bitmap && evtchn_2l_is_masked(&words, port);
    }
    spin_unlock(&d->event_lock);
    return view;
}

/* What the port is connected to, as words; "" if to nothing. */
static void describe_peer(char *text, size_t size, const struct evtchn *port)
{
    text[0] = 0;
    if (port->for_hypervisor)
        (void)format_string(text, size, " with xen-lite");
    else if (port->state == EVTCHN_INTERDOMAIN)
        (void)format_string(text, size, " with d%u port %u", port->peer.domain, port->peer.port);
    else if (port->state == EVTCHN_UNBOUND)
        (void)format_string(text, size, " for d%u", port->peer.domain);
    else if (port->state == EVTCHN_VIRQ)
        (void)format_string(text, size, " %u", port->virq);
}

static void describe_queue(char *text, size_t size, const struct port_view *view, bool fifo)
{
    const struct fifo_port *f = &view->port.fifo;

    text[0] = 0;
    if (view->linked)
        (void)format_string(text, size, ", priority %u, linked in queue %u of vcpu %u", f->priority,
                            f->last_priority, f->last_vcpu);
    else if (fifo)
        (void)format_string(text, size, ", priority %u", f->priority);
}

static void print_port(evtchn_port_t number, const struct port_view *view, bool fifo)
{
    const struct evtchn *port = &view->port;
    char peer[WORDS_SIZE], queue[WORDS_SIZE];

    describe_peer(peer, sizeof(peer), port);
    describe_queue(queue, sizeof(queue), view, fifo);
    panic_print("  %u: %s%s, vcpu %u%s%s%s\n", number, state_names[port->state], peer, port->vcpu,
                view->pending ? ", pending" : "", view->masked ? ", masked" : "", queue);
}

/* The kind of events. Which it is can change just then: so what it points to is seen under the
 * lock. */
static bool print_kind(struct domain *d)
{
    uint32_t pages = 0, blocks = 0, open;
    bool fifo;

    spin_lock(&d->event_lock);
    open = d->ports_open;
    fifo = d->fifo != NULL;
    if (fifo) {
        pages = d->fifo->pages;
        for (unsigned int id = 0; id < FIFO_VCPUS; id++)
            blocks += d->fifo->vcpu[id].control != NULL;
    }
    spin_unlock(&d->event_lock);
    if (fifo)
        panic_print("domain %u (%s): %u ports, FIFO events, %u pages of words, %u control blocks\n",
                    d->id, d->config.name, open, pages, blocks);
    else
        panic_print("domain %u (%s): %u ports, two-level events\n", d->id, d->config.name, open);
    return fifo;
}

static void print_domain(struct domain *d, void *arg)
{
    uint32_t end = atomic_load(&d->port_count);
    bool fifo = print_kind(d);
    unsigned int shown = 0;

    (void)arg;
    for (evtchn_port_t port = 1; port < end && shown < PORTS_SHOWN; port++) {
        struct port_view view = look_at(d, port);

        if (view.port.state == EVTCHN_FREE)
            continue;
        print_port(port, &view, fifo);
        shown++;
    }
    if (shown == PORTS_SHOWN)
        panic_print("  ... the first %u are shown\n", PORTS_SHOWN);
}

static void print_all(void)
{
    domain_for_each(print_domain, NULL);
}

void evtchn_init_keys(void)
{
    keys_register('e', "print event channels", print_all);
}
