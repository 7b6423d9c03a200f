/* SPDX-License-Identifier: MIT */
/*
 * Claim: whatever a guest does with a few frames (maps, pins, entries, base pointer, in any order),
 *     a page table is never writable, and when all is undone every frame is free of references
 *     again.
 * Rule: MMU-7, MMU-10; invariants A1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * A random walk, the same each time. Refusals are fine; what must hold is checked after each step.
 */
#include "tests/guests/support/support.h"

#define FRAMES 10
#define STEPS  6000
#define SLOTS  4 /* entries used of each frame: few, so that steps meet */

static uint64_t *frames[FRAMES];
static bool pinned[FRAMES];
static uint64_t seed = 20260101;

static unsigned pick(unsigned below)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(seed >> 33) % below;
}

static void step(unsigned i)
{
    uint64_t *frame = frames[i], *other = frames[pick(FRAMES)];
    unsigned slot = pick(SLOTS);

    switch (pick(9)) {
    case 0: map(frame, make_entry(frame, PTE_RW)); break;
    case 1: map(frame, make_entry(frame, PTE_RO)); break;
    case 2: map(frame, 0); break;
    case 3: pinned[i] |= pin_table(1 + pick(TOP_LEVEL), frame) == 0; break;
    case 4: pinned[i] &= mmuext(MMUEXT_UNPIN_TABLE, mfn_of(frame)) != 0; break;
    case 5: mmu_update(machine_of(&frame[slot]), make_entry(other, PTE_TABLE)); break;
    case 6: mmu_update(machine_of(&frame[slot]), pick(2) ? make_entry(other, PTE_RO) : 0); break;
    case 7: mmuext(MMUEXT_NEW_USER_BASEPTR, pick(2) ? mfn_of(frame) : 0); break;
    case 8: try_write(&frame[slot], make_entry(other, PTE_TABLE)); break;
    }
}

/* Returns whether the invariant holds for frame i: pinned and mapped writable exclude each other.
 */
static bool holds(unsigned i)
{
    uint64_t entry = *entry_of(frames[i], 1);

    return !(pinned[i] && (entry & PTE_PRESENT) && (entry & PTE_WRITE));
}

static void undo(void)
{
    if (HAS_USER_TABLES)
        expect(mmuext(MMUEXT_NEW_USER_BASEPTR, 0), 0, "no user's base pointer");
    for (unsigned i = 0; i < FRAMES; i++) {
        if (pinned[i])
            expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(frames[i])), 0, "unpin frame %u", i);
        map(frames[i], 0);
    }
}

void test_main(void)
{
    unsigned pins = 0;

    for (unsigned i = 0; i < FRAMES; i++)
        frames[i] = page_new();
    for (unsigned n = 0; n < STEPS; n++) {
        unsigned i = pick(FRAMES);
        bool was_pinned = pinned[i];

        step(i);
        pins += !was_pinned && pinned[i];
        if (!holds(i))
            failure("frame %u is a page table and writable after step %u", i, n);
    }
    expect_true(pins > STEPS / 200, "the walk pinned often (%u times)", pins);
    undo();
    for (unsigned i = 0; i < FRAMES; i++)
        expect(map(frames[i], make_entry(frames[i], PTE_RW)), 0, "frame %u writable in the end", i);
}
