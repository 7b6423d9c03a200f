/* SPDX-License-Identifier: MIT */
/*
 * Calls in a mass: as many as possible, each a little different, beside another domain that makes
 * them, too (tests/qemu/test_random_calls.py). What they give is only counted: the hypervisor must
 * survive, each operation must be met and done at least at times, and all frames must come back.
 *
 * To make a call up takes a guest longer than the hypervisor needs to do it. So calls stand in a
 * ring, of which a piece is made at a time, by multicall or singly, and then a part of the piece is
 * made up anew: a call is made some four times, each time in another world. What costs most under
 * an emulator are flushes of the TLB, of which each is worth twenty calls: so operations that lead
 * to one are rarer than others, and so are those that arm a timer or wait.
 *
 * A round is some thousand calls, after which the world is renewed. For a round some families of
 * calls are left out, others each time: some states are only reached where nobody destroys them.
 * Round, seed and the domain's number decide all that is made up, but not in which world it is
 * made.
 *
 * vCPU 1 is for others to act on: whenever it is brought up it changes a few grant entries and goes
 * down.
 */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define RING     64  /* calls */
#define PIECES   512 /* of a round */
#define A_TURN   16  /* pieces, before the other domain may run */
#define PROGRAMS 32  /* calls by programs, a round */
#define LOTS     256 /* from which families are drawn */
#define SHARE    4   /* calls with arguments on one page: no answer is longer than 1 KiB */

static const struct family {
    maker *make;
    unsigned weight;
} families[] = {
    { make_mmu_update, 10 }, { make_mmuext_op, 5 },   { make_update_va, 10 },
    { make_descriptor, 1 },  { make_memory_op, 4 },   { make_event_op, 16 },
    { make_fifo_op, 6 },     { make_sched_op, 3 },    { make_timer_op, 3 },
    { make_vcpu_op, 2 },     { make_trap_call, 3 },   { make_cpu_state, 5 },
    { make_question, 7 },    { make_device_call, 4 }, { make_privileged, 4 },
    { make_unknown, 2 },     { make_grant_op, 30 },
};

static struct call calls[RING];
static struct multicall_entry list[RING];
static maker *lots[LOTS];
static uint64_t made;
static bool on;

bool in_mass(void)
{
    return on;
}

/* ---- The ring ---- */

static void draw_families(unsigned only)
{
    unsigned sum = 0, at = 0;
    bool chosen[COUNT(families)];

    for (unsigned i = 0; i < COUNT(families); i++) {
        chosen[i] = only ? i + 1 == only : !once_in(4) || (i == 0 && sum == 0);
        sum += chosen[i] ? families[i].weight : 0;
    }
    for (unsigned i = 0, before = 0; i < COUNT(families); i++) {
        before += chosen[i] ? families[i].weight : 0;
        while (at < before * LOTS / sum)
            lots[at++] = families[i].make;
    }
}

static void make(unsigned i)
{
    struct call *call = &calls[i];

    *call = (struct call){ .slot = &slots[i] };
    call->area = slots[i / SHARE].area + i % SHARE * (COUNT(slots->area) / SHARE);
    lots[below(LOTS)](call);
    tally_call(call);
    list[i] = call->e;
}

static void finish(unsigned i)
{
    struct call *call = &calls[i];

    call->e.result = list[i].result;
    tally_outcome(call);
    if (call->after)
        call->after(call);
}

static void make_piece(void)
{
    unsigned first = (unsigned)below(RING), count = 1 + (unsigned)below(RING - first);
    uint64_t anew = below(1ull << 32) & below(1ull << 32);

    if (once_in(4)) {
        struct multicall_entry *e = &list[first];

        count = 1;
        e->result = (unsigned long)hypercall(e->op, e->args[0], e->args[1], e->args[2], e->args[3],
                                             e->args[4]);
    } else {
        CALL(multicall, &list[first], count);
    }
    for (unsigned i = first; i < first + count; i++)
        finish(i);
    for (unsigned i = first; i < first + count; i++)
        if ((anew >> i % 32 & 1) || calls[i].is_spent)
            make(i);
    made += count;
}

/* ---- A run ---- */

static void run_round(uint64_t seed, uint64_t round, unsigned only)
{
    random_seed(seed, round << 8 | own_number());
    world_renew();
    grants_renew();
    /* Now: they need handlers, and segments that can be loaded. */
    for (unsigned i = 0; i < PROGRAMS; i++)
        call_by_program();
    draw_families(only);
    for (unsigned i = 0; i < RING; i++)
        make(i);
    for (unsigned i = 0; i < PIECES; i++) {
        make_piece();
        grants_flip();
        if (i % A_TURN == 0)
            CALL(sched_op, SCHEDOP_yield);
    }
}

static void serve(unsigned long me)
{
    random_seed(0, me);
    for (;;) {
        grants_flip();
        CALL(vcpu_op, VCPUOP_down, me);
    }
}

void mass(uint64_t seed, uint64_t number, unsigned only)
{
    uint64_t begin = system_time(), rounds = 0;

    on = true;
    grants_init();
    storm_vcpus(serve);
    while (made < number)
        run_round(seed, rounds++, only);
    tally_print();
    print("%llu calls, %llu more by programs, in %llu ms\n", (unsigned long long)made,
          (unsigned long long)(rounds * PROGRAMS),
          (unsigned long long)((system_time() - begin) / 1000000));
}
