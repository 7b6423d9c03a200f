/* SPDX-License-Identifier: MIT */
/*
 * Claim: a domain has as many ports as its bitmaps have bits, 4096 or, at 32 bits, 1024, and with
 *     FIFO events 131072; it is refused the next, and gets one again once it is closed. The event
 *     of the last one is the last bit of the last word and of the selector, or the last word. While
 *     all are reset a timer's event comes.
 * Rule: EVT-1, EVT-2; invariants C2, F1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --max-event-channels 131071
 *
 * The real Xen looks for a free port from 1 on each time: there it is only 5120 ports.
 */
#include "tests/guests/support/support.h"

#define PORTS  (WORD_BITS * WORD_BITS)
#define LAST   (PORTS - 1)
#define MIDDLE (PORTS / 2)
#define EARLY  64 /* one of those that a reset closes at first */

#define ATTEMPTS 10

static struct vcpu_info *vcpu;
static unsigned timer_port;
static volatile unsigned ticks_in_reset;

static long alloc(unsigned *port)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    long result = event_op(EVTCHNOP_alloc_unbound, &alloc);

    *port = alloc.port;
    return result;
}

static void close(unsigned port)
{
    struct evtchn_close close = { .port = port };

    expect(event_op(EVTCHNOP_close, &close), 0, "close");
}

/* Makes ports up to that one, or until there are no more; the last that there is. */
static unsigned fill(unsigned last)
{
    unsigned port, highest = 0;
    long result;

    while ((result = alloc(&port)) == 0) {
        highest = port;
        if (port == last)
            return port;
    }
    expect(result, -XEN_ENOSPC, "one more");
    return highest;
}

static unsigned status_of(unsigned port)
{
    struct evtchn_status status = { .dom = DOMID_SELF, .port = port };

    expect(event_op(EVTCHNOP_status, &status), 0, "status");
    return status.status;
}

static void set_timer(void)
{
    set_timer_op(system_time() + 100000);
}

/* An event of the timer. If it comes before the reset has begun it is for the next. */
static void in_the_reset(unsigned port)
{
    if (port != timer_port)
        return;
    if (status_of(EARLY) != EVTCHNSTAT_closed)
        set_timer();
    else
        ticks_in_reset++;
}

/* A reset goes through the ports from the first on, so the timer's, which is the last, is heard as
 * long as it is under way: a millisecond at least. Made in one go it would be over before anything
 * else is done, and nothing would be heard. */
static void reset_beside_timer(unsigned last)
{
    struct evtchn_bind_virq bind = { .virq = VIRQ_TIMER };
    struct evtchn_reset all = { .dom = DOMID_SELF };
    unsigned port;

    close(last);
    expect(event_op(EVTCHNOP_bind_virq, &bind), 0, "bind_virq");
    expect(bind.port, last, "the timer's port");
    timer_port = last;
    event_hook = in_the_reset;
    events_forget();
    events_unmask();
    set_timer();
    expect(event_op(EVTCHNOP_reset, &all), 0, "reset");
    events_mask();
    fifo_end();
    expect(status_of(last), EVTCHNSTAT_closed, "the timer's port then");
    expect(alloc(&port), 0, "a port");
    expect_true(port < 8, "it is among the first: %u", port);
}

/* The only free port, so it is the same again. */
static void bind_as_ipi(unsigned port)
{
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };

    close(port);
    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "bind_ipi");
    expect(ipi.port, port, "the port");
}

static void close_in_the_middle(void)
{
    unsigned port;

    close(MIDDLE);
    expect(alloc(&port), 0, "a port once more");
    expect(port, MIDDLE, "which");
    expect(alloc(&port), -XEN_ENOSPC, "and no other");
}

static void look(const char *when, unsigned long selector, bool pending)
{
    unsigned long top = 1ul << (WORD_BITS - 1);

    print("%s\n", when);
    /* Its low bits are of the console's port, among others. */
    expect_true((vcpu->evtchn_pending_sel & top) == selector, "the selector");
    expect_true(shared_info->evtchn_pending[WORD_BITS - 1] == (pending ? top : 0), "the last word");
    expect(shared_info->evtchn_mask[0] & 1, 0, "the first bit behind it");
}

static void two_level(void)
{
    struct evtchn_bind_interdomain bind = { .remote_dom = DOMID_SELF, .remote_port = PORTS };
    struct evtchn_unmask unmask = { .port = LAST };
    unsigned long top = 1ul << (WORD_BITS - 1);

    expect(fill(0), LAST, "the last port");
    expect(event_op(EVTCHNOP_bind_interdomain, &bind), -XEN_ENOSPC, "the peer's comes second");
    close_in_the_middle();
    bind_as_ipi(LAST);

    event_unmask_locally(0);
    event_mask(LAST);
    vcpu->evtchn_pending_sel = 0;
    event_send(LAST);
    look("masked", 0, true);
    expect(event_op(EVTCHNOP_unmask, &unmask), 0, "unmask");
    look("unmasked", top, true);
    expect(shared_info->evtchn_mask[WORD_BITS - 1] & top, 0, "its mask bit");
    event_clear(LAST);
    vcpu->evtchn_pending_sel = 0;
    event_send(LAST);
    look("sent unmasked", top, true);

    expect(event_try_send(PORTS), -XEN_EINVAL, "send on what is none");
    unmask.port = PORTS;
    expect(event_op(EVTCHNOP_unmask, &unmask), -XEN_EINVAL, "unmask what is none");
    event_clear(LAST);
    look("at the end", top, false);
}

/* With one page of words less than there are ports, until the end. */
static void fifo(void)
{
    unsigned pages = is_xen_lite() ? FIFO_TEST_PAGES : 5;
    unsigned last = pages * FIFO_PAGE_PORTS - 1;
    uint64_t frame = mfn_of(page_new());

    fifo_begin(1, 1);
    if (!is_initial_domain()) /* nothing from there in the queues */
        event_mask(start_info->console.domU.evtchn);
    for (unsigned page = 1; page < pages - 1; page++)
        expect(fifo_expand_array(frame), 0, "expand_array");
    events_forget();
    expect(fill(last), last, "the last port");
    bind_as_ipi(last);
    event_send(last);
    expect_true(!events_ready(), "there is no word for it");
    fifo_page[pages - 1] = page_new();
    expect(fifo_expand_array(mfn_of((void *)fifo_page[pages - 1])), 0, "expand_array");
    expect_true(events_ready(), "there is one");
    expect(fifo_take(0), last, "the event");
    expect(*fifo_word(last), 1u << EVTCHN_FIFO_PENDING, "its word");
    event_clear(last);
    event_send(last);
    expect(fifo_take(0), last, "the event, again");
    expect(event_try_send(last + 1), -XEN_EINVAL, "send on what is none");
    if (is_xen_lite())
        close_in_the_middle();
    event_clear(last);
    reset_beside_timer(last);
}

/* On a busy machine QEMU's timer may come too late for a reset. */
static void fifo_until_heard(void)
{
    for (unsigned i = 0; i < ATTEMPTS && ticks_in_reset == 0; i++)
        fifo();
    expect(ticks_in_reset, 1, "the timer's events while a reset was under way");
}

void test_main(void)
{
    vcpu = &shared_info->vcpu_info[0];
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    two_level();
    fifo_until_heard();
}
