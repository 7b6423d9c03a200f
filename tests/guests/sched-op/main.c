/* SPDX-License-Identifier: MIT */
/*
 * Claim: yield, block and poll return when they should: block at once if an event waits, with the
 *     mask taken off; poll when a port is pending or the time has come. Bad arguments are refused.
 * Rule: SCHED-2, SCHED-3, SCHED-4, SCHED-5, HCALL-2, HCALL-3, HCALL-8
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define MS 1000000ull

static evtchn_port_t ports[200];

static long poll(unsigned count, uint64_t timeout)
{
    struct sched_poll arguments = { .ports = (unsigned long)ports,
                                    .nr_ports = count,
                                    .timeout = timeout };

    return CALL(sched_op, SCHEDOP_poll, &arguments);
}

static void polling(unsigned port)
{
    uint64_t start = system_time();

    ports[0] = port;
    event_mask(port); /* poll looks at pending bits only */
    event_clear(port);
    expect(poll(1, start + 10 * MS), 0, "poll for 10 ms");
    /* A millisecond of slack on the real Xen, seen early as an ordinary domain. */
    expect_true(system_time() - start >= (is_xen_lite() ? 10 : 9) * MS,
                "without an event it lasts that long");
    event_send(port);
    start = system_time();
    expect(poll(1, start + 60000 * MS), 0, "poll for a minute");
    expect_true(system_time() - start < 30000 * MS, "with an event it returns at once");
    expect_true(event_pending(port), "the event is still pending");
    expect(poll(1, 1), 0, "poll until a time that has passed");

    expect(poll(129, 1), -XEN_EINVAL, "poll 129 ports");
    ports[0] = 0xffffffff;
    expect(poll(1, 1), -XEN_EINVAL, "poll port -1");
}

static void blocking(unsigned port)
{
    struct vcpu_info *vcpu = &shared_info->vcpu_info[0];
    unsigned before;

    event_clear(port);
    event_unmask_locally(port);
    event_send(port);
    before = event_count[port];
    expect(READ_ONCE(vcpu->evtchn_upcall_mask), 1, "the mask before block");
    expect(CALL(sched_op, SCHEDOP_block), 0, "block with an event waiting");
    expect(READ_ONCE(vcpu->evtchn_upcall_mask), 0, "the mask after block");
    expect((long)event_count[port], (long)before + 1, "the event was served");
    events_mask();
}

/* Knows the first three operations; the third ends the domain (crash-shutdown). */
static void old_form(unsigned port)
{
    expect(CALL(sched_op_compat, SCHEDOP_yield, 0), 0, "old form: yield");
    event_clear(port);
    event_unmask_locally(port);
    event_send(port);
    expect(CALL(sched_op_compat, SCHEDOP_block, 0), 0, "old form: block with an event waiting");
    expect(READ_ONCE(shared_info->vcpu_info[0].evtchn_upcall_mask), 0, "old form: the mask");
    events_mask();
    for (unsigned op = SCHEDOP_poll; op < 10; op++)
        expect(CALL(sched_op_compat, op, UNMAPPED_ADDRESS), -XEN_ENOSYS, "old form: %u", op);
}

void test_main(void)
{
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };
    struct sched_remote_shutdown remote = { .domain_id = 0x7000, .reason = SHUTDOWN_crash };
    struct sched_watchdog watchdog = { .id = 7, .timeout = 10 };
    static const unsigned unknown[] = { 8, 99, 1u << 31, ~0u };

    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "bind_ipi");
    expect(CALL(sched_op, SCHEDOP_yield), 0, "yield");
    polling(ipi.port);
    blocking(ipi.port);
    old_form(ipi.port);

    expect(CALL(sched_op, SCHEDOP_shutdown, UNMAPPED_ADDRESS), -XEN_EFAULT,
           "shutdown for a reason at a bad address");
    expect(CALL(sched_op, SCHEDOP_watchdog, &watchdog), -XEN_EINVAL, "watchdog 7");
    watchdog.id = 3;
    expect(CALL(sched_op, SCHEDOP_watchdog, &watchdog), -XEN_EINVAL, "watchdog 3");
    watchdog.id = 2;
    expect(CALL(sched_op, SCHEDOP_watchdog, &watchdog), -XEN_EINVAL, "one that is not in use");
    watchdog.id = 0;
    expect(CALL(sched_op, SCHEDOP_watchdog, &watchdog), 1, "a new watchdog");
    expect(CALL(sched_op, SCHEDOP_watchdog, &watchdog), 2, "another");
    /* Xen returns this one error as a 32-bit number. */
    expect((int)CALL(sched_op, SCHEDOP_watchdog, &watchdog), -XEN_ENOSPC, "a third");
    watchdog = (struct sched_watchdog){ .id = 1, .timeout = ~0u };
    expect(CALL(sched_op, SCHEDOP_watchdog, &watchdog), 0, "the first, in 136 years");
    watchdog.timeout = 0;
    expect(CALL(sched_op, SCHEDOP_watchdog, &watchdog), 0, "stop the first");
    watchdog.id = 2;
    expect(CALL(sched_op, SCHEDOP_watchdog, &watchdog), 0, "stop the second");
    expect(CALL(sched_op, SCHEDOP_watchdog, &watchdog), -XEN_EINVAL, "stop it again");
    expect(CALL(sched_op, SCHEDOP_watchdog, UNMAPPED_ADDRESS), -XEN_EFAULT, "one at a bad address");
    expect(CALL(sched_op, SCHEDOP_remote_shutdown, &remote), -XEN_ESRCH, "the end of nobody");
    remote.domain_id = DOMID_SELF; /* unlike its number */
    expect(CALL(sched_op, SCHEDOP_remote_shutdown, &remote), -XEN_ESRCH, "the end of DOMID_SELF");
    expect(CALL(sched_op, SCHEDOP_remote_shutdown, UNMAPPED_ADDRESS), -XEN_EFAULT,
           "the end of whom a bad address says");
    expect(CALL(sched_op, SCHEDOP_shutdown_code, UNMAPPED_ADDRESS), -XEN_EFAULT,
           "a reason at a bad address");
    if (!is_initial_domain()) /* which may choose CPUs */
        expect(CALL(sched_op, SCHEDOP_pin_override, UNMAPPED_ADDRESS), -XEN_EPERM,
               "a CPU that a bad address says");
    for (unsigned i = 0; i < COUNT(unknown); i++)
        expect(CALL(sched_op, unknown[i]), -XEN_ENOSYS, "operation 0x%x", unknown[i]);
}
