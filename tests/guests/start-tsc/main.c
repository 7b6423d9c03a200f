/* SPDX-License-Identifier: MIT */
/*
 * Claim: kernel and user mode read the time-stamp counter without a fault, one and the same, which
 *     has counted since the machine was switched on. (Its first value is printed: with counted
 *     instructions it is what the boot took.)
 * Rule: invariants D4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#include "guest-kernel/lib/print.h"

static uint64_t read_tsc(void)
{
    uint32_t low, high;

    __asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high)::"memory");
    return (uint64_t)high << 32 | low;
}

static void user_reads_tsc(void)
{
    __asm__ volatile("lfence; rdtsc; " USER_CALL::: "ax", "dx", USER_CALL_CLOBBERS);
}

void test_main(void)
{
    uint64_t first = read_tsc();
    struct frame user = user_run(user_reads_tsc);
    uint64_t in_user = ((uint64_t)user.dx << 32) | (uint32_t)user.ax;
    uint64_t last = read_tsc();

    print("first TSC: %llu\n", (unsigned long long)first);
    expect((long)user.vector, VECTOR_SYSCALL, "how user mode ends");
    expect_true(first < in_user && in_user < last, "0x%llx, 0x%llx in user mode, 0x%llx",
                (unsigned long long)first, (unsigned long long)in_user, (unsigned long long)last);
    expect_true(first != 0, "the counter has not begun with the domain");
}
