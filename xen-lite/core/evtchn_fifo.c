/* SPDX-License-Identifier: MIT */
/*
 * FIFO events; see core/evtchn_fifo.h for what is shared and what is believed.
 */
#include "core/evtchn_fifo.h"

#include "lib/atomic.h"

/* What a guest may do to a linked word meanwhile: set MASKED, clear PENDING, clear LINKED. Each
 * once, as BUSY keeps it from clearing MASKED; so the attempts of an honest one's sender suffice.
 */
#define LINK_ATTEMPTS 5

static uint32_t *word_of(const struct evtchn_fifo *f, evtchn_port_t port)
{
    uint32_t page = port / FIFO_WORDS_PER_PAGE;

    if (page >= atomic_load(&f->pages))
        return NULL;
    return f->page[page] + port % FIFO_WORDS_PER_PAGE;
}

/* Writes the LINK of a word, if it is in a queue. False: the guest has taken it out, so that was
 * empty. True as well if the guest changes the word all the time: it has lost that queue. */
static bool set_link(uint32_t *word, evtchn_port_t port)
{
    uint32_t seen = atomic_load(word);

    for (unsigned int attempt = 0; attempt < LINK_ATTEMPTS; attempt++) {
        uint32_t linked = seen & ~(uint32_t)(1U << EVTCHN_FIFO_BUSY | EVTCHN_FIFO_LINK_MASK);

        if (!(seen & 1U << EVTCHN_FIFO_LINKED))
            break;
        if (atomic_cmpxchg(word, &seen, linked | port))
            return true;
        seen = atomic_fetch_or(word, 1U << EVTCHN_FIFO_BUSY) | 1U << EVTCHN_FIFO_BUSY;
    }
    atomic_clear_bit(EVTCHN_FIFO_BUSY, word);
    return seen & 1U << EVTCHN_FIFO_LINKED;
}

/* Puts a port that was in no queue, and is marked as LINKED now, behind the last one of its queue.
 * Result: whether the guest is to be told of that queue. */
static bool append(struct evtchn_fifo *f, struct evtchn *chn, evtchn_port_t port, uint16_t vcpu)
{
    struct fifo_port *p = &chn->fifo;
    uint8_t priority = p->priority;
    struct evtchn_fifo_control_block *control = f->vcpu[vcpu].control;
    evtchn_port_t *old = &f->vcpu[p->last_vcpu].tail[p->last_priority];
    evtchn_port_t *tail = &f->vcpu[vcpu].tail[priority];
    evtchn_port_t last;

    /* It was the last one when the guest took it out: nothing may be put behind it there. */
    if (*old == port)
        *old = 0;
    p->last_vcpu = vcpu;
    p->last_priority = priority;

    last = *tail;
    *tail = port;
    if (last != 0 && set_link(word_of(f, last), port))
        return false;
    /* The head first: who sees the bit reads it. */
    atomic_store(&control->head[priority], port);
    return !atomic_test_and_set_bit(priority, &control->ready);
}

unsigned int evtchn_fifo_raise(struct evtchn_fifo *f, struct evtchn *chn, evtchn_port_t port)
{
    uint16_t vcpu = READ_ONCE(chn->vcpu);
    uint32_t *word = word_of(f, port);
    unsigned int result = 0;

    if (word == NULL) {
        chn->fifo.waiting = true;
        return 0;
    }
    if (f->vcpu[vcpu].control == NULL)
        return 0;
    /* PENDING before MASKED is read: the guest clears MASKED, then reads PENDING. */
    if (!atomic_test_and_set_bit(EVTCHN_FIFO_PENDING, word))
        result |= FIFO_ARRIVED;
    if (!atomic_test_bit(EVTCHN_FIFO_MASKED, word) &&
        !atomic_test_and_set_bit(EVTCHN_FIFO_LINKED, word) && append(f, chn, port, vcpu))
        result |= FIFO_TELL;
    return result;
}

unsigned int evtchn_fifo_unmask(struct evtchn_fifo *f, struct evtchn *chn, evtchn_port_t port)
{
    uint32_t *word = word_of(f, port);

    if (word == NULL)
        return 0;
    atomic_clear_bit(EVTCHN_FIFO_MASKED, word);
    if (!atomic_test_bit(EVTCHN_FIFO_PENDING, word))
        return 0;
    return evtchn_fifo_raise(f, chn, port);
}

void evtchn_fifo_forget(struct evtchn_fifo *f, struct evtchn *chn, evtchn_port_t port)
{
    uint32_t *word = word_of(f, port);

    chn->fifo.waiting = false;
    if (word != NULL)
        atomic_clear_bit(EVTCHN_FIFO_PENDING, word);
}

bool evtchn_fifo_test(const struct evtchn_fifo *f, evtchn_port_t port, unsigned int bit)
{
    const uint32_t *word = word_of(f, port);

    return word != NULL && atomic_test_bit(bit, word);
}

enum rule_id evtchn_fifo_add_page(struct evtchn_fifo *f, void *page)
{
    if (f->pages == FIFO_PAGES)
        return RULE_EVT_20;
    if (page == NULL)
        return RULE_EVT_18;
    f->page[f->pages] = page;
    /* The page first: who sees the number uses it. */
    atomic_store(&f->pages, f->pages + 1);
    return RULE_NONE;
}
