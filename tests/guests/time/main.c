/* SPDX-License-Identifier: MIT */
/*
 * Claim: system time goes forward only, at a steady rate, and not slower than what a sleep should
 *     take; its record has an even version; wall-clock time is set.
 * Rule: abi/struct_same_shared.h, vcpu_time_info
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define MS 1000000ull

static void sleep_until(uint64_t when)
{
    struct sched_poll poll = { .nr_ports = 0, .timeout = when };

    expect(CALL(sched_op, SCHEDOP_poll, &poll), 0, "sleep");
}

void test_main(void)
{
    const struct vcpu_time_info *time = &shared_info->vcpu_info[0].time;
    uint64_t last = system_time(), now, start = last;
    unsigned backwards = 0;

    expect((long)(READ_ONCE(time->version) & 1), 0, "the version is even");
    expect_true(READ_ONCE(time->version) != 0, "the record has been written");
    expect_true(time->tsc_to_system_mul != 0, "the rate is set");
    expect_true(READ_ONCE(shared_info->wc_sec) > 1000000000, "the wall clock is set");
    expect((long)(READ_ONCE(shared_info->wc_version) & 1), 0, "its version is even");

    for (unsigned i = 0; i < 20000; i++, last = now) {
        now = system_time();
        if (now < last)
            backwards++;
        if (i % 1000 == 0)
            CALL(sched_op, SCHEDOP_yield);
    }
    expect(backwards, 0, "times that it went back");
    expect_true(last - start < 20000 * MS, "20000 looks take less than 20 s");

    start = system_time();
    sleep_until(start + 50 * MS);
    now = system_time();
    /* A millisecond of slack on the real Xen, seen early as an ordinary domain. */
    expect_true(now - start >= (is_xen_lite() ? 50 : 49) * MS, "a sleep of 50 ms takes 50 ms");
    expect_true(now - start < 5000 * MS, "and not 5 s");
}
