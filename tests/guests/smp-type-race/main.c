/* SPDX-License-Identifier: MIT */
/*
 * Claim: two vCPUs that map, pin and change the same frames at the same time leave no reference
 *     behind: when all is undone, every frame can be written again.
 * Rule: invariants A1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 *
 * type-walk is the same with one vCPU, and looks at every step.
 */
#include "tests/guests/support/support.h"

#define FRAMES 6
#define STEPS  8000
#define SLOTS  3

static uint64_t *frames[FRAMES];
static volatile unsigned stop, stopped;

static unsigned pick(uint64_t *seed, unsigned below)
{
    *seed = *seed * 6364136223846793005ul + 1442695040888963407ul;
    return (unsigned)(*seed >> 33) % below;
}

static void step(uint64_t *seed)
{
    static const unsigned pin[] = { MMUEXT_PIN_L1_TABLE, MMUEXT_PIN_L2_TABLE, MMUEXT_PIN_L3_TABLE,
                                    MMUEXT_PIN_L4_TABLE };
    uint64_t *frame = frames[pick(seed, FRAMES)], *other = frames[pick(seed, FRAMES)];
    uint64_t where = machine_of(&frame[pick(seed, SLOTS)]);

    switch (pick(seed, 8)) {
    case 0: map(frame, make_entry(frame, PTE_RW)); break;
    case 1: map(frame, make_entry(frame, PTE_RO)); break;
    case 2: map(frame, 0); break;
    case 3: mmuext(pin[pick(seed, 4)], mfn_of(frame)); break;
    case 4: mmuext(MMUEXT_UNPIN_TABLE, mfn_of(frame)); break;
    case 5: mmu_update(where, make_entry(other, PTE_TABLE)); break;
    case 6: mmu_update(where, pick(seed, 2) ? make_entry(other, PTE_RO) : 0); break;
    case 7: mmuext(MMUEXT_NEW_USER_BASEPTR, pick(seed, 2) ? mfn_of(frame) : 0); break;
    }
}

/* Taking down a table may be interrupted. What is left is done at the beginning of the same vCPU's
 * next call: so there must be one. */
static void finish(void)
{
    mmuext(MMUEXT_NEW_USER_BASEPTR, 0);
    mmuext(MMUEXT_TLB_FLUSH_LOCAL, 0);
}

static void second(uint64_t seed)
{
    while (!stop)
        step(&seed);
    finish();
    stopped = 1;
    for (;;)
        CALL(sched_op, SCHEDOP_yield);
}

void test_main(void)
{
    uint64_t seed = 1;

    for (unsigned i = 0; i < FRAMES; i++)
        frames[i] = page_new();
    vcpu_start(second, 2);
    for (unsigned i = 0; i < STEPS; i++)
        step(&seed);
    stop = 1;
    if (!wait_for(&stopped))
        failure("vCPU 1 does not stop");

    finish();
    for (unsigned i = 0; i < FRAMES; i++) {
        mmuext(MMUEXT_UNPIN_TABLE, mfn_of(frames[i])); /* -EINVAL if it is not pinned */
        map(frames[i], 0);
    }
    finish();
    for (unsigned i = 0; i < FRAMES; i++)
        expect(map(frames[i], make_entry(frames[i], PTE_RW)), 0, "frame %u writable in the end", i);
}
