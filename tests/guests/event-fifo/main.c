/* SPDX-License-Identifier: MIT */
/*
 * Claim: FIFO events: what is pending at the change is carried over, queues keep the order of the
 *     events and go by priority, masked ports stay out of them, a closed port is not given again
 *     before it is taken out; words of any value hurt nobody; reset gives the pages back.
 * Rule: EVT-1, EVT-9, EVT-13, EVT-15, EVT-17, EVT-18, EVT-19, EVT-20, EVT-21, EVT-24
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define PENDING (1u << EVTCHN_FIFO_PENDING)
#define MASKED  (1u << EVTCHN_FIFO_MASKED)
#define LINKED  (1u << EVTCHN_FIFO_LINKED)
#define BUSY    (1u << EVTCHN_FIFO_BUSY)

#define PORTS 16
static unsigned port[PORTS];

static unsigned bind_ipi(void)
{
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };

    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "bind_ipi");
    return ipi.port;
}

static void unmask(unsigned which)
{
    struct evtchn_unmask arguments = { .port = which };

    expect(event_op(EVTCHNOP_unmask, &arguments), 0, "unmask");
}

static void close(unsigned which)
{
    struct evtchn_close arguments = { .port = which };

    expect(event_op(EVTCHNOP_close, &arguments), 0, "close");
}

static void set_priority(unsigned which, unsigned priority)
{
    expect(fifo_set_priority(which, priority), 0, "set_priority");
}

/* ---- Before, and what is refused ---- */

static void two_level(const char *when)
{
    print("%s\n", when);
    expect(fifo_set_priority(port[0], 3), -XEN_ENOSYS, "set_priority");
    expect(fifo_set_priority(100000, 3), -XEN_EINVAL, "set_priority of no port");
    expect(fifo_expand_array(mfn_of(page_new())), -XEN_EOPNOTSUPP, "expand_array");
    expect(fifo_expand_array(~0ull), -XEN_EOPNOTSUPP, "expand_array with no frame");
}

static void refused_control(uint64_t frame)
{
    expect(fifo_init_control(1000, frame, 0), -XEN_ENOENT, "vCPU 1000");
    expect(fifo_init_control(~0u, frame, 0), -XEN_ENOENT, "vCPU -1");
    expect(fifo_init_control(0, frame, 4), -XEN_EINVAL, "not aligned by 8");
    expect(fifo_init_control(0, frame, 4032), -XEN_EINVAL, "beyond the page");
    expect(fifo_init_control(0, frame, 0xfffffff8), -XEN_EINVAL, "far beyond the page");
    expect(fifo_init_control(0, ~0ull, 0), -XEN_EINVAL, "no frame");
    expect(fifo_init_control(0, 1ull << 40, 0), -XEN_EINVAL, "a frame beyond all memory");
    expect(fifo_init_control(0, mfn_of((void *)start_info->pt_base), 0), -XEN_EINVAL, "a table");
}

static void refused_later(void)
{
    expect(fifo_init_control(0, mfn_of(page_new()), 0), -XEN_EINVAL, "a second control block");
    expect(fifo_expand_array(~0ull), -XEN_EINVAL, "no frame for words");
    expect(fifo_expand_array(mfn_of((void *)start_info->pt_base)), -XEN_EINVAL, "words in a table");
    expect(fifo_set_priority(port[0], 16), -XEN_EINVAL, "priority 16");
    expect(fifo_set_priority(port[0], ~0u), -XEN_EINVAL, "priority -1");
    expect(fifo_set_priority(100000, 0), -XEN_EINVAL, "set_priority of no port");
    expect(fifo_set_priority(0, 0), -XEN_EACCES, "set_priority of port 0, which is there");
    expect(fifo_set_priority(0, 16), -XEN_EACCES, "to 16");
}

/* ---- The change ---- */

/* The first page of words: other ports, as the console's, stay out of the queues. */
static void quiet_page(void)
{
    fifo_page[0] = page_new();
    for (unsigned i = 0; i < FIFO_PAGE_PORTS; i++)
        *fifo_word(i) = MASKED;
    for (unsigned i = 0; i < PORTS; i++)
        *fifo_word(port[i]) = 0;
}

static void change(void)
{
    event_send(port[3]);
    event_send(port[1]);
    event_mask(port[2]);
    event_send(port[2]);
    expect(fifo_init_control(0, mfn_of(fifo_control[0]), 4024), 0, "a block at the page's end");
    fifo_control[0] = (void *)((char *)fifo_control[0] + 4024);
    event_send(port[4]);
    expect(fifo_control[0]->ready, 0, "nothing is ready before there are words");
    refused_later();
    quiet_page();
    *fifo_word(port[2]) = MASKED;
    expect(fifo_expand_array(mfn_of((void *)fifo_page[0])), 0, "expand_array");
    fifo_on = true;
    expect(fifo_control[0]->ready, 1u << EVTCHN_FIFO_PRIORITY_DEFAULT, "ready");
    expect(*fifo_word(port[0]), 0, "what was not pending");
    expect(*fifo_word(port[2]), PENDING | MASKED, "what was pending is, masked or not");
    expect(*fifo_word(port[4]), PENDING | LINKED, "the last one");
    expect(*fifo_word(port[3]), PENDING | LINKED | port[4], "the one before");
    expect(fifo_take(0), port[1], "by number");
    expect(fifo_take(0), port[3], "by number");
    expect(fifo_take(0), port[4], "what came before there were words");
    expect(fifo_take(0), 0, "no more");
}

