/* SPDX-License-Identifier: MIT */
/*
 * Claim: each nanosecond of a vCPU is in one of the four accounts of its run state, also while it
 *     sleeps, wakes and moves between CPUs; of four vCPUs that want two CPUs all find what the
 *     others got as runnable. A program can read run state and time in memory, and what it
 *     scribbles over them is mended, though it never makes a call.
 * Rule: abi/struct_same_calls.h, vcpu_runstate_info; abi/struct_same_shared.h, vcpu_time_info
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 4
 *
 * The hard idea: what the accounts sum up to and the moment for which they are, differ by the same
 * number of nanoseconds for ever. In memory that is the moment when the state was entered; in the
 * answer to a call it is one during the call. (Not quite on the real Xen,
 * whose CPUs have clocks that differ, by milliseconds soon after its start.)
 */
#include "tests/guests/support/support.h"

#define MS     1000000ull
#define SECOND (1000 * MS)

#define VCPUS 4

/* Where the hypervisor writes each one's run state, and where the program looks: with the mark of
 * an update asked for, it must never see it. */
static struct areas {
    struct vcpu_runstate_info state[VCPUS];
    struct vcpu_time_info time;
} areas __attribute__((aligned(4096)));

/* What the program saw. */
static struct {
    unsigned changes, marks, wrong_states, wrong_sums, odd_versions;
    bool mended;
} seen;

/* Each vCPU's moment less its sum. */
static uint64_t difference[VCPUS];

static volatile bool restless; /* the others sleep and wake; else they are busy */

/* What each of the others found wrong in its own run state, and how often it looked. */
static volatile struct {
    unsigned looks, not_running, sums, backwards, future;
} found[VCPUS];

static uint64_t sum_of(const struct vcpu_runstate_info *info)
{
    return info->time[0] + info->time[1] + info->time[2] + info->time[3];
}

static bool went_back(const struct vcpu_runstate_info *before, const struct vcpu_runstate_info *now)
{
    for (unsigned i = 0; i < 4; i++)
        if (now->time[i] < before->time[i])
            return true;
    return now->state_entry_time < before->state_entry_time;
}

/* Its own, in memory: changes only while the vCPU does not run, so a copy is of one moment if the
 * time of entry has not changed meanwhile. */
static struct vcpu_runstate_info own_state(unsigned id)
{
    const volatile struct vcpu_runstate_info *state = &areas.state[id];
    struct vcpu_runstate_info copy;

    do {
        copy.state_entry_time = state->state_entry_time;
        copy.state = state->state;
        for (unsigned i = 0; i < 4; i++)
            copy.time[i] = state->time[i];
    } while (copy.state_entry_time != state->state_entry_time);
    return copy;
}

static void look_at_own(unsigned id, struct vcpu_runstate_info *last)
{
    struct vcpu_runstate_info now = own_state(id);

    if (difference[id] == 0)
        difference[id] = now.state_entry_time - sum_of(&now);
    found[id].not_running += now.state != RUNSTATE_running;
    found[id].sums += now.state_entry_time - sum_of(&now) != difference[id];
    found[id].backwards += went_back(last, &now);
    found[id].future += is_xen_lite() && now.state_entry_time > system_time();
    found[id].looks++;
    *last = now;
}

static void spin(uint64_t ns)
{
    uint64_t end = system_time() + ns;

    while (system_time() < end)
        continue;
}

static void other(unsigned long id)
{
    struct vcpu_runstate_info last = own_state((unsigned)id);

    for (unsigned turn = 0;; turn++) {
        look_at_own((unsigned)id, &last);
        spin(MS / 8 * (id + turn % 4));
        if (restless && turn % 3 == 0) {
            CALL(sched_op, SCHEDOP_yield, 0);
        } else if (restless) {
            struct sched_poll poll = { .timeout = system_time() + MS / 4 * (turn % 5) };

            CALL(sched_op, SCHEDOP_poll, &poll);
        }
    }
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
    l.sum = sum_of(&l.info);
    return l;
}

static void expect_complete(const struct look *a, const struct look *b, const char *what)
{
    uint64_t sum = b->sum - a->sum, slack = is_xen_lite() ? 0 : 50 * MS;

    expect_true(sum + slack >= b->before - a->after && sum <= b->after - a->before + slack,
                "%s: %llu ns of %llu to %llu are in the accounts", what, (unsigned long long)sum,
                (unsigned long long)(b->before - a->after),
                (unsigned long long)(b->after - a->before));
}

static uint64_t gained(const struct look *a, const struct look *b, unsigned state)
{
    return b->info.time[state] - a->info.time[state];
}

static bool ran_and_waited(const struct look *a, const struct look *b)
{
    return gained(a, b, RUNSTATE_running) > 60 * MS && gained(a, b, RUNSTATE_runnable) > 60 * MS;
}

