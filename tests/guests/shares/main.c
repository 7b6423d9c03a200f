/* SPDX-License-Identifier: MIT */
/*
 * Claim: a domain has its share of the CPUs, on those where it may run; and one that sleeps nearly
 *     always runs at once when it wakes.
 * Rule: invariant F1
 * Runs on: xen-lite (it is about shares beside other domains, and how exact they are)
 * Ends: poweroff
 *
 * On the command line: "burn=N": all its vCPUs are busy, and it tells how long they ran in the N ms
 * from "from=N" ms on, and what they did of their work. "wakes=N": each 10 ms it has 100 us of
 * work, so many times, and it tells how late it was. Both tell on which CPUs of the host they were.
 * "nags=N": for N ms it wakes each 3 us, as often as it is let. What is too much, or too little, is
 * for who runs it beside others to say (tests/qemu/test_shares.py).
 *
 * With --icount an instruction takes a nanosecond, and the emulator translates a NOP to nothing: so
 * a domain that is busy here costs the host next to nothing. PAUSE makes the emulator go on with
 * the next CPU, which it else does only when something interrupts this one.
 */
#include "tests/guests/support/support.h"

#define BUSY_NS   20000 /* between two PAUSEs; CPUs take turns of that */
#define WAKE_NS   10000000ull
#define WORK_NS   100000
#define NAG_NS    3000
#define LATE_NS   500000ull
#define LOST_NS   20000000000ull
#define VCPUS_MAX 4

/* The CPUs on which each vCPU has been seen, and its rounds of work. */
static uint32_t seen_on[VCPUS_MAX];
static volatile uint32_t rounds[VCPUS_MAX];

/* CPUID is not emulated unless asked for: it tells the number of the real CPU. */
static unsigned real_cpu(void)
{
    uint32_t a = 1, b, c = 0, d;

    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return b >> 24;
}

/* BUSY_NS of work. */
static void burn_once(unsigned long id)
{
    seen_on[id] |= 1u << (real_cpu() & 31);
    for (unsigned i = 0; i < BUSY_NS / 1000; i++)
        __asm__ volatile(".rept 1000; nop; .endr");
    __asm__ volatile("pause");
    rounds[id]++;
}

static void tell_places(unsigned vcpus)
{
    for (unsigned id = 0; id < vcpus; id++)
        print("vcpu %u was on %x\n", id, seen_on[id]);
}

/* ---- A little work now and then ---- */

static uint32_t bind_timer(void)
{
    struct evtchn_bind_virq virq = { .virq = VIRQ_TIMER };

    expect(event_op(EVTCHNOP_bind_virq, &virq), 0, "bind the timer");
    event_mask(virq.port);
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    return virq.port;
}

static void sleep_until(uint32_t port, uint64_t when)
{
    struct sched_poll poll = { .ports = (unsigned long)&port,
                               .nr_ports = 1,
                               .timeout = when + LOST_NS };

    event_clear(port);
    set_timer_op(when);
    CALL(sched_op, SCHEDOP_poll, &poll);
    if (!event_pending(port))
        failure("the timer has not rung");
}

static void wake_often(unsigned count)
{
    uint32_t port = bind_timer();
    uint64_t when = system_time(), worst = 0, worst_end = 0;
    unsigned late = 0;

    for (unsigned i = 0; i < count; i++) {
        when += WAKE_NS;
        sleep_until(port, when);

        uint64_t delay = system_time() - when;

        for (unsigned k = 0; k < WORK_NS / BUSY_NS; k++)
            burn_once(0);

        uint64_t end = system_time() - when;

        late += delay > LATE_NS;
        worst = delay > worst ? delay : worst;
        worst_end = end > worst_end ? end : worst_end;
    }
    print("woke %u times, %u too late, by %llu us at worst; the work was done after %llu us\n",
          count, late, (unsigned long long)(worst / 1000), (unsigned long long)(worst_end / 1000));
    tell_places(1);
}

static void nag(uint64_t end)
{
    uint32_t port = bind_timer();
    uint64_t now;

    while ((now = system_time()) < end)
        sleep_until(port, now + NAG_NS);
}

/* ---- Always busy ---- */

static void burn(unsigned long id)
{
    for (;;)
        burn_once(id);
}

/* ns that each vCPU has run until a moment, and rounds of work that all have done. */
struct sample {
    uint64_t moment, ran[VCPUS_MAX], rounds;
};

/* At that time, or later: it may have to wait for a CPU. */
static struct sample sample_at(uint64_t time, unsigned vcpus)
{
    struct vcpu_runstate_info state;
    struct sample sample = { 0 };

    while (system_time() < time)
        burn_once(0);
    sample.moment = system_time();
    for (unsigned id = 0; id < vcpus; id++) {
        expect(CALL(vcpu_op, VCPUOP_get_runstate_info, id, &state), 0, "the runstate of %u", id);
        sample.ran[id] = state.time[RUNSTATE_running];
        sample.rounds += rounds[id];
    }
    return sample;
}

static void burn_for(uint64_t from, uint64_t ns)
{
    static char stacks[VCPUS_MAX][PAGE_SIZE] __attribute__((aligned(4096)));
    struct sample first, last;
    uint64_t sum = 0;
    unsigned vcpus = 1;

    for (; vcpus < VCPUS_MAX && CALL(vcpu_op, VCPUOP_is_up, vcpus) >= 0; vcpus++)
        vcpu_start_on(vcpus, burn, vcpus, stacks[vcpus], PAGE_SIZE);
    first = sample_at(from, vcpus);
    last = sample_at(from + ns, vcpus);
    for (unsigned id = 0; id < vcpus; id++) {
        uint64_t ran = last.ran[id] - first.ran[id];

        print("vcpu %u ran %llu us\n", id, (unsigned long long)(ran / 1000));
        sum += ran;
    }
    print("ran %llu us of %llu, did %llu us of work\n", (unsigned long long)(sum / 1000),
          (unsigned long long)((last.moment - first.moment) / 1000),
          (unsigned long long)((last.rounds - first.rounds) * BUSY_NS / 1000));
    tell_places(vcpus);
}

void test_main(void)
{
    uint64_t burning = option_number("burn=", 0) * 1000000;
    uint64_t nagging = option_number("nags=", 0) * 1000000;

    if (burning)
        burn_for(option_number("from=", 0) * 1000000, burning);
    else if (nagging)
        nag(nagging);
    else
        wake_often((unsigned)option_number("wakes=", 3));
}
