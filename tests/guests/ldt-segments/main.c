/* SPDX-License-Identifier: MIT */
/*
 * Claim: a segment of an LDT page that the hypervisor has not seen yet can be loaded by the
 *     hypervisor as by the guest: by set_segment_base, and when a vCPU comes back to the CPU.
 * Rule: DESC-3, TRAP-6; invariants D1, D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 1 --vcpus 2
 * Widths: pv64, because a 32-bit kernel loads its programs' GS itself: ring1-ldt
 *
 * Two vCPUs on one CPU, so that a yield is a change of vCPU.
 */
#include "tests/guests/support/support.h"

#define DATA_RING3  0x00cff3000000ffffull
#define SELECTOR(i) ((i)*8 | 7)

static uint64_t *table;

/* With another number of entries each time: the hypervisor forgets the pages that it has seen. */
static void new_ldt(unsigned entries)
{
    struct mmuext_op op = { .cmd = MMUEXT_SET_LDT };

    op.arg1.linear_addr = (unsigned long)table;
    op.arg2.nr_ents = entries;
    expect(CALL(mmuext_op, &op, 1, NULL, DOMID_SELF), 0, "an LDT of %u entries", entries);
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    table = page_new();
    table[4] = DATA_RING3;
    set_writable(table, false);
    vcpu_start_other();

    new_ldt(64);
    expect(CALL(set_segment_base, SEGBASE_GS_USER_SEL, SELECTOR(4)), 0, "the user's gs");
    expect_hex(READ_SEGMENT(gs), SELECTOR(4), "gs");
    expect(CALL(set_segment_base, SEGBASE_GS_USER_SEL, SELECTOR(5)), 0, "an empty entry");
    expect_hex(READ_SEGMENT(gs), 0, "gs then");

    new_ldt(65);
    __asm__ volatile("mov %0, %%ds; mov %0, %%fs" : : "r"(SELECTOR(4)));
    new_ldt(66);
    vcpu_let_other_run();
    expect((long)failsafe_count, 0, "failsafe callbacks");
    expect_hex(READ_SEGMENT(ds), SELECTOR(4), "ds after a change of vCPU");
    expect_hex(READ_SEGMENT(fs), SELECTOR(4), "fs after a change of vCPU");
}