/* ---- In use ---- */

static void take_order(const char *what, const unsigned *order, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        expect(fifo_take(0), port[order[i]], "%s: number %u", what, i);
        event_clear(port[order[i]]);
    }
    expect(fifo_take(0), 0, "%s: no more", what);
}

static void all_clear(void)
{
    events_forget();
    for (unsigned i = 0; i < PORTS; i++) {
        *fifo_word(port[i]) = 0;
        set_priority(port[i], EVTCHN_FIFO_PRIORITY_DEFAULT);
    }
}

static void order(void)
{
    static const unsigned sent[] = { 5, 2, 9, 2, 0 };
    static const unsigned taken[] = { 5, 2, 9, 0 };
    static const unsigned by_priority[] = { 4, 7, 1, 0, 2 };

    all_clear();
    for (unsigned i = 0; i < COUNT(sent); i++)
        event_send(port[sent[i]]);
    expect(*fifo_word(port[9]), PENDING | LINKED | port[0], "a link");
    take_order("in order", taken, COUNT(taken));
    event_send(port[0]);
    expect(*fifo_word(port[0]), PENDING | LINKED, "the last one again");
    take_order("again", &taken[3], 1);

    set_priority(port[4], 0);
    set_priority(port[7], 3);
    set_priority(port[2], 15);
    for (unsigned i = 0; i < COUNT(by_priority); i++)
        event_send(port[by_priority[COUNT(by_priority) - 1 - i]]);
    expect(fifo_control[0]->ready, 1 | 1 << 3 | 1 << 7 | 1 << 15, "ready by priority");
    expect(fifo_control[0]->head[15], port[2], "the head of the lowest");
    /* 0 was sent before 1. */
    take_order("by priority", (const unsigned[]){ 4, 7, 0, 1, 2 }, 5);

    /* A new priority is for the next event. */
    event_send(port[0]);
    event_send(port[2]);
    set_priority(port[2], 1);
    event_send(port[2]);
    take_order("a new priority, while linked", (const unsigned[]){ 0, 2 }, 2);
    event_send(port[0]);
    event_send(port[2]);
    take_order("a new priority", (const unsigned[]){ 2, 0 }, 2);
}

static void masks(void)
{
    all_clear();
    event_mask(port[1]);
    event_send(port[1]);
    expect(*fifo_word(port[1]), PENDING | MASKED, "masked");
    expect(fifo_control[0]->ready, 0, "and not ready");
    event_unmask_locally(port[1]);
    expect(fifo_control[0]->ready, 0, "nor when unmasked by hand");
    event_mask(port[1]);
    unmask(port[1]);
    expect(*fifo_word(port[1]), PENDING | LINKED, "unmasked by the call");
    take_order("unmasked", (const unsigned[]){ 1 }, 1);
    unmask(port[1]);
    expect(*fifo_word(port[1]), 0, "unmasked and not pending");

    event_send(port[3]);
    event_mask(port[3]);
    event_clear(port[3]);
    event_send(port[3]);
    expect(*fifo_word(port[3]), PENDING | MASKED | LINKED, "masked while linked: stays");
    expect(fifo_take(0), port[3], "taken out");
    unmask(port[3]);
    take_order("linked anew", (const unsigned[]){ 3 }, 1);
}

static void closing(void)
{
    unsigned closed = port[PORTS - 1], other;

    all_clear();
    event_send(closed);
    close(closed);
    expect(*fifo_word(closed), LINKED, "closed: not pending, but linked");
    other = bind_ipi();
    expect_true(other != closed, "a linked port is not given again");
    expect(fifo_take(0), closed, "take it out");
    *fifo_word(closed) = MASKED | PENDING;
    unmask(closed);
    expect(*fifo_word(closed), MASKED | PENDING, "a closed port is not unmasked");
    *fifo_word(closed) = 0;
    port[PORTS - 1] = bind_ipi();
    expect(port[PORTS - 1], closed, "then it is");
    close(other);
}

#define MANY 100

/* More than are looked at when a port is made. */
static void closing_many(void)
{
    bool was[FIFO_PAGE_PORTS] = { false };
    unsigned many[MANY], other;

    all_clear();
    for (unsigned i = 0; i < MANY; i++) {
        many[i] = bind_ipi();
        was[many[i]] = true;
        *fifo_word(many[i]) = 0;
        event_send(many[i]);
    }
    for (unsigned i = 0; i < MANY; i++)
        close(many[i]);
    other = bind_ipi();
    expect_true(!was[other], "none of them is given again");
    for (unsigned i = 0; i < MANY; i++)
        expect(fifo_take(0), many[i], "take out number %u", i);
    for (unsigned i = 0; i < MANY; i++) {
        unsigned again = bind_ipi();

        expect_true(was[again], "then they are, each once");
        was[again] = false;
        many[i] = again;
    }
    for (unsigned i = 0; i < MANY; i++) {
        close(many[i]);
        *fifo_word(many[i]) = MASKED;
    }
    close(other);
}

