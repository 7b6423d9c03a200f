/* SPDX-License-Identifier: MIT */
/*
 * Claim: a second vCPU starts with the context that it is given, runs beside the first, hears its
 *     IPIs and answers, and can be taken down and brought up again.
 * Rule: VCPU-2, VCPU-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 */
#include "tests/guests/support/support.h"

#define SECOND 1000000000ull

static char stack[PAGE_SIZE] __attribute__((aligned(16)));
static struct vcpu_guest_context context;
static volatile uint64_t beats, argument_seen, ports[2];

/* The second vCPU's life: counts, and answers each event on its port with one on the first's. */
static void second(uint64_t argument)
{
    struct evtchn_send answer = { .port = (uint32_t)ports[0] };

    argument_seen = argument;
    for (;;) {
        beats++;
        if (event_pending((unsigned)ports[1])) {
            event_clear((unsigned)ports[1]);
            event_op(EVTCHNOP_send, &answer);
        }
    }
}

static bool wait_for(bool (*condition)(void))
{
    uint64_t end = system_time() + 20 * SECOND;

    while (!condition() && system_time() < end)
        CALL(sched_op, SCHEDOP_yield);
    return condition();
}

static bool beats_once(void)
{
    return beats > 0;
}

static bool answered(void)
{
    return event_pending((unsigned)ports[0]);
}

static void fill_context(void)
{
    context = (struct vcpu_guest_context){
        .flags = VGCF_in_kernel,
        .user_regs = { .rip = (uint64_t)second,
                       .rdi = 0x5678,
                       .cs = FLAT_KERNEL_CS,
                       .ss = FLAT_KERNEL_SS,
                       .rflags = 0x200,
                       .rsp = (uint64_t)stack + sizeof(stack) - 8 },
        .kernel_ss = FLAT_KERNEL_SS,
        .kernel_sp = (uint64_t)stack + sizeof(stack),
        .event_callback_eip = (uint64_t)event_entry,
        .failsafe_callback_eip = (uint64_t)failsafe_entry,
        .syscall_callback_eip = (uint64_t)syscall_entry,
    };
    context.ctrlreg[3] = mfn_of((void *)start_info->pt_base) * PAGE_SIZE;
}

static void bind(void)
{
    for (unsigned vcpu = 0; vcpu < 2; vcpu++) {
        struct evtchn_bind_ipi ipi = { .vcpu = vcpu };

        expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "an IPI for vCPU %u", vcpu);
        ports[vcpu] = ipi.port;
        event_mask(ipi.port); /* looked at, not delivered */
    }
}

void test_main(void)
{
    struct evtchn_send ring;
    uint64_t before;

    if (CALL(vcpu_op, VCPUOP_is_up, 1) == -XEN_ENOENT)
        skip("the domain has one vCPU");
    bind();
    fill_context();
    expect(CALL(vcpu_op, VCPUOP_up, 1), -XEN_EINVAL, "up before it is initialised");
    expect(CALL(vcpu_op, VCPUOP_initialise, 1, &context), 0, "initialise");
    expect(CALL(vcpu_op, VCPUOP_initialise, 1, &context), -XEN_EEXIST, "initialise twice");
    expect(CALL(vcpu_op, VCPUOP_is_up, 1), 0, "is it up");
    expect(CALL(vcpu_op, VCPUOP_up, 1), 0, "up");
    expect(CALL(vcpu_op, VCPUOP_is_up, 1), 1, "is it up then");
    expect_true(wait_for(beats_once), "it runs");
    expect_hex(argument_seen, 0x5678, "its rdi");

    ring.port = (uint32_t)ports[1];
    event_op(EVTCHNOP_send, &ring);
    expect_true(wait_for(answered), "it answers an IPI");

    expect(CALL(vcpu_op, VCPUOP_down, 1), 0, "down");
    before = beats;
    CALL(sched_op, SCHEDOP_yield);
    expect_true(beats == before, "it stands still");
    expect(CALL(vcpu_op, VCPUOP_up, 1), 0, "up again");
    beats = 0;
    expect_true(wait_for(beats_once), "it goes on");
}
