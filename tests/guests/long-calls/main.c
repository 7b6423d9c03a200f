/* SPDX-License-Identifier: MIT */
/*
 * Claim: whatever calls a domain makes that can take long, on all its vCPUs at once, all end; and
 *     the domain goes on afterwards.
 * Rule: invariants F1, F2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * It tells when it begins each attack, so that another domain's delays can be put down to one:
 * tests/qemu/test_latency.py. "each=N" on the command line: so many milliseconds for each;
 * "part=N": batches of an Nth of their size; "crash=1": ends by a crash in the middle of the other
 * vCPUs' calls. Attacks are in attacks.c.
 */
#include "tests/guests/long-calls/attack.h"
#include "tests/guests/support/support.h"

#define DEFAULT_MS 2

struct worker workers[WORKERS];
unsigned worker_count;
unsigned part;

static char stacks[WORKERS][PAGE_SIZE] __attribute__((aligned(4096)));
static unsigned phase;
static volatile unsigned finished[WORKERS];

/* Down, not asleep: nothing that an attack left wakes it. */
static void other(unsigned long id)
{
    const struct attack *attack;

    while ((attack = &attacks[READ_ONCE(phase)])->name) {
        attack->round(&workers[id]);
        workers[id].rounds++;
    }
    finished[id] = 1;
    for (;;)
        CALL(vcpu_op, VCPUOP_down, id);
}

/* An attack may have taken it down. */
static void wait_for_other(unsigned id)
{
    uint64_t end = system_time() + 100000000000ull;

    while (!finished[id]) {
        if (system_time() > end)
            failure("vCPU %u is still in its last call", id);
        CALL(vcpu_op, VCPUOP_up, id);
        CALL(sched_op, SCHEDOP_yield);
    }
}

static void attack_for(const struct attack *attack, uint64_t ns)
{
    uint64_t end = system_time() + ns;

    print("attack %s at %llu\n", attack->name, (unsigned long long)system_time());
    if (attack->begin)
        attack->begin();
    WRITE_ONCE(phase, (unsigned)(attack - attacks));
    do {
        attack->round(&workers[0]);
        workers[0].rounds++;
    } while (system_time() < end);
}

/* The others go through the attacks, starting anywhere, until it is over in the middle of it. */
static _Noreturn void kill_after(uint64_t us)
{
    uint64_t end = system_time() + us * 1000;
    unsigned count = 0;

    while (attacks[count].name)
        count++;
    for (unsigned next = (unsigned)us; system_time() < end; next++) {
        struct sched_poll poll = { .timeout = system_time() + us % 7 * 1000000 };

        if (attacks[next % count].begin)
            attacks[next % count].begin();
        WRITE_ONCE(phase, next % count);
        poll.timeout = poll.timeout < end ? poll.timeout : end;
        CALL(sched_op, SCHEDOP_poll, &poll);
    }
    shut_down(SHUTDOWN_crash);
}

/* With a stack that is all return addresses: each is looked up for the report. */
static _Noreturn void crash(void)
{
    void *words[128];

    for (unsigned i = 0; i < COUNT(words); i++)
        words[i] = (char *)test_main + i % 8;
    __asm__ volatile("" ::"r"(words) : "memory");
    CALL(set_trap_table, NULL);
    __asm__ volatile("mov %0, " R(sp) "; ud2" ::"r"(words) : "memory");
    __builtin_unreachable();
}

void test_main(void)
{
    uint64_t each = option_number("each=", DEFAULT_MS) * 1000000;

    part = (unsigned)option_number("part=", 1);
    while (worker_count < WORKERS && CALL(vcpu_op, VCPUOP_is_up, worker_count) >= 0)
        worker_count++;
    attacks_init();
    for (unsigned id = 1; id < worker_count; id++)
        vcpu_start_on(id, other, id, stacks[id], sizeof(stacks[id]));
    if (option_number("kill=", 0))
        kill_after(option_number("kill=", 0));

    const struct attack *attack = attacks;

    /* The others go on with the last one until the next has begun: what it needs is there then. */
    for (; attack->name; attack++)
        attack_for(attack, each);
    WRITE_ONCE(phase, (unsigned)(attack - attacks));
    print("attack none at %llu\n", (unsigned long long)system_time());
    if (option_number("crash=", 0))
        crash();
    for (unsigned id = 1; id < worker_count; id++)
        wait_for_other(id);
    expect(CALL(xen_version, XENVER_pagesize, NULL), 4096, "pagesize afterwards");
}
