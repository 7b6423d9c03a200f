/* SPDX-License-Identifier: MIT */
/*
 * Claim: each kind of segment (type, level, present or not) goes into DS, ES, FS, GS, SS and by far
 *     jump into CS of rings 1 and 3, with each requested level, just where the processor's rules
 *     let it, and else faults as they say: nothing of the guest's tables is changed for the worse
 *     or the better.
 * Rule: Intel SDM 3, 5.5, 5.7, 5.8; invariants D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests have one level
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define ENTRY      9
#define PRESENT    0x80u
#define SEGMENT    0x10u
#define CODE       0x08u
#define CONFORMING 0x04u /* of code */
#define ACCESS     0x02u /* data: writable; code: readable */
#define TYPE       0x0fu
#define CALL_GATE  0x0cu
#define DPL(type)  ((type) >> 5 & 3)
#define SS         4
#define CS         5
#define DONE       X_BP

extern const struct snippet loads[], loads_end[];

// clang-format off
__asm__(SNIPPETS(loads)
        SNIPPET("3", "0", "0", "mov %eax, %ds; int3")
        SNIPPET("3", "0", "0", "mov %eax, %es; int3")
        SNIPPET("3", "0", "0", "mov %eax, %fs; int3")
        SNIPPET("3", "0", "0", "mov %eax, %gs; int3")
        SNIPPET("3", "0", "0", "mov %eax, %ss; int3")
        SNIPPET("3", "0", "0", "push %eax; push $6f; mov %esp, %ebx; ljmp *(%ebx); 6: int3")
        SNIPPETS_END(loads));
// clang-format on

static uint32_t into_data(uint32_t type, uint32_t ring, uint32_t rpl)
{
    uint32_t least = ring > rpl ? ring : rpl;

    if (!(type & SEGMENT) || (type & (CODE | ACCESS)) == CODE)
        return X_GP;
    if ((type & (CODE | CONFORMING)) != (CODE | CONFORMING) && least > DPL(type))
        return X_GP;
    return type & PRESENT ? DONE : X_NP;
}

static uint32_t into_stack(uint32_t type, uint32_t ring, uint32_t rpl)
{
    if (!(type & SEGMENT) || (type & CODE) || !(type & ACCESS) || rpl != ring || DPL(type) != ring)
        return X_GP;
    return type & PRESENT ? DONE : X_SS;
}

static uint32_t into_code(uint32_t type, uint32_t ring, uint32_t rpl)
{
    uint32_t least = ring > rpl ? ring : rpl;

    if ((type & (SEGMENT | TYPE)) == CALL_GATE)
        return least > DPL(type) ? X_GP : X_NP; /* only absent ones are tried */
    if ((type & (SEGMENT | CODE)) != (SEGMENT | CODE))
        return X_GP;
    if (type & CONFORMING ? DPL(type) > ring : rpl > ring || DPL(type) != ring)
        return X_GP;
    return type & PRESENT ? DONE : X_NP;
}

static uint32_t outcome(unsigned where, uint32_t type, uint32_t ring, uint32_t rpl)
{
    return where == CS   ? into_code(type, ring, rpl)
           : where == SS ? into_stack(type, ring, rpl)
                         : into_data(type, ring, rpl);
}

static void load(unsigned where, uint32_t type, uint32_t ring, uint32_t rpl)
{
    struct raw_start start = raw_start(0, ring);
    uint32_t wanted = outcome(where, type, ring, rpl);
    struct raw_arrival a;

    start.ax = ENTRY * 8 | rpl;
    a = snippet_run(&loads[where], start, 1);
    if (a.vector != wanted || (wanted != DONE && a.words[0] != ENTRY * 8))
        expect_true(false, "ring %u, type 0x%x, selector 0x%x, %s: vector %u, code 0x%x", ring,
                    type, start.ax, loads[where].text, a.vector, a.words[0]);
}

static void null(uint32_t ring)
{
    for (unsigned where = 0; where < 6; where++) {
        for (uint32_t selector = 0; selector < 4; selector++) {
            struct raw_start start = raw_start(0, ring);
            struct raw_arrival a;

            start.ax = selector;
            a = snippet_run(&loads[where], start, 1);
            expect((long)a.vector, where < SS ? DONE : X_GP, "ring %u, null, %s", ring,
                   loads[where].text);
        }
    }
}

void test_main(void)
{
    uint64_t *gdt = gdt_new();

    raw_begin();
    null(1);
    null(3);
    for (uint32_t type = 0; type < 0x100; type++) {
        uint64_t d = raw_descriptor(0, 0xfffff, type, 0xc);

        /* What is present and no segment is refused, or is a call gate; ring 0 becomes ring 1. */
        if ((type & (PRESENT | SEGMENT)) == PRESENT || DPL(type) == 0)
            continue;
        gdt_set(gdt, ENTRY, d);
        for (unsigned where = 0; where < 6; where++)
            for (uint32_t rpl = 0; rpl < 4; rpl++)
                for (uint32_t ring = 1; ring <= 3; ring += 2)
                    load(where, type, ring, rpl);
    }
    raw_end();
}
