/* SPDX-License-Identifier: MIT */
/*
 * Claim: of events that vCPUs send at the same time none is lost and none comes twice, by bitmaps
 *     and by FIFO queues, while their ports go from vCPU to vCPU and change their priority.
 * Rule: abi/evtchn.def, send, bind_vcpu, set_priority; invariants C2
 * Runs on: xen-lite, xen-dom0
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 4
 *
 * Each of three vCPUs sends on its 16 channels and waits until all of it was served, so each event
 * must be served exactly once; now and then it sends some without waiting, of which the last must
 * be seen. vCPU 0 serves what comes for any vCPU. "sends=N" on the command line: how many each
 * makes, of either kind (10 million of each take five to ten minutes on xen-lite). Without it the
 * real Xen, whose vCPUs take long to yield, has fewer.
 */
#include "tests/guests/support/support.h"

#define SENDERS  3
#define EACH     16 /* channels of a sender */
#define CHANNELS (SENDERS * EACH)
#define PATIENCE 10000000000ull /* ns without any event */
#define BURST    1024           /* after so many sends come some without waiting */

static struct channel {
    evtchn_port_t port, from; /* the end that hears, and the other */
    volatile unsigned sent, served;
    volatile unsigned said, heard; /* in a burst */
} channels[CHANNELS];

static struct channel *channel_of[EVENT_PORTS];
static volatile unsigned bursting[SENDERS];
static volatile unsigned sends, go, finished, laps;
static unsigned seen; /* what vCPU 0 has served, bursts as well */
static char stacks[SENDERS][PAGE_SIZE] __attribute__((aligned(16)));

/* Sends on all, and waits until vCPU 0 has served as many as were sent. */
static void one_event_each(struct channel *mine)
{
    for (unsigned i = 0; i < EACH; i++) {
        mine[i].sent++;
        event_send(mine[i].from);
    }
    for (unsigned i = 0; i < EACH; i++)
        while (mine[i].served != mine[i].sent)
            CALL(sched_op, SCHEDOP_yield);
}

/* Sends that may come together, so they are not counted; but whatever was said before the last one
 * has to be seen. Then waits until none of them can still be on its way. */
static void burst_of_events(unsigned me, struct channel *c)
{
    unsigned now;

    bursting[me] = 1;
    for (unsigned i = 0; i < 3; i++) {
        c->said++;
        event_send(c->from);
    }
    while (c->heard != c->said || event_pending(c->port))
        CALL(sched_op, SCHEDOP_yield);
    for (now = laps; laps - now < 2;)
        CALL(sched_op, SCHEDOP_yield);
    bursting[me] = 0;
}

static void change_queue(const struct channel *c, unsigned n)
{
    struct evtchn_status status = { .dom = DOMID_SELF, .port = c->port };

    if (fifo_on)
        expect(fifo_set_priority(c->port, n % 2 ? 3 : 7), 0, "set_priority");
    expect(event_op(EVTCHNOP_status, &status), 0, "status");
}

static void sender(unsigned long me)
{
    struct channel *mine = &channels[me * EACH];
    unsigned round = 0;

    for (;;) {
        while (go == round)
            CALL(sched_op, SCHEDOP_yield);
        round = go;
        for (unsigned n = 0; n < sends; n += EACH) {
            change_queue(&mine[n / EACH % EACH], n / EACH / EACH);
            one_event_each(mine);
            if (n % BURST == 0)
                burst_of_events((unsigned)me, &mine[n / BURST % EACH]);
        }
        __atomic_add_fetch(&finished, 1, __ATOMIC_SEQ_CST);
    }
}

/* ---- vCPU 0 ---- */

static void serve(unsigned which)
{
    struct channel *c = which < EVENT_PORTS ? channel_of[which] : NULL;

    if (c == NULL)
        return;
    seen++;
    if (bursting[(c - channels) / EACH])
        c->heard = c->said;
    else
        c->served++;
}

static void serve_fifo(unsigned vcpu)
{
    unsigned which;

    while ((which = fifo_take(vcpu)) != 0) {
        if (!event_pending(which) || event_masked(which))
            continue;
        event_clear(which);
        serve(which);
    }
}

