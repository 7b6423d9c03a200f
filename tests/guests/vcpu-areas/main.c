/* SPDX-License-Identifier: MIT */
/*
 * Claim: the areas for run state and time are written when they are registered, also another
 *     vCPU's, at any address that the guest names, aligned or not, at the end of a page or across
 *     two; where nothing is mapped nothing is written; the hypervisor's memory cannot be named.
 *     With address 0 an area is withdrawn, be there memory or not. With the assist the run state
 *     has its mark off again when the guest looks.
 * Rule: HCALL-2; invariants C4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --vcpus 2
 */
#include "tests/guests/support/support.h"

#define MS        1000000ull
#define UNTOUCHED 0xee

static char *pages; /* two, side by side */

static long run_state(unsigned vcpu, unsigned long address)
{
    struct vcpu_register_runstate_memory_area area = { .addr.p = address };

    memset(pages, UNTOUCHED, 2 * PAGE_SIZE);
    return CALL(vcpu_op, VCPUOP_register_runstate_memory_area, vcpu, &area);
}

static long time_info(unsigned vcpu, unsigned long address)
{
    struct vcpu_register_time_memory_area area = { .addr.p = address };

    memset(pages, UNTOUCHED, 2 * PAGE_SIZE);
    return CALL(vcpu_op, VCPUOP_register_vcpu_time_memory_area, vcpu, &area);
}

/* Everything but what was written must be as it was. */
static void expect_only(unsigned offset, unsigned size, const char *what)
{
    for (unsigned i = 0; i < 2 * PAGE_SIZE; i++) {
        if ((i < offset || i >= offset + size) && (unsigned char)pages[i] != UNTOUCHED) {
            expect_true(false, "%s: byte %u is left alone", what, i - offset);
            return;
        }
    }
}

static void anywhere(void)
{
    static const unsigned offsets[] = { 0, 1, 4, 2049, PAGE_SIZE - 8, PAGE_SIZE - 1 };

    for (unsigned i = 0; i < COUNT(offsets); i++) {
        unsigned long at = (unsigned long)pages + offsets[i];
        struct vcpu_runstate_info state;
        struct vcpu_time_info time;

        expect(run_state(0, at), 0, "run state at %u", offsets[i]);
        memcpy(&state, (void *)at, sizeof(state));
        expect(state.state, RUNSTATE_running, "state at %u", offsets[i]);
        expect_only(offsets[i], sizeof(state), "run state");
        expect(run_state(1, at), 0, "vCPU 1's run state at %u", offsets[i]);
        memcpy(&state, (void *)at, sizeof(state));
        expect(state.state, RUNSTATE_offline, "vCPU 1's state at %u", offsets[i]);

        for (unsigned vcpu = 0; vcpu < 2; vcpu++) {
            expect(time_info(vcpu, at), 0, "time of vCPU %u at %u", vcpu, offsets[i]);
            memcpy(&time, (void *)at, sizeof(time));
            expect(time.version & 1, 0, "version of vCPU %u at %u", vcpu, offsets[i]);
            expect_true(time.tsc_to_system_mul != 0xeeeeeeee, "time of vCPU %u at %u is written",
                        vcpu, offsets[i]);
            expect_only(offsets[i], sizeof(time), "time");
        }
    }
}

static void nowhere(void)
{
    for (unsigned vcpu = 0; vcpu < 2; vcpu++) {
        expect(run_state(vcpu, UNMAPPED_ADDRESS), 0, "run state, not mapped");
        expect(time_info(vcpu, UNMAPPED_ADDRESS), 0, "time, not mapped");
        expect(run_state(vcpu, HYPERVISOR_ADDRESS), -XEN_EFAULT, "run state in the hypervisor");
        expect(time_info(vcpu, HYPERVISOR_ADDRESS), -XEN_EFAULT, "time in the hypervisor");
        expect(run_state(vcpu, NONCANONICAL_ADDRESS), -XEN_EFAULT, "run state at no address");
        expect(time_info(vcpu, NONCANONICAL_ADDRESS), -XEN_EFAULT, "time at no address");
        for (unsigned op = VCPUOP_get_runstate_info; op <= VCPUOP_register_runstate_memory_area;
             op++)
            expect(CALL(vcpu_op, op, vcpu, UNMAPPED_ADDRESS), -XEN_EFAULT, "%u from nowhere", op);
        expect(CALL(vcpu_op, VCPUOP_register_vcpu_time_memory_area, vcpu, UNMAPPED_ADDRESS),
               -XEN_EFAULT, "time from nowhere");
    }
    expect(run_state(2, (unsigned long)pages), -XEN_ENOENT,
           "run state of a vCPU that is not there");
}

/* A sleep moves time from one account to the other, and the area follows. */
static void follows(const char *what)
{
    const volatile struct vcpu_runstate_info *area = (const void *)pages;
    uint64_t before;

    expect(run_state(0, (unsigned long)pages), 0, "%s: register", what);
    before = area->time[RUNSTATE_blocked];
    /* On a busy machine the moment may have come before the call is made: then once more. */
    for (unsigned i = 0; i < 10 && area->time[RUNSTATE_blocked] < before + 15 * MS; i++) {
        struct sched_poll sleep = { .timeout = system_time() + 20 * MS };

        CALL(sched_op, SCHEDOP_poll, &sleep);
    }
    expect_true(area->time[RUNSTATE_blocked] >= before + 15 * MS, "%s: the sleep is there", what);
    expect(area->state, RUNSTATE_running, "%s: state", what);
    expect((long)(area->state_entry_time >> 63), 0, "%s: the mark of an update", what);
}

static uint64_t *new_table(const void *child)
{
    uint64_t *table = page_new();

    table[0] = make_entry(child, PTE_TABLE);
    set_writable(table, false);
    return table;
}

/* Is the area at 0 written when vCPU 0 has slept? */
static bool is_written(const volatile unsigned char *zero, long registered)
{
    struct sched_poll sleep = { .timeout = system_time() + 20 * MS };

    expect(registered, 0, "register address 0");
    memset((void *)zero, UNTOUCHED, PAGE_SIZE);
    CALL(sched_op, SCHEDOP_poll, &sleep);
    for (unsigned i = 0; i < PAGE_SIZE; i++)
        if (zero[i] != UNTOUCHED)
            return true;
    return false;
}

/* There is memory at address 0 now. */
static void withdrawn(void)
{
    static void *volatile zero;
    uint64_t *root = new_table(new_table(new_table(page_new())));

    expect(mmu_update(machine_of((void *)start_info->pt_base), make_entry(root, PTE_TABLE)), 0,
           "map address 0");
    expect_true(!is_written(zero, run_state(0, 0)), "no run state at 0");
    expect_true(!is_written(zero, time_info(0, 0)), "no time at 0");
    memset(zero, UNTOUCHED, PAGE_SIZE);
    expect(time_info(0, 0), 0, "no time again");
    expect(*(unsigned char *)zero, UNTOUCHED, "nor at once");
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    pages = page_new();
    if (page_new() != pages + PAGE_SIZE)
        error("two pages side by side");
    anywhere();
    nowhere();
    follows("plain");
    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_runstate_update_flag), 0, "the assist");
    follows("with the assist");
    withdrawn();
}
