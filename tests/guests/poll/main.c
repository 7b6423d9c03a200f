/* SPDX-License-Identifier: MIT */
/*
 * Claim: SCHEDOP_poll returns at once if one of its ports is pending, masked or not, or if its
 *     moment has passed, which one above 2^63 has, too; else when one of its ports, and no other,
 *     becomes pending or its moment comes. Ports count in their order: what is wrong behind a
 *     pending one is not looked at. With FIFO events it is the same.
 * Rule: SCHED-2, SCHED-3, HCALL-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define MS   1000000ull
#define LONG (60000 * MS)

static evtchn_port_t quiet, ready;
static evtchn_port_t list[200];

static evtchn_port_t new_port(void)
{
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };

    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "bind_ipi");
    event_mask(ipi.port);
    return ipi.port;
}

static long poll(const void *ports, unsigned count, uint64_t timeout)
{
    struct sched_poll poll = { .ports = (unsigned long)ports,
                               .nr_ports = count,
                               .timeout = timeout };

    return CALL(sched_op, SCHEDOP_poll, &poll);
}

/* Without the time-out it would be a minute. */
static void at_once(const void *ports, unsigned count, uint64_t timeout, long wanted,
                    const char *what)
{
    uint64_t start = system_time();

    expect(poll(ports, count, timeout), wanted, "%s", what);
    expect_true(system_time() - start < LONG / 2, "%s: at once", what);
}

/* On the real Xen a poll for none or several ports ends with any port's event; an ordinary domain
 * has some, as somebody reads its console. So a few may be too short there. */
static void waits(const void *ports, unsigned count, const char *what)
{
    uint64_t start = system_time();
    unsigned polls = 0;

    do
        expect(poll(ports, count, start + 20 * MS), 0, "%s", what);
    while (system_time() < start + 20 * MS && ++polls < (is_xen_lite() ? 1 : 10));
    /* A millisecond of slack on the real Xen, seen early as an ordinary domain. */
    expect_true(system_time() - start >= (is_xen_lite() ? 20 : 19) * MS, "%s: waits for its moment",
                what);
}

static void timer_in(uint64_t ns)
{
    struct vcpu_set_singleshot_timer timer = { .timeout_abs_ns = system_time() + ns };

    expect(CALL(vcpu_op, VCPUOP_set_singleshot_timer, 0, &timer), 0, "set_singleshot_timer");
}

static void moments(void)
{
    waits(list, 0, "no ports");
    waits((void *)UNMAPPED_ADDRESS, 0, "no ports, read from nowhere");
    at_once(list, 0, 1, 0, "a moment long ago");
    at_once(list, 0, system_time() - 1, 0, "a moment just ago");
    at_once(list, 0, 1ull << 63, 0, "2^63");
    at_once(list, 0, ~0ull, 0, "2^64 - 1");
}

/* The timer's port, masked like the others, becomes pending while the vCPU waits. */
static void woken(void)
{
    struct evtchn_bind_virq virq = { .virq = VIRQ_TIMER, .vcpu = 0 };
    struct evtchn_close close;

    expect(event_op(EVTCHNOP_bind_virq, &virq), 0, "bind_virq");
    event_mask(virq.port);
    for (unsigned count = 1; count <= 3; count++) {
        const evtchn_port_t its_port[] = { virq.port, quiet, quiet };
        const evtchn_port_t its_port_last[] = { quiet, quiet, virq.port };

        timer_in(5 * MS);
        at_once(its_port, count, system_time() + LONG, 0, "the timer's port is the first");
        expect_true(event_pending(virq.port), "first of %u: it is pending", count);
        event_clear(virq.port);
        if (count == 1)
            continue;
        timer_in(5 * MS);
        at_once(&its_port_last[3 - count], count, system_time() + LONG, 0,
                "the timer's port is the last");
        expect_true(event_pending(virq.port), "last of %u: it is pending", count);
        event_clear(virq.port);
    }
    timer_in(5 * MS);
    waits(&quiet, 1, "another port becomes pending");
    expect_true(event_pending(virq.port), "it is pending");
    close.port = virq.port;
    expect(event_op(EVTCHNOP_close, &close), 0, "close");
}

