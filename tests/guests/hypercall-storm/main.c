/* SPDX-License-Identifier: MIT */
/*
 * Claim: no sequence of hypercalls, made by all vCPUs at once with arguments that are nearly right,
 *     harms anybody but the caller: afterwards the guest and the hypervisor go on.
 * Rule: HCALL-1, HCALL-2, HCALL-3; invariants A1, B1, B2, B5, F1
 * Runs on: xen-lite
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 6
 *
 * Random; the seed is printed. "seed=N calls=N" on the guest's command line make another storm and
 * a longer one; "abrupt=1" ends it in the middle of the other vCPUs' calls. Calls are made up by
 * calls.c. Not on the real Xen: its initial domain would break the machine, and another is
 * not heard any more when its calls have closed the console's port.
 */
#include "tests/guests/hypercall-storm/storm.h"
#include "tests/guests/support/support.h"

#define DEFAULT_CALLS 1500
#define LIMIT_NS      600000000000ull

uint64_t *toys[TOYS];
uint64_t toy_frames[TOYS];
unsigned storm_vcpus;

static struct storm storms[STORM_VCPUS];
static char stacks[STORM_VCPUS][2 * PAGE_SIZE] __attribute__((aligned(4096)));

uint64_t storm_random(struct storm *s)
{
    s->seed = s->seed * 6364136223846793005ull + 1442695040888963407ull;
    return s->seed >> 24;
}

static void run(struct storm *s)
{
    while (s->made < s->calls) {
        struct multicall_entry e = { 0 };

        storm_make_call(s, &e);
        hypercall(e.op, e.args[0], e.args[1], e.args[2], e.args[3], e.args[4]);
        s->made++;
    }
    s->done = 1;
}

static void second(unsigned long index)
{
    run(&storms[index]);
    for (;;)
        CALL(sched_op, SCHEDOP_yield);
}

static void make_toys(void)
{
    for (unsigned i = 0; i < TOYS; i++) {
        toys[i] = page_new();
        toy_frames[i] = mfn_of(toys[i]);
        toys[i][0] = make_entry(toys[i], PTE_RO | PTE_GLOBAL);
        set_writable(toys[i], i % 2);
    }
}

/* The others may be down or asleep by the storm's doing. */
static void wait_for_others(void)
{
    uint64_t end = system_time() + LIMIT_NS;

    for (unsigned id = 1; id < storm_vcpus; id++) {
        while (!READ_ONCE(storms[id].done)) {
            struct vcpu_set_periodic_timer tick = { .period_ns = 1000000 };

            if (system_time() > end)
                failure("vCPU %u made %llu calls, then no more", id,
                        (unsigned long long)storms[id].made);
            CALL(vcpu_op, VCPUOP_set_periodic_timer, id, &tick);
            CALL(vcpu_op, VCPUOP_up, id);
            CALL(vcpu_op, VCPUOP_send_nmi, id, 0);
            CALL(sched_op, SCHEDOP_yield);
        }
    }
}

void test_main(void)
{
    const struct xen_memory_domain self = { .domid = DOMID_SELF };
    uint64_t seed = option_number("seed=", 4711), calls = option_number("calls=", DEFAULT_CALLS);

    make_toys();
    for (unsigned id = 0; id < STORM_VCPUS && CALL(vcpu_op, VCPUOP_is_up, id) >= 0; id++) {
        storms[id] = (struct storm){ .id = id, .seed = seed * 31 + id, .calls = calls };
        storms[id].page = page_new();
        storm_vcpus = id + 1;
    }
    print("seed=%llu calls=%llu, %u vCPUs\n", (unsigned long long)seed, (unsigned long long)calls,
          storm_vcpus);
    for (unsigned id = 1; id < storm_vcpus; id++)
        vcpu_start_on(id, second, id, stacks[id], sizeof(stacks[id]));
    run(&storms[0]);
    if (option_number("abrupt=", 0)) {
        print("verdict: success\n");
        shut_down(SHUTDOWN_poweroff);
    }
    wait_for_others();

    /* The hypervisor's own mark for "again", as a result that the guest chooses. */
    shared_info->arch.max_pfn = ~0ul / 2 + 2;
    expect_true(CALL(memory_op, XENMEM_maximum_gpfn, &self) >= 0 || WORD_BITS == 32,
                "a maximum that cannot be");
    traps_init();
    expect_fault(TRY("ud2", ::: "memory"), X_UD, 0, "ud2 afterwards");
    expect(CALL(xen_version, XENVER_pagesize, NULL), 4096, "pagesize afterwards");
}
