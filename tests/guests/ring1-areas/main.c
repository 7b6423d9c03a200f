/* SPDX-License-Identifier: MIT */
/*
 * Claim: what the hypervisor keeps up to date for a vCPU has the layout of 32 bits wherever it is:
 *     its information in a page of its own, clock and run state at addresses of the kernel's; and
 *     a domain has 1024 ports, each with its bits where words of 32 bits put them.
 * Rule: EVT-2, VCPU-5, VCPU-6, VCPU-7
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because words, ports and places are others at 64 bits
 */
#include "tests/guests/support/support.h"

static uint8_t area[PAGE_SIZE] __attribute__((aligned(4096)));

#define MARK 0xa5

static void run_state(void)
{
    struct vcpu_runstate_info *info = (void *)(area + 4); /* 8 bytes need 4 of alignment */
    struct vcpu_register_runstate_memory_area request = { .addr.p = (uint64_t)(uint32_t)info };
    struct vcpu_runstate_info told, seen;

    memset(area, MARK, sizeof(area));
    expect(CALL(vcpu_op, VCPUOP_register_runstate_memory_area, 0, &request), 0, "run state");
    /* Both of the same moment: others may take the CPU in between. */
    do {
        expect(CALL(vcpu_op, VCPUOP_get_runstate_info, 0, &told), 0, "get_runstate_info");
        memcpy(&seen, info, sizeof(seen));
    } while (seen.state_entry_time != told.state_entry_time);
    expect((long)seen.state, RUNSTATE_running, "state");
    expect(told.state, RUNSTATE_running, "state by the call");
    for (unsigned i = 1; i < 4; i++)
        expect_hex(seen.time[i], told.time[i], "time in state %u", i);
    expect(area[3], MARK, "the byte before it");
    expect(area[4 + 44], MARK, "the byte behind it");
    expect((long)sizeof(*info), 44, "its size");
}

static void clock(void)
{
    struct vcpu_time_info *info = (void *)(area + 256 + 4);
    struct vcpu_register_time_memory_area request = { .addr.p = (uint64_t)(uint32_t)info };

    memset(area, MARK, sizeof(area));
    expect(CALL(vcpu_op, VCPUOP_register_vcpu_time_memory_area, 0, &request), 0, "clock");
    expect(area[259], MARK, "the byte before it");
    expect(area[260 + 32], MARK, "the byte behind it");
    expect_hex(info->tsc_to_system_mul, shared_info->vcpu_info[0].time.tsc_to_system_mul, "mul");
    expect(info->tsc_shift, shared_info->vcpu_info[0].time.tsc_shift, "shift");
}

static void ports(void)
{
    struct evtchn_alloc_unbound request = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    unsigned last = 0;
    long result;

    for (;;) {
        result = event_op(EVTCHNOP_alloc_unbound, &request);
        if (result != 0)
            break;
        last = request.port;
    }
    expect(result, -XEN_ENOSPC, "one port more");
    expect((long)last, EVTCHN_2L_NR_CHANNELS_32 - 1, "the last port");
}

/* A port made of a free one, for good: its bit and that of the word that it is in. */
static void bits_of(unsigned wanted)
{
    struct evtchn_close close = { .port = wanted };
    struct evtchn_bind_ipi bind = { .vcpu = 0 };

    expect(event_op(EVTCHNOP_close, &close), 0, "close %u", wanted);
    expect(event_op(EVTCHNOP_bind_ipi, &bind), 0, "bind_ipi");
    expect((long)bind.port, (long)wanted, "its port");
    shared_info->vcpu_info[0].evtchn_pending_sel = 0;
    shared_info->vcpu_info[0].evtchn_upcall_pending = 0;
    event_send(bind.port);
    expect_hex(shared_info->evtchn_pending[wanted / 32], 1ul << (wanted % 32), "port %u", wanted);
    expect_hex(shared_info->vcpu_info[0].evtchn_pending_sel, 1ul << (wanted / 32), "its word");
    expect(shared_info->vcpu_info[0].evtchn_upcall_pending, 1, "pending");
    shared_info->evtchn_pending[wanted / 32] = 0;
}

static void information(void)
{
    struct vcpu_register_vcpu_info request = { .mfn = mfn_of(area), .offset = PAGE_SIZE - 60 };
    struct vcpu_info *info = (void *)(area + PAGE_SIZE - 64);

    expect((long)sizeof(*info), 64, "size of struct vcpu_info");
    expect(CALL(vcpu_op, VCPUOP_register_vcpu_info, 0, &request), -XEN_ENXIO, "over the end");
    request.offset = PAGE_SIZE - 64;
    memset(area, 0, sizeof(area));
    expect(CALL(vcpu_op, VCPUOP_register_vcpu_info, 0, &request), 0, "register_vcpu_info");
    expect(info->evtchn_upcall_mask, 1, "its mask goes with it");
    expect_true(info->time.tsc_to_system_mul != 0, "and the clock");
    expect_fault(try_read((void *)UNMAPPED_ADDRESS), X_PF, 0, "a page fault");
    expect_hex(info->arch.cr2, UNMAPPED_ADDRESS, "its address is there");
}

void test_main(void)
{
    run_state();
    clock();
    ports();
    bits_of(31);
    bits_of(32);
    bits_of(1000);
    bits_of(1023);
    information();
}