static void order(void)
{
    uint64_t later = system_time() + LONG;

    list[0] = ready;
    at_once(list, 1, 0, 0, "a pending port, no time-out");
    at_once(list, 1, ~0ull >> 1, 0, "a pending port, the last moment there is");
    expect_true(event_pending(ready), "it is still pending");
    list[0] = quiet;
    waits(list, 1, "a port that is not pending");
    list[1] = ready;
    at_once(list, 2, later, 0, "the second is pending");
    list[0] = ready;
    list[1] = 4096;
    at_once(list, 2, later, 0, "pending, then none");
    list[0] = 4096;
    list[1] = ready;
    at_once(list, 2, later, -XEN_EINVAL, "none, then pending");
}

static void bad_ports(void)
{
    /* 0 is no port, 60 is free, 64 is beyond all there ever were. */
    static const evtchn_port_t bad[] = { 0, 60, 64, 4095, 4096, 0xffffffff };

    for (unsigned i = 0; i < COUNT(bad); i++)
        at_once(&bad[i], 1, system_time() + LONG, -XEN_EINVAL, "a port that is none");
    for (unsigned i = 0; i < COUNT(list); i++)
        list[i] = quiet;
    waits(list, 128, "128 ports");
    at_once(list, 129, system_time() + LONG, -XEN_EINVAL, "129 ports");
    at_once(list, 0xffffffff, system_time() + LONG, -XEN_EINVAL, "2^32 - 1 ports");
    at_once((void *)NONCANONICAL_ADDRESS, 129, 0, -XEN_EINVAL, "too many are seen first");
}

static void bad_lists(void)
{
    uint64_t later = system_time() + LONG;
    char *first = page_new(), *second = page_new();
    evtchn_port_t *last = (evtchn_port_t *)second - 1;

    if (WORD_BITS == 64) { /* 32-bit guests can name no address beyond all of theirs */
        at_once((void *)HYPERVISOR_ADDRESS, 0, later, -XEN_EFAULT, "no ports, in the hypervisor");
        at_once((void *)NONCANONICAL_ADDRESS, 0, later, -XEN_EFAULT, "no ports, at no address");
    }
    at_once((void *)HYPERVISOR_ADDRESS, 1, later, -XEN_EFAULT, "a list in the hypervisor");
    at_once((void *)UNMAPPED_ADDRESS, 1, later, -XEN_EFAULT, "a list nowhere");
    at_once(NULL, 1, later, -XEN_EFAULT, "a list at 0");
    if (second != first + PAGE_SIZE || map(second, 0) != 0)
        error("two pages side by side, the second one empty");
    *last = ready;
    at_once(last, 2, later, 0, "pending, then unreadable");
    *last = quiet;
    at_once(last, 2, later, -XEN_EFAULT, "not pending, then unreadable");
    expect(CALL(sched_op, SCHEDOP_poll, UNMAPPED_ADDRESS), -XEN_EFAULT, "the structure nowhere");
}

/* An upcall that is pending but masked by the vCPU is no reason to return. */
static void masked_upcall(void)
{
    event_clear(ready);
    event_unmask_locally(ready);
    event_send(ready);
    expect(READ_ONCE(shared_info->vcpu_info[0].evtchn_upcall_pending), 1, "the upcall");
    waits(list, 0, "an upcall waits, masked");
    events_forget();
    event_mask(ready);
    event_clear(ready);
}

/* Without a word: who reads it on the real Xen makes an event. */
static void change_to_fifo(void)
{
    fifo_begin(1, 1);
    events_forget();
    event_mask(quiet);
    event_mask(ready);
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    quiet = new_port();
    ready = new_port();
    event_send(ready);
    moments();
    woken();
    order();
    bad_ports();
    bad_lists();
    masked_upcall();

    change_to_fifo();
    event_send(ready);
    woken();
    order();
    masked_upcall();
}
