/* SPDX-License-Identifier: MIT */
/*
 * A storm: all vCPUs of the domain make random calls at once, on the same toys, ports and timers,
 * for a time or for a number of calls. What a call gives depends on the others, so no result says
 * anything: the hypervisor must survive it, its counts must be right afterwards, and other domains
 * must not notice (tests/qemu/test_random_calls.py).
 *
 * To make a call up takes a guest longer than the hypervisor needs to do it. So where the number
 * counts each vCPU makes up a list, and makes pieces of that by multicall many times over, as the
 * world changes under it; between lists vCPU 0 makes a system call from a program.
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
#define LISTS       64  /* of one vCPU, before it looks at the clock */
#define TIMES       128 /* that pieces of a list are made, where the number counts */
#define STORM_STACK (4 * PAGE_SIZE)

static char stacks[VCPUS][STORM_STACK] __attribute__((aligned(4096)));
/* Each vCPU has its part of both. The calls are there twice in a row, so that a piece may begin
 * anywhere. */
static struct multicall_entry lists[2 * VCPUS * SLOTS];
static struct call calls[VCPUS * SLOTS];
static unsigned vcpus, length; /* of a list */
static uint64_t seed, end, wanted, made[VCPUS];

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
    struct multicall_entry *list = &lists[2 * me * length];

    for (unsigned i = 0; i < length; i++) {
        make_call(&calls[me * length + i], me * length + i);
        list[i] = list[i + length] = calls[me * length + i].e;
    }
}

static void make_piece(unsigned me)
{
    unsigned first = (unsigned)below(length), count = 1 + (unsigned)below(length);
    struct multicall_entry *list = &lists[2 * me * length + first];

    if (count == 1)
        list->result = (unsigned long)hypercall(list->op, list->args[0], list->args[1],
                                                list->args[2], list->args[3], list->args[4]);
    else
        CALL(multicall, list, count);
    for (unsigned i = 0; i < count; i++) {
        struct call *call = &calls[me * length + (first + i) % length];

        call->e.result = list[i].result;
        if (call->after)
            call->after(call);
    }
    made[me] += count;
}

static void run_for_time(unsigned me)
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

static void run_for_number(unsigned me)
{
    for (uint64_t round = 0; made[me] < wanted; round++) {
        random_seed(seed, round * VCPUS + me);
        make_list(me);
        for (unsigned i = 0; i < TIMES; i++)
            make_piece(me);
        if (me != 0)
            continue;
        world_mend(vcpus);
        call_by_program();
    }
}

static void run(unsigned me)
{
    if (wanted)
        run_for_number(me);
    else
        run_for_time(me);
}

/* Up again when it is taken down, so that all can end. */
static void run_for_good(unsigned long me)
{
    run((unsigned)me);
    for (;;)
        CALL(sched_op, SCHEDOP_yield);
}

/* Other vCPUs that are down go on, until they have made all that they are to make. */
static void see_to_its_end(unsigned id)
{
    while (READ_ONCE(made[id]) < wanted) {
        CALL(vcpu_op, VCPUOP_up, id, NULL);
        CALL(sched_op, SCHEDOP_yield);
    }
}

void storm(uint64_t its_seed, uint64_t seconds, uint64_t number)
{
    uint64_t sum = 0, begin = system_time();

    seed = its_seed;
    while (vcpus < VCPUS && CALL(vcpu_op, VCPUOP_is_up, vcpus) >= 0)
        vcpus++;
    length = number ? VCPUS * SLOTS / vcpus : SLOTS;
    wanted = number / vcpus;
    end = begin + seconds * NS_A_SECOND;
    for (unsigned id = 1; id < vcpus; id++)
        vcpu_start_on(id, run_for_good, id, stacks[id], STORM_STACK);
    run(0);
    for (unsigned id = 1; id < vcpus; id++)
        see_to_its_end(id);
    for (unsigned id = 0; id < vcpus; id++)
        sum += READ_ONCE(made[id]);
    print("%llu calls by %u vCPUs in %llu ms\n", (unsigned long long)sum, vcpus,
          (unsigned long long)((system_time() - begin) / (NS_A_SECOND / 1000)));
}
