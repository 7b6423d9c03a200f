/* SPDX-License-Identifier: MIT */
/*
 * Claim: FS and GS have the bases of their descriptors, across changes of vCPU on the CPU, too; one
 *     that update_descriptor changed while they were loaded counts after such a change at the
 * latest.
 * Rule: DESC-6; invariants D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 1 --vcpus 2
 * Widths: pv32, because 64-bit guests set bases by a call of their own
 *
 * Two vCPUs on one CPU, each with a table of its own, so that a yield is a change of vCPU.
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define FIRST             6 /* entries for thread-local storage, as kernels use them */
#define ENTRIES           3
#define SELECTOR(i, ring) ((uint32_t)(FIRST + (i)) * 8 | (ring))
#define ROUNDS            50

static uint32_t words[2][ENTRIES] = { { 0xa0, 0xa1, 0xa2 }, { 0xb0, 0xb1, 0xb2 } };
static volatile unsigned other_turns, other_wrong;

static uint64_t tls(const void *base)
{
    return raw_descriptor((uint32_t)base, 3, 0xf3, 0x4);
}

static void load(unsigned fs, unsigned gs)
{
    __asm__ volatile("mov %0, %%fs; mov %1, %%gs" : : "r"(SELECTOR(fs, 3)), "r"(SELECTOR(gs, 3)));
}

static uint32_t by_fs(void)
{
    uint32_t word;

    __asm__ volatile("mov %%fs:0, %0" : "=r"(word)::"memory");
    return word;
}

static uint32_t by_gs(void)
{
    uint32_t word;

    __asm__ volatile("mov %%gs:0, %0" : "=r"(word)::"memory");
    return word;
}

static uint64_t *table_of(unsigned vcpu)
{
    uint64_t *gdt = gdt_new();

    for (unsigned i = 0; i < ENTRIES; i++)
        gdt_set(gdt, FIRST + i, tls(&words[vcpu][i]));
    return gdt;
}

static void other(unsigned long argument)
{
    (void)argument;
    table_of(1);
    for (;;) {
        load(other_turns % ENTRIES, 2);
        CALL(sched_op, SCHEDOP_yield);
        if (by_fs() != words[1][other_turns % ENTRIES] || by_gs() != words[1][2])
            other_wrong++;
        other_turns++;
    }
}

static void let_other_run(void)
{
    unsigned before = other_turns;

    while (other_turns == before)
        CALL(sched_op, SCHEDOP_yield);
}

void test_main(void)
{
    uint64_t *gdt = table_of(0);
    uint32_t here = 0xc0ffee;

    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    for (unsigned i = 0; i < ENTRIES; i++) {
        load(i, (i + 1) % ENTRIES);
        expect_hex(by_fs(), words[0][i], "fs, entry %u", i);
        expect_hex(by_gs(), words[0][(i + 1) % ENTRIES], "gs, entry %u", i);
    }
    vcpu_start(other, 0);
    for (unsigned i = 0; i < ROUNDS; i++) {
        load(i % ENTRIES, 0);
        let_other_run();
        expect_hex(by_fs(), words[0][i % ENTRIES], "fs after the other vCPU");
        expect_hex(by_gs(), words[0][0], "gs after the other vCPU");
    }
    expect((long)other_wrong, 0, "differences on the other vCPU");

    load(1, 1);
    gdt_set(gdt, FIRST + 1, tls(&here));
    let_other_run();
    expect_hex(by_fs(), here, "fs after a change of base and of vCPU");
    expect_hex(by_gs(), here, "gs after a change of base and of vCPU");
}