static void wakes_poll(void)
{
    evtchn_port_t list[] = { port[6], port[7] };
    struct sched_poll poll = { .ports = (unsigned long)list, .nr_ports = 2 };
    struct evtchn_bind_virq virq = { .virq = VIRQ_TIMER, .vcpu = 0 };
    struct vcpu_set_singleshot_timer timer = { .timeout_abs_ns = system_time() + 5000000 };

    all_clear();
    event_mask(port[7]);
    event_send(port[7]);
    expect(CALL(sched_op, SCHEDOP_poll, &poll), 0, "poll: pending and masked");
    expect(event_op(EVTCHNOP_bind_virq, &virq), 0, "bind_virq");
    event_mask(virq.port);
    list[0] = list[1] = virq.port;
    event_clear(virq.port);
    expect(CALL(vcpu_op, VCPUOP_set_singleshot_timer, 0, &timer), 0, "the timer");
    expect(CALL(sched_op, SCHEDOP_poll, &poll), 0, "poll: becomes pending");
    expect_true(event_pending(virq.port), "it is pending");
    close(virq.port);
}

/* ---- Hostile ---- */

static void any_words(void)
{
    unsigned seed = 1;

    for (unsigned round = 0; round < 20000; round++) {
        unsigned which = port[round % PORTS];

        seed = seed * 1664525 + 1013904223;
        *fifo_word(port[(seed >> 8) % PORTS]) = seed * 2654435761u;
        fifo_control[0]->head[seed >> 12 & 15] = ~seed;
        fifo_control[0]->ready = seed >> 3;
        switch (seed >> 16 & 7) {
        case 0: unmask(which); break;
        case 1: set_priority(which, seed >> 20 & 15); break;
        default: event_send(which); break;
        }
    }
    for (unsigned i = 0; i < FIFO_PAGE_PORTS; i++) {
        bool ours = false;

        for (unsigned k = 0; k < PORTS; k++)
            ours |= port[k] == i;
        if (!ours && (*fifo_word(i) & ~PENDING) != MASKED)
            failure("word %u is 0x%x", i, *fifo_word(i));
    }
}

/* Each port points to itself, then to the next in a ring, then to what is none. */
static void any_links(void)
{
    for (unsigned kind = 0; kind < 4; kind++) {
        for (unsigned i = 0; i < PORTS; i++) {
            unsigned links[] = { port[i], port[(i + 1) % PORTS], EVTCHN_FIFO_LINK_MASK, 0 };

            *fifo_word(port[i]) = LINKED | BUSY | links[kind];
        }
        for (unsigned i = 0; i < PORTS; i++)
            event_send(port[i]);
        for (unsigned i = 0; i < PORTS; i++)
            *fifo_word(port[i]) &= ~LINKED;
        for (unsigned i = 0; i < PORTS; i++)
            event_send(port[i]);
    }
}

/* ---- Back ---- */

static void back(void)
{
    struct evtchn_reset reset = { .dom = DOMID_SELF };
    volatile uint32_t *page = fifo_page[0];

    set_writable((void *)page, false);
    expect_true(pin_table(1, page) != 0, "a page of words cannot be a table");
    expect(event_op(EVTCHNOP_reset, &reset), 0, "reset");
    fifo_end();
    set_writable((void *)page, true);
    for (unsigned i = 0; i < FIFO_PAGE_PORTS; i++)
        page[i] = 0;
    set_writable((void *)page, false);
    expect(pin_table(1, page), 0, "after a reset it can");

    for (unsigned i = 0; i < PORTS; i++)
        port[i] = bind_ipi();
    event_clear(port[0]);
    event_send(port[0]);
    expect_true(event_pending(port[0]), "events are two-level again");
    two_level("after a reset");
    fifo_control[0] = NULL;
    fifo_begin(1, 0);
    quiet_page();
    expect(fifo_expand_array(mfn_of((void *)fifo_page[0])), 0, "expand_array again");
    order();
}

static void all_pages(void)
{
    for (unsigned pages = 1; pages < FIFO_TEST_PAGES; pages++)
        expect(fifo_expand_array(mfn_of((void *)fifo_page[0])), 0, "page %u", pages);
    expect(fifo_expand_array(mfn_of((void *)fifo_page[0])), -XEN_ENOSPC, "the 129th page");
    expect(fifo_expand_array(~0ull), -XEN_ENOSPC, "which is none");
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    for (unsigned i = 0; i < PORTS; i++)
        port[i] = bind_ipi();
    fifo_control[0] = page_new();
    two_level("at first");
    refused_control(mfn_of(fifo_control[0]));
    two_level("after refusals");
    change();
    order();
    masks();
    closing();
    closing_many();
    wakes_poll();
    any_words();
    any_links();
    all_pages();
    /* The real Xen's ordinary domain would not be heard any more: its console's port is closed. */
    if (is_xen_lite() || is_initial_domain())
        back();
}
