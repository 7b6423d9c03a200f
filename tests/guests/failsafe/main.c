/* SPDX-License-Identifier: MIT */
/*
 * Claim: a segment register whose descriptor is taken away while its vCPU is off the CPU is null
 *     when it comes back, and the guest's failsafe callback hears of it, once.
 * Rule: TRAP-6; invariants D1, D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 1 --vcpus 2
 *
 * Two vCPUs on one CPU, so that a yield is a change of vCPU.
 */
#include "tests/guests/support/support.h"

#define DATA_RING3 0x00cff3000000ffffull
#define ENTRY      4
#define SELECTOR   (ENTRY * 8 | 3)

static uint64_t *table;

static void set_entry(uint64_t descriptor)
{
    expect(update_descriptor(machine_of(&table[ENTRY]), descriptor), 0, "change the entry");
}

/* What was interrupted goes on: the null selectors do it no harm. */
static void go_on(struct frame *frame)
{
    (void)frame;
}

static void lose_segments(void)
{
    set_entry(DATA_RING3);
    __asm__ volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%fs" : : "r"(SELECTOR));
    vcpu_let_other_run();
    expect((long)failsafe_count, 0, "callbacks while the descriptor is good");
    expect_hex(READ_SEGMENT(ds), SELECTOR, "ds while it is good");

    /* Where other domains run as well, the CPU may be taken away at once. */
    trap_hook = go_on;
    set_entry(0);
    vcpu_let_other_run();
    trap_hook = NULL;
    expect((long)failsafe_count, 1, "callbacks when it is gone");
    expect_hex(READ_SEGMENT(ds), 0, "ds then");
    expect_hex(READ_SEGMENT(es), 0, "es then");
    expect_hex(READ_SEGMENT(fs), 0, "fs then");
    vcpu_let_other_run();
    expect((long)failsafe_count, 1, "callbacks with null selectors");
}

void test_main(void)
{
    uint64_t frame;

    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    table = page_new();
    frame = mfn_of(table);
    set_writable(table, false);
    expect(CALL(set_gdt, &frame, 512), 0, "a table");
    vcpu_start_other();
    lose_segments();
}
