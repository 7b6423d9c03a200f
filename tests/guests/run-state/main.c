/* SPDX-License-Identifier: MIT */
/*
 * Claim: each nanosecond of a vCPU is in one of the four accounts of its run state; two vCPUs that
 *     want the only CPU both find what the other got as runnable. A program can read run state and
 *     time in memory, and what it scribbles over them is mended, though it never makes a call.
 * Rule: abi/struct_same_calls.h, vcpu_runstate_info; abi/struct_same_shared.h, vcpu_time_info
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 1 --vcpus 2
 */
#include "tests/guests/support/support.h"

#define MS     1000000ull
#define SECOND (1000 * MS)

/* Where the program looks: with the mark of an update asked for, it must never see it. */
static struct areas {
    struct vcpu_runstate_info state;
    struct vcpu_time_info time;
} areas __attribute__((aligned(4096)));

/* What the program saw. */
static struct {
    unsigned changes, marks, wrong_states, wrong_sums, odd_versions;
    bool mended;
} seen;

static void second(unsigned long argument)
{
    (void)argument;
    for (;;)
        __asm__ volatile("pause");
}

/* The accounts of a vCPU at a moment between the two times. */
struct look {
    struct vcpu_runstate_info info;
    uint64_t sum, before, after;
};

static struct look look(unsigned vcpu)
{
    struct look l;

    l.before = system_time();
    expect(CALL(vcpu_op, VCPUOP_get_runstate_info, vcpu, &l.info), 0, "run state of vCPU %u", vcpu);
    l.after = system_time();
    l.sum = l.info.time[0] + l.info.time[1] + l.info.time[2] + l.info.time[3];
    return l;
}

static void expect_complete(const struct look *a, const struct look *b, const char *what)
{
    uint64_t sum = b->sum - a->sum;

    expect_true(sum >= b->before - a->after && sum <= b->after - a->before,
                "%s: %llu ns of %llu to %llu are in the accounts", what, (unsigned long long)sum,
                (unsigned long long)(b->before - a->after),
                (unsigned long long)(b->after - a->before));
}

static void spin(uint64_t ns)
{
    uint64_t end = system_time() + ns;

    while (system_time() < end)
        continue;
}

static uint64_t gained(const struct look *a, const struct look *b, unsigned state)
{
    return b->info.time[state] - a->info.time[state];
}

static bool ran_and_waited(const struct look *a, const struct look *b)
{
    return gained(a, b, RUNSTATE_running) > 60 * MS && gained(a, b, RUNSTATE_runnable) > 60 * MS;
}

static void two_on_one_cpu(void)
{
    struct look first[2], last[2];

    for (unsigned i = 0; i < 2; i++)
        first[i] = look(i);
    /* Once is enough if the host does not stop the machine meanwhile, to the good of one vCPU. */
    for (unsigned tries = 0; tries < 20; tries++) {
        spin(400 * MS);
        for (unsigned i = 0; i < 2; i++)
            last[i] = look(i);
        if (ran_and_waited(&first[0], &last[0]) && ran_and_waited(&first[1], &last[1]))
            break;
    }
    expect_complete(&first[0], &last[0], "vCPU 0");
    expect_complete(&first[1], &last[1], "vCPU 1");
    expect(last[0].info.state, RUNSTATE_running, "state of who asks");
    expect(last[1].info.state, RUNSTATE_runnable, "state of who waits");
    for (unsigned i = 0; i < 2; i++) {
        expect_true(ran_and_waited(&first[i], &last[i]), "vCPU %u ran, and waited", i);
        expect((long)gained(&first[i], &last[i], RUNSTATE_blocked), 0, "vCPU %u slept", i);
        expect((long)gained(&first[i], &last[i], RUNSTATE_offline), 0, "vCPU %u was down", i);
    }
}

/* The program: no call until it has seen the run state change some times and the time mended. */
static void program(void)
{
    const volatile struct vcpu_runstate_info *state = &areas.state;
    volatile struct vcpu_time_info *time = &areas.time;
    uint64_t end = system_time() + 30 * SECOND;
    uint64_t entered = state->state_entry_time, difference = 0;

    time->tsc_to_system_mul = 0;
    while (system_time() < end && !(seen.mended && seen.changes >= 4)) {
        uint64_t entry = state->state_entry_time;

        seen.marks += entry >> 63;
        seen.wrong_states += state->state != RUNSTATE_running;
        seen.odd_versions += time->version & 1;
        seen.mended = time->tsc_to_system_mul != 0;
        if (entry != entered && entry == state->state_entry_time) {
            uint64_t sum = state->time[0] + state->time[1] + state->time[2] + state->time[3];

            if (entry == state->state_entry_time) { /* still the same: all of one moment */
                seen.wrong_sums += seen.changes != 0 && entry - sum != difference;
                difference = entry - sum;
                entered = entry;
                seen.changes++;
            }
        }
    }
    __asm__ volatile(USER_CALL : : : USER_CALL_CLOBBERS);
}

static void from_user_mode(void)
{
    struct vcpu_register_runstate_memory_area state = { .addr.p = (unsigned long)&areas.state };
    struct vcpu_register_time_memory_area time = { .addr.p = (unsigned long)&areas.time };

    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_runstate_update_flag), 0, "the assist");
    expect(CALL(vcpu_op, VCPUOP_register_runstate_memory_area, 0, &state), 0, "run state");
    expect(CALL(vcpu_op, VCPUOP_register_vcpu_time_memory_area, 0, &time), 0, "time");
    expect((long)user_run(program).vector, VECTOR_SYSCALL, "how the program ended");
    expect_true(seen.changes >= 4, "the program saw the run state change (%u times)", seen.changes);
    expect((long)seen.marks, 0, "marks of an update");
    expect((long)seen.wrong_states, 0, "states other than running");
    expect((long)seen.wrong_sums, 0, "accounts that do not agree with the moment");
    expect((long)seen.odd_versions, 0, "odd versions");
    expect_true(seen.mended, "the time was mended");
    expect_hex(areas.time.tsc_to_system_mul, shared_info->vcpu_info[0].time.tsc_to_system_mul,
               "its factor");
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    vcpu_start(second, 0);
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 1);
    two_on_one_cpu();
    from_user_mode();
}
