/* SPDX-License-Identifier: MIT */
/*
 * Claim: vcpu_op knows which vCPUs are there and up, tells their run states, and refuses the rest.
 * Rule: VCPU-1, VCPU-2, VCPU-3, VCPU-9, HCALL-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define MS 1000000ull

/* On a busy machine the moment may have come before the call is made: then once more. */
static struct vcpu_runstate_info sleep_15_ms(void)
{
    struct vcpu_runstate_info info;

    for (unsigned i = 0; i < 10; i++) {
        struct sched_poll sleep = { .timeout = system_time() + 20 * MS };

        CALL(sched_op, SCHEDOP_poll, &sleep);
        expect(CALL(vcpu_op, VCPUOP_get_runstate_info, 0, &info), 0, "get_runstate_info");
        if (info.time[RUNSTATE_blocked] >= 15 * MS)
            break;
    }
    return info;
}

static void run_state(void)
{
    struct vcpu_runstate_info info, area = { .state = 99 };
    struct vcpu_register_runstate_memory_area where = { .addr.p = (unsigned long)&area };
    uint64_t now;

    expect(CALL(vcpu_op, VCPUOP_register_runstate_memory_area, 0, &where), 0, "register an area");
    expect(area.state, RUNSTATE_running, "state in the area");
    info = sleep_15_ms();
    expect(info.state, RUNSTATE_running, "state");
    expect_true(info.time[RUNSTATE_blocked] >= 15 * MS, "the sleep is counted as blocked");
    /* The clocks of the real Xen's CPUs are not quite the same, and the vCPU may have moved. */
    now = system_time() + (is_xen_lite() ? 0 : MS);
    expect_true(info.state_entry_time <= now, "the state was entered in the past");
    expect(READ_ONCE(area.state), RUNSTATE_running, "state in the area after a sleep");
    expect_true(READ_ONCE(area.time[RUNSTATE_blocked]) >= 15 * MS, "the area is kept up to date");

    where.addr.p = 0;
    expect(CALL(vcpu_op, VCPUOP_register_runstate_memory_area, 0, &where), 0, "no area");
    where.addr.p = HYPERVISOR_ADDRESS;
    expect(CALL(vcpu_op, VCPUOP_register_runstate_memory_area, 0, &where), -XEN_EFAULT,
           "an area in the hypervisor");
}

/* The vCPU is looked up before anything else, be the operation known or not. */
static void nobody(void)
{
    static const unsigned vcpus[] = { 1, 31, 32, 127, 128, 8192, 1u << 31, ~0u };

    for (unsigned i = 0; i < COUNT(vcpus); i++)
        for (unsigned op = VCPUOP_initialise; op <= VCPUOP_register_vcpu_time_memory_area + 1; op++)
            expect(CALL(vcpu_op, op, vcpus[i], UNMAPPED_ADDRESS), -XEN_ENOENT,
                   "operation %u of vCPU 0x%x", op, vcpus[i]);
}

static void refusals(void)
{
    static struct vcpu_guest_context context;

    expect(CALL(vcpu_op, VCPUOP_is_up, 1000), -XEN_ENOENT, "is vCPU 1000 up");
    expect(CALL(vcpu_op, VCPUOP_is_up, ~0u), -XEN_ENOENT, "is vCPU -1 up");
    expect(CALL(vcpu_op, VCPUOP_up, 1000), -XEN_ENOENT, "bring vCPU 1000 up");
    expect(CALL(vcpu_op, VCPUOP_initialise, 1000, &context), -XEN_ENOENT, "initialise vCPU 1000");
    expect(CALL(vcpu_op, VCPUOP_initialise, 0, &context), -XEN_EEXIST,
           "initialise the vCPU that runs");
    if (!is_initial_domain()) /* whose vCPU may be fixed to the only CPU */
        expect(CALL(vcpu_op, VCPUOP_get_physid, 0, &context), -XEN_EINVAL, "the CPU of vCPU 0");
    expect(CALL(vcpu_op, VCPUOP_send_nmi, 0, UNMAPPED_ADDRESS), -XEN_EINVAL, "an NMI with more");
    expect(CALL(vcpu_op, 14, 0), -XEN_ENOSYS, "operation 14");
    expect(CALL(vcpu_op, ~0u, 0), -XEN_ENOSYS, "operation -1");
    nobody();
    expect(CALL(vcpu_op, VCPUOP_stop_singleshot_timer, 1000), -XEN_ENOENT, "a timer of vCPU 1000");
}

void test_main(void)
{
    expect(CALL(vcpu_op, VCPUOP_is_up, 0), 1, "is vCPU 0 up");
    expect(CALL(vcpu_op, VCPUOP_up, 0), 0, "bring it up again");
    run_state();
    refusals();
}
