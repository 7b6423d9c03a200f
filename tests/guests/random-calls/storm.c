/* SPDX-License-Identifier: MIT */
/*
 * A storm: all vCPUs of the domain make random calls at once, on the same toys, ports and timers,
 * until the time is over. What a call gives depends on the others, so no result says anything: the
 * hypervisor must survive it, its counts must be right afterwards, and other domains must not
 * notice (tests/qemu/test_random_calls.py).
 *
 * The guest must not crash by its own doing either: breakpoints may strike, and a selector that one
 * vCPU has loaded may go bad under another's hands, so the handlers for those stay. Toys are never
 * touched by the guest itself here, since at any moment they may be gone. vCPU 0
 * now and then takes pins and mappings off them, gives frames to those that have lost theirs, and
 * brings back vCPUs that are down.
 */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define NS_A_SECOND 1000000000ull
#define CALLS       64 /* of one vCPU, before it looks at the clock */
#define STORM_STACK (4 * PAGE_SIZE)

static char stacks[VCPUS][STORM_STACK] __attribute__((aligned(4096)));
static struct multicall_entry lists[VCPUS][SLOTS];
static struct call calls[VCPUS][SLOTS];
static unsigned vcpus, ended[VCPUS];
static uint64_t seed, end, made[VCPUS];

/* No register can be trusted to tell: calls change them. The stack does. */
unsigned this_vcpu(void)
{
    uint64_t here = (unsigned long)__builtin_frame_address(0), first = (unsigned long)stacks;

    return here >= first && here < first + sizeof(stacks) ? (unsigned)((here - first) / STORM_STACK)
                                                          : 0;
}

unsigned any_vcpu(void)
{
    return vcpus > 1 ? (unsigned)below(vcpus) : 0;
}

bool in_storm(void)
{
    return vcpus != 0;
}

static void finish(struct call *call)
{
    if (call->after)
        call->after(call);
}

static void call_some(unsigned me)
{
    unsigned count = 1 + (unsigned)below(SLOTS);

    for (unsigned i = 0; i < count; i++) {
        make_call(&calls[me][i], me * SLOTS + i);
        lists[me][i] = calls[me][i].e;
    }
    if (count == 1)
        lists[me][0].result =
            (uint64_t)hypercall(lists[me][0].op, lists[me][0].args[0], lists[me][0].args[1],
                                lists[me][0].args[2], lists[me][0].args[3], lists[me][0].args[4]);
    else
        CALL(multicall, lists[me], count);
    for (unsigned i = 0; i < count; i++) {
        calls[me][i].e.result = lists[me][i].result;
        finish(&calls[me][i]);
    }
    made[me] += count;
}

static void run(uint64_t me)
{
    uint64_t round = 0;

    while (system_time() < end) {
        random_seed(seed, round++ * VCPUS + me);
        for (unsigned i = 0; i < CALLS; i++)
            call_some((unsigned)me);
        if (me == 0)
            world_mend(vcpus);
    }
    ended[me] = 1;
}

static void run_for_good(unsigned long me)
{
    run(me);
    for (;;)
        CALL(sched_op, SCHEDOP_yield);
}

void storm(uint64_t its_seed, uint64_t seconds)
{
    uint64_t sum = 0;

    seed = its_seed;
    while (vcpus < VCPUS && CALL(vcpu_op, VCPUOP_is_up, vcpus) >= 0)
        vcpus++;
    end = system_time() + seconds * NS_A_SECOND;
    for (unsigned id = 1; id < vcpus; id++)
        vcpu_start_on(id, run_for_good, id, stacks[id], STORM_STACK);
    run(0);
    for (unsigned id = 0; id < vcpus; id++)
        sum += made[id];
    print("%llu calls by %u vCPUs\n", (unsigned long long)sum, vcpus);
}
