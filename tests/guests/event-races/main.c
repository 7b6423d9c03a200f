/* SPDX-License-Identifier: MIT */
/*
 * Claim: two vCPUs, one of which makes, connects, sends on and waits for ports while the other
 *     closes and resets them all, see nothing but results that the calls have, and have all their
 *     ports afterwards, also while they change to FIFO events and back.
 * Rule: invariants C2, B6
 * Runs on: xen-lite, xen-dom0
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2 --max-event-channels 4095
 *
 * "peer=N" on the command line: channels are made with that domain, which does the same
 * (tests/qemu/test_domains.py). Not as the real Xen's ordinary domain, which is not heard any more
 * when its resets have closed the console's port.
 */
#include "tests/guests/support/support.h"

#define TIME_NS  2000000000ull
#define LIMIT_NS 20000000000ull /* where the host is so busy that one has not come to much */
#define ENOUGH   50             /* rounds of each */
#define PORTS    130            /* beyond two blocks of 64 */

static unsigned peer = DOMID_SELF;
static volatile unsigned stop, stopped;
static volatile unsigned done[2];
static unsigned changes;
static volatile uint32_t *words;
static uint64_t array, control[2]; /* frames: of the words, and of each vCPU's queues */

/* The results that are no more than bad luck in a race: the port is not there, not what it was, or
 * there is no more room; and Xen's answer to a reset during a reset. */
static void expect_usual(long result, const char *what)
{
    static const long usual[] = { 0,          -XEN_EINVAL, -XEN_EEXIST, -XEN_ENOSPC,
                                  -XEN_ESRCH, -XEN_EBUSY,  -XEN_EAGAIN };

    for (unsigned i = 0; i < COUNT(usual); i++) {
        if (result == usual[i])
            return;
    }
    expect(result, 0, "%s", what);
}

/* The same for the calls of FIFO events, where a reset may have ended them. */
static void expect_usual_fifo(long result, const char *what)
{
    if (result != -XEN_ENOSYS && result != -XEN_EOPNOTSUPP && result != -XEN_EACCES)
        expect_usual(result, what);
}

/* The real Xen looks whether there is an array before it takes the lock under which a reset frees
 * that, and then uses it: expand_array beside a reset can be its end. */
static volatile unsigned apart;

static void apart_begin(void)
{
    while (!is_xen_lite() && __atomic_exchange_n(&apart, 1, __ATOMIC_SEQ_CST))
        CALL(sched_op, SCHEDOP_yield);
}

static void apart_end(void)
{
    __atomic_store_n(&apart, 0, __ATOMIC_SEQ_CST);
}

static unsigned random(unsigned *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Not the console's, so that the test is heard. */
static unsigned some_port(unsigned *seed)
{
    unsigned port = random(seed) % PORTS;

    return !is_initial_domain() && port == start_info->console.domU.evtchn ? 0 : port;
}

static void make(unsigned *seed)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = (domid_t)peer };
    struct evtchn_bind_interdomain bind = { .remote_dom = (domid_t)peer,
                                            .remote_port = some_port(seed) };
    struct evtchn_bind_virq virq = { .virq = random(seed) % NR_VIRQS, .vcpu = random(seed) % 2 };
    struct evtchn_bind_ipi ipi = { .vcpu = random(seed) % 2 };

    expect_usual(event_op(EVTCHNOP_alloc_unbound, &alloc), "alloc_unbound");
    expect_usual(event_op(EVTCHNOP_bind_interdomain, &bind), "bind_interdomain");
    expect_usual(event_op(EVTCHNOP_bind_virq, &virq), "bind_virq");
    expect_usual(event_op(EVTCHNOP_bind_ipi, &ipi), "bind_ipi");
}

/* To FIFO events, which end with the next reset. Empties the queues by force, as ports that are
 * linked are not given again. */
static void change(unsigned *seed)
{
    unsigned vcpu = random(seed) % 2;
    long result;

    if (random(seed) % 32 == 0) {
        for (unsigned i = 0; i < PORTS; i++)
            words[i] = 0;
        expect_usual_fifo(fifo_init_control(vcpu, control[vcpu], 0), "init_control");
        apart_begin();
        if ((result = fifo_expand_array(array)) == 0)
            changes++;
        apart_end();
        expect_usual_fifo(result, "expand_array");
    }
    expect_usual_fifo(fifo_set_priority(some_port(seed), random(seed) % 16), "set_priority");
}

static void use(unsigned *seed)
{
    evtchn_port_t ports[2] = { some_port(seed), some_port(seed) };
    struct evtchn_unmask unmask = { .port = ports[1] };
    struct evtchn_status status = { .dom = DOMID_SELF, .port = ports[0] };
    struct evtchn_bind_vcpu move = { .port = ports[1], .vcpu = random(seed) % 2 };
    struct sched_poll poll = { .ports = (unsigned long)ports, .nr_ports = 2, .timeout = 1 };

    expect_usual(event_try_send(ports[0]), "send");
    expect_usual(event_op(EVTCHNOP_unmask, &unmask), "unmask");
    expect_usual(event_op(EVTCHNOP_status, &status), "status");
    expect_usual(event_op(EVTCHNOP_bind_vcpu, &move), "bind_vcpu");
    expect_usual(CALL(sched_op, SCHEDOP_poll, &poll), "poll");
}

/* vCPU 1: closes ports one by one, and now and then all. */
static void destroyer(unsigned long argument)
{
    unsigned seed = (unsigned)argument;

    while (!stop) {
        struct evtchn_close close = { .port = some_port(&seed) };
        struct evtchn_reset reset = { .dom = DOMID_SELF };

        expect_usual(event_op(EVTCHNOP_close, &close), "close");
        if (random(&seed) % 64 == 0) {
            apart_begin();
            expect_usual(event_op(EVTCHNOP_reset, &reset), "reset");
            apart_end();
        }
        done[1]++;
    }
    stopped = 1;
    for (;;)
        CALL(sched_op, SCHEDOP_block);
}

static bool both_have_done_something(void)
{
    return done[0] > ENOUGH && done[1] > ENOUGH;
}

/* A port that was lost would be missing here. */
static void all_there(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    struct evtchn_reset reset = { .dom = DOMID_SELF };
    unsigned count = is_xen_lite() ? 2 : 1; /* port 0; the console's, which stays on xen-lite */

    expect(event_op(EVTCHNOP_reset, &reset), 0, "reset at the end");
    while (event_op(EVTCHNOP_alloc_unbound, &alloc) == 0)
        count++;
    expect(count, EVTCHN_2L_NR_CHANNELS, "ports in the end");
    expect(event_op(EVTCHNOP_reset, &reset), 0, "reset of them all");
}

void test_main(void)
{
    unsigned seed = 12345;
    uint64_t start;

    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    peer = (unsigned)option_number("peer=", DOMID_SELF);
    words = page_new();
    array = mfn_of((void *)words);
    for (unsigned i = 0; i < 2; i++)
        control[i] = mfn_of(page_new());
    vcpu_start(destroyer, 54321);
    start = system_time();
    while (system_time() - start < (both_have_done_something() ? TIME_NS : LIMIT_NS)) {
        make(&seed);
        change(&seed);
        use(&seed);
        done[0]++;
    }
    stop = 1;
    if (!wait_for(&stopped))
        failure("vCPU 1 does not come back");
    print("rounds: %u and %u, pages for FIFO events: %u\n", done[0], done[1], changes);
    expect_true(changes != 0, "changed to FIFO events");
    expect_true(both_have_done_something(), "both have done something");
    all_there();
}