static void serve_bitmaps(unsigned vcpu)
{
    struct vcpu_info *info = &shared_info->vcpu_info[vcpu];
    unsigned long words = __atomic_exchange_n(&info->evtchn_pending_sel, 0, __ATOMIC_SEQ_CST);

    for (; words != 0; words &= words - 1) {
        unsigned word = (unsigned)__builtin_ctzl(words);
        unsigned long ready = READ_ONCE(shared_info->evtchn_pending[word]);

        for (; ready != 0; ready &= ready - 1) {
            unsigned which = word * (unsigned)WORD_BITS + (unsigned)__builtin_ctzl(ready);

            event_clear(which);
            serve(which);
        }
    }
}

/* Moves a channel while events come. A port of the bitmaps that is pending is told to one vCPU
 * only, but all vCPUs are looked at here. */
static void move(unsigned n)
{
    struct evtchn_bind_vcpu bind = { .port = channels[n % CHANNELS].port,
                                     .vcpu = n / CHANNELS % SENDERS };

    expect(event_op(EVTCHNOP_bind_vcpu, &bind), 0, "bind_vcpu");
}

/* Looks where it was told to: the flag is cleared before, as who sends sets it behind. */
static void look(void)
{
    for (unsigned vcpu = 0; vcpu < SENDERS; vcpu++) {
        uint8_t *told = &shared_info->vcpu_info[vcpu].evtchn_upcall_pending;

        if (!__atomic_exchange_n(told, 0, __ATOMIC_SEQ_CST))
            continue;
        if (fifo_on)
            serve_fifo(vcpu);
        else
            serve_bitmaps(vcpu);
    }
    laps++;
}

static void all_served(void)
{
    for (unsigned i = 0; i < CHANNELS; i++)
        expect(channels[i].served, (long)channels[i].sent, "events of channel %u", i);
}

static void lost(void)
{
    all_served();
    for (unsigned i = 0; i < CHANNELS; i++)
        expect(channels[i].heard, (long)channels[i].said, "the last of a burst, channel %u", i);
    failure("nothing comes any more");
}

/* Whether it is time to give up: so long, and looked at so often, since something came last. The
 * real Xen may leave a vCPU that yields waiting for seconds. */
static bool is_over(void)
{
    static unsigned before, idle;
    static uint64_t last;

    if (seen != before || idle == 0)
        last = system_time();
    idle = seen != before ? 1 : idle + 1;
    before = seen;
    return idle > 10000 && system_time() - last > PATIENCE;
}

static void storm(const char *kind)
{
    uint64_t start = system_time();
    unsigned moves = 0;

    print("%s\n", kind);
    finished = 0;
    go++;
    for (unsigned n = 1; finished < SENDERS; n++) {
        look();
        if (n % 8 == 0)
            move(moves++);
        if (n % 64 != 0)
            continue;
        CALL(sched_op, SCHEDOP_yield);
        if (is_over())
            lost();
    }
    all_served();
    print("%u ms, %u moves\n", (unsigned)((system_time() - start) / 1000000), moves);
}

/* A loop, of which one end is sent on and the other, which is heard, can be moved. */
static void make_channel(struct channel *c)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    struct evtchn_bind_interdomain bind = { .remote_dom = DOMID_SELF };

    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), 0, "alloc_unbound");
    bind.remote_port = alloc.port;
    expect(event_op(EVTCHNOP_bind_interdomain, &bind), 0, "bind_interdomain");
    c->port = alloc.port;
    c->from = bind.local_port;
    channel_of[c->port] = c;
    event_clear(c->from); /* a new end is pending */
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    if (CALL(vcpu_op, VCPUOP_is_up, SENDERS) == -XEN_ENOENT)
        skip("the domain has less than four vCPUs");
    sends = (unsigned)option_number("sends=", is_xen_lite() ? 4096 : 512);
    for (unsigned i = 0; i < CHANNELS; i++)
        make_channel(&channels[i]);
    for (unsigned i = 0; i < SENDERS; i++)
        vcpu_start_on(i + 1, sender, i, stacks[i], sizeof(stacks[0]));
    storm("two-level");
    fifo_begin(SENDERS, 1);
    storm("FIFO");
}
