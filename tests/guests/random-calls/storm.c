/* SPDX-License-Identifier: MIT */
/*
 * A storm: all vCPUs of the domain make random calls at once, on the same toys, ports and timers,
 * for a time. What a call gives depends on the others, so no result says anything: the hypervisor
 * must survive it, its counts must be right afterwards, and other domains must not notice
 * (tests/qemu/test_random_calls.py).
 *
 * The guest must not crash by its own doing either: breakpoints may strike, and a selector that one
 * vCPU has loaded may go bad under another's hands, so the handlers for those stay. Toys are never
 * touched by the guest itself here, since at any moment they may be gone. vCPU 0 now and then takes
 * pins and mappings off them, gives frames to those that have lost theirs, and brings back vCPUs
 * that are down.
 */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define NS_A_SECOND 1000000000ull
#define LISTS       64 /* of one vCPU, before it looks at the clock */
#define STORM_STACK (4 * PAGE_SIZE)

static char stacks[VCPUS][STORM_STACK] __attribute__((aligned(4096)));
/* Each vCPU has its part of both. */
static struct multicall_entry lists[VCPUS * SLOTS];
static struct call calls[VCPUS * SLOTS];
static unsigned vcpus;
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

static void make_list(unsigned me)
{
    for (unsigned i = me * SLOTS; i < (me + 1) * SLOTS; i++) {
        make_call(&calls[i], i);
        lists[i] = calls[i].e;
    }
}

static void make_piece(unsigned me)
{
    unsigned first = me * SLOTS + (unsigned)below(SLOTS);
    unsigned count = 1 + (unsigned)below((me + 1) * SLOTS - first);

    CALL(multicall, &lists[first], count);
    for (unsigned i = first; i < first + count; i++) {
        calls[i].e.result = lists[i].result;
        if (calls[i].after)
            calls[i].after(&calls[i]);
    }
    made[me] += count;
}

static void run(unsigned me)
{
    for (uint64_t round = 0; system_time() < end; round++) {
        random_seed(seed, round * VCPUS + me);
        for (unsigned i = 0; i < LISTS; i++) {
            make_list(me);
            make_piece(me);
        }
        if (me == 0)
            world_mend(vcpus);
    }
}

/* Up again when it is taken down, so that all can end. */
static void run_for_good(unsigned long me)
{
    run((unsigned)me);
    for (;;)
        CALL(sched_op, SCHEDOP_yield);
}

void storm_vcpus(void (*function)(unsigned long))
{
    while (vcpus < VCPUS && CALL(vcpu_op, VCPUOP_is_up, vcpus) >= 0)
        vcpus++;
    for (unsigned id = 1; id < vcpus; id++)
        vcpu_start_on(id, function, id, stacks[id], STORM_STACK);
}

void storm(uint64_t its_seed, uint64_t seconds)
{
    uint64_t sum = 0, begin = system_time();

    seed = its_seed;
    end = begin + seconds * NS_A_SECOND;
    storm_vcpus(run_for_good);
    run(0);
    for (unsigned id = 0; id < vcpus; id++)
        sum += READ_ONCE(made[id]);
    print("%llu calls by %u vCPUs in %llu ms\n", (unsigned long long)sum, vcpus,
          (unsigned long long)((system_time() - begin) / (NS_A_SECOND / 1000)));
}