/* Every one is busy: two of the four wait at any time. */
static void all_busy(void)
{
    struct look first[VCPUS], last[VCPUS];
    bool done = false;

    for (unsigned i = 0; i < VCPUS; i++)
        first[i] = look(i);
    /* Once is enough if the host does not stop the machine meanwhile, to the good of one vCPU. */
    for (unsigned tries = 0; tries < 20 && !done; tries++) {
        spin(300 * MS);
        done = true;
        for (unsigned i = 0; i < VCPUS; i++) {
            last[i] = look(i);
            done &= ran_and_waited(&first[i], &last[i]);
        }
    }
    for (unsigned i = 0; i < VCPUS; i++) {
        expect_complete(&first[i], &last[i], "busy");
        expect_true(ran_and_waited(&first[i], &last[i]), "vCPU %u ran, and waited", i);
        expect((long)gained(&first[i], &last[i], RUNSTATE_blocked), 0, "vCPU %u slept", i);
        expect((long)gained(&first[i], &last[i], RUNSTATE_offline), 0, "vCPU %u was down", i);
    }
    expect(last[0].info.state, RUNSTATE_running, "state of who asks");
}

static bool all_looked(void)
{
    for (unsigned i = 1; i < VCPUS; i++)
        if (found[i].looks < 20)
            return false;
    return true;
}

/* The others sleep, wake and move, and look at their own; this one asks for theirs. */
static void all_restless(void)
{
    struct look last[VCPUS], now;
    uint64_t begin = system_time(), passed = 0;
    unsigned backwards = 0, inexact = 0, asked = 0;

    for (unsigned i = 0; i < VCPUS; i++)
        last[i] = look(i);
    restless = true;
    for (; passed < 100 * MS || (!all_looked() && passed < 20 * SECOND); asked++) {
        for (unsigned i = 0; i < VCPUS; i++) {
            uint64_t moment;

            now = look(i);
            moment = now.sum + difference[i];
            backwards += went_back(&last[i].info, &now.info);
            inexact += i != 0 && (moment < now.before || moment > now.after);
            last[i] = now;
        }
        passed = system_time() - begin;
    }
    restless = false;
    if (is_xen_lite()) {
        expect((long)backwards, 0, "accounts that went back, of %u asked for", asked);
        expect((long)inexact, 0, "sums that are of no moment of the call, of %u", asked);
    }
    expect_true(all_looked(), "all looked at their own");
    for (unsigned i = 1; i < VCPUS; i++) {
        expect((long)found[i].not_running, 0, "vCPU %u: its own state is not running", i);
        expect((long)found[i].sums, 0, "vCPU %u: sums that do not agree with the moment", i);
        expect((long)found[i].backwards, 0, "vCPU %u: accounts that went back", i);
        expect((long)found[i].future, 0, "vCPU %u: entered in the future", i);
    }
}

/* The program: no call until it has seen the run state change some times and the time mended. */
static void program(void)
{
    const volatile struct vcpu_runstate_info *state = &areas.state[0];
    volatile struct vcpu_time_info *time = &areas.time;
    uint64_t end = system_time() + 30 * SECOND;
    uint64_t entered = state->state_entry_time;

    time->tsc_to_system_mul = 0;
    while (system_time() < end && !(seen.mended && seen.changes >= 4)) {
        uint64_t entry = state->state_entry_time;

        seen.marks += entry >> 63;
        seen.wrong_states += state->state != RUNSTATE_running;
        seen.odd_versions += time->version & 1;
        seen.mended = time->tsc_to_system_mul != 0;
        if (entry != entered && entry == state->state_entry_time) {
            struct vcpu_runstate_info now = own_state(0);

            seen.wrong_sums +=
                seen.changes != 0 && now.state_entry_time - sum_of(&now) != difference[0];
            difference[0] = now.state_entry_time - sum_of(&now);
            entered = now.state_entry_time;
            seen.changes++;
        }
    }
    __asm__ volatile(USER_CALL : : : USER_CALL_CLOBBERS);
}

static void from_user_mode(void)
{
    struct vcpu_register_time_memory_area time = { .addr.p = (unsigned long)&areas.time };

    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_runstate_update_flag), 0, "the assist");
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
    static char stacks[VCPUS][PAGE_SIZE] __attribute__((aligned(4096)));

    for (unsigned i = 0; i < VCPUS; i++) {
        struct vcpu_register_runstate_memory_area area = { .addr.p =
                                                               (unsigned long)&areas.state[i] };

        expect(CALL(vcpu_op, VCPUOP_register_runstate_memory_area, i, &area), 0, "run state %u", i);
        CALL(vcpu_op, VCPUOP_stop_periodic_timer, i);
        if (i != 0)
            vcpu_start_on(i, other, i, stacks[i], PAGE_SIZE);
        CALL(vcpu_op, VCPUOP_stop_periodic_timer, i);
    }
    all_busy();
    all_restless();
    from_user_mode();
}
