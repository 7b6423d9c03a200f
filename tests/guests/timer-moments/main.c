/* SPDX-License-Identifier: MIT */
/*
 * Claim: the two one-shot calls set the same timer. A moment that has passed comes before the call
 *     returns. What is above 2^63 has passed for set_singleshot_timer; set_timer_op takes it, and
 *     what is weeks ahead, for a mistake and comes in 100 ms. Another vCPU's one-shot timer is not
 *     to be touched; its period is, and counts at once, also while that vCPU stays on its CPU.
 * Rule: TIME-1, TIME-2, TIME-4, HCALL-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 */
#include "tests/guests/support/support.h"

#define MS   1000000ull
#define WEEK (7ull * 24 * 3600 * 1000 * MS)

static unsigned port;
static unsigned running;

static long one_shot(unsigned vcpu, uint64_t moment)
{
    struct vcpu_set_singleshot_timer timer = { .timeout_abs_ns = moment };

    return CALL(vcpu_op, VCPUOP_set_singleshot_timer, vcpu, &timer);
}

static long period(unsigned vcpu, uint64_t ns)
{
    struct vcpu_set_periodic_timer timer = { .period_ns = ns };

    return CALL(vcpu_op, VCPUOP_set_periodic_timer, vcpu, &timer);
}

/* Spins, for at most so long. Returns how long it took, or ~0. */
static uint64_t comes_after(uint64_t start, uint64_t patience)
{
    while (!event_pending(port)) {
        if (system_time() - start > patience)
            return ~0ull;
    }
    event_clear(port);
    return system_time() - start;
}

static void at_once(long result, const char *what)
{
    expect(result, 0, "%s", what);
    expect_true(event_pending(port), "%s: pending when the call returns", what);
    event_clear(port);
}

static void after_100_ms(uint64_t moment, const char *what)
{
    uint64_t start = system_time(), after;

    expect(set_timer_op(moment), 0, "%s", what);
    after = comes_after(start, 30000 * MS);
    expect_true(after >= 100 * MS && after < 30000 * MS, "%s: comes after 100 ms", what);
}

static void never(const char *what)
{
    expect_true(comes_after(system_time(), 220 * MS) == ~0ull, "%s: does not come", what);
}

static void passed(void)
{
    at_once(set_timer_op(1), "set_timer_op, long ago");
    /* Not just now: the clocks of two CPUs of the real Xen are apart, on a busy host by more than
     * 10 us. */
    at_once(set_timer_op(system_time() / 2), "set_timer_op, half of the time ago");
    at_once(one_shot(0, 0), "one-shot, 0 is a moment like others");
    at_once(one_shot(0, 1), "one-shot, long ago");
    at_once(one_shot(0, 1ull << 63), "one-shot, 2^63");
    at_once(one_shot(0, ~0ull), "one-shot, 2^64 - 1");
    expect(set_timer_op(0), 0, "set_timer_op, 0");
    never("set_timer_op, 0");
}

static void far_ahead(void)
{
    after_100_ms(~0ull, "set_timer_op, -1");
    after_100_ms(1ull << 63, "set_timer_op, 2^63");
    after_100_ms(~0ull >> 1, "set_timer_op, 2^63 - 1");
    after_100_ms(system_time() + 2 * WEEK, "set_timer_op, in two weeks");
    expect(set_timer_op(system_time() + WEEK), 0, "set_timer_op, in a week");
    never("set_timer_op, in a week");
    expect(one_shot(0, ~0ull >> 1), 0, "one-shot, 2^63 - 1");
    never("one-shot, 2^63 - 1");
}

static void one_timer(void)
{
    /* Far enough off that also a busy machine makes both calls before. */
    expect(set_timer_op(system_time() + 200 * MS), 0, "set by set_timer_op");
    expect(CALL(vcpu_op, VCPUOP_stop_singleshot_timer, 0), 0, "stopped by vcpu_op");
    never("stopped by the other call");
    expect(one_shot(0, system_time() + 200 * MS), 0, "set by vcpu_op");
    expect(set_timer_op(0), 0, "stopped by set_timer_op");
    never("stopped by the other call, the other way round");
}

static void refusals(void)
{
    expect(one_shot(1, 1), -XEN_EINVAL, "another vCPU's one-shot");
    /* The vCPU is looked at before the structure; but Xen converts one of 32 bits first. */
    expect(CALL(vcpu_op, VCPUOP_set_singleshot_timer, 1, UNMAPPED_ADDRESS),
           WORD_BITS == 64 || is_xen_lite() ? -XEN_EINVAL : -XEN_EFAULT,
           "another vCPU's one-shot from nowhere");
    expect(CALL(vcpu_op, VCPUOP_set_singleshot_timer, 0, UNMAPPED_ADDRESS), -XEN_EFAULT,
           "a one-shot from nowhere");
    expect(CALL(vcpu_op, VCPUOP_stop_singleshot_timer, 1), -XEN_EINVAL, "stop another vCPU's");
    expect(CALL(vcpu_op, VCPUOP_set_periodic_timer, 0, UNMAPPED_ADDRESS), -XEN_EFAULT,
           "a period from nowhere");
    for (unsigned vcpu = 0; vcpu < 2; vcpu++) {
        expect(period(vcpu, 0), -XEN_EINVAL, "a period of 0");
        expect(period(vcpu, MS - 1), -XEN_EINVAL, "a period below 1 ms");
        expect(period(vcpu, 1ull << 62), -XEN_EINVAL, "a period of 2^62");
        expect(period(vcpu, ~0ull), -XEN_EINVAL, "a period of 2^64 - 1");
        expect(period(vcpu, 1ull << 50), 0, "a period of two weeks");
        expect(CALL(vcpu_op, VCPUOP_stop_periodic_timer, vcpu), 0, "no period");
    }
}

/* The timer interrupt of this vCPU from now on: only its pending bit is looked at. */
static void watch(unsigned vcpu)
{
    struct evtchn_bind_virq bind = { .virq = VIRQ_TIMER, .vcpu = vcpu };

    expect(CALL(vcpu_op, VCPUOP_stop_periodic_timer, vcpu), 0, "no period");
    expect(event_op(EVTCHNOP_bind_virq, &bind), 0, "bind the timer of vCPU %u", vcpu);
    port = bind.port;
    event_mask(port);
}

/* Never calls the hypervisor. */
static void run_on(unsigned long argument)
{
    (void)argument;
    WRITE_ONCE(running, 1);
    for (;;)
        ;
}

static void anothers_period(void)
{
    vcpu_start(run_on, 0);
    expect_true(wait_for(&running), "vCPU 1 runs");
    watch(1);
    event_clear(port);
    expect(period(1, 5 * MS), 0, "a period of 5 ms for vCPU 1");
    expect_true(comes_after(system_time(), 20000 * MS) != ~0ull, "comes to it while it runs on");
    expect_true(comes_after(system_time(), 20000 * MS) != ~0ull, "comes again");
    expect(CALL(vcpu_op, VCPUOP_stop_periodic_timer, 1), 0, "stopped by vCPU 0");
    (void)comes_after(system_time(), 20 * MS); /* one may be on its way */
    never("a timer of vCPU 1 that vCPU 0 has stopped");
}

void test_main(void)
{
    watch(0);
    passed();
    far_ahead();
    one_timer();
    refusals();
    anothers_period();
}
