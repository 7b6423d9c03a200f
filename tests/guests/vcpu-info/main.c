/* SPDX-License-Identifier: MIT */
/*
 * Claim: a vCPU's information can be moved once to a page of the guest's, where it goes on with its
 *     contents and an event pending, another's only while that is down; a place that crosses a page
 *     or is not the guest's is refused.
 * Rule: VCPU-5, VCPU-6, VCPU-7, VCPU-8
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --vcpus 2
 */
#include "tests/guests/support/support.h"

static volatile unsigned second_may_go;

static long move(unsigned vcpu, uint64_t mfn, unsigned offset)
{
    struct vcpu_register_vcpu_info place = { .mfn = mfn, .offset = offset };

    return CALL(vcpu_op, VCPUOP_register_vcpu_info, vcpu, &place);
}

static long move_to(uint64_t mfn, unsigned offset)
{
    return move(0, mfn, offset);
}

static void second(unsigned long argument)
{
    (void)argument;
    while (!second_may_go)
        CALL(sched_op, SCHEDOP_yield);
    CALL(vcpu_op, VCPUOP_down, 1);
}

static void anothers(void)
{
    char *page = page_new();
    const struct vcpu_info *info = (const struct vcpu_info *)page;
    uint64_t end = system_time() + 20000000000ull;

    vcpu_start(second, 0);
    expect(move(1, mfn_of(page), 0), -XEN_EINVAL, "that of a vCPU that is up");
    second_may_go = 1;
    while (CALL(vcpu_op, VCPUOP_is_up, 1) != 0 && system_time() < end)
        CALL(sched_op, SCHEDOP_yield);
    expect(move(1, mfn_of(page), 0), 0, "when it is down");
    expect(READ_ONCE(info->evtchn_upcall_mask), 1, "its mask at the new place");
    expect(move(1, mfn_of(page), 64), -XEN_EINVAL, "twice");
    expect(map(page, 0), 0, "the page unmapped");
    expect(map(page, make_entry(page, PTE_RW)), 0, "and mapped");
}

void test_main(void)
{
    char *page = page_new();
    struct vcpu_info *info = (struct vcpu_info *)(page + 128);
    uint64_t *table = table_new();

    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin a table");
    expect(move_to(mfn_of(page), PAGE_SIZE - 32), -XEN_ENXIO, "across the page's end");
    expect(move_to(mfn_of(page), PAGE_SIZE), -XEN_ENXIO, "behind the page's end");
    expect(move_to(mfn_of(page), 0xffffffe0), -XEN_ENXIO, "far behind the page's end");
    expect(move_to(mfn_of(page), 128 + sizeof(long) / 2), -XEN_ENXIO,
           "at no multiple of a register's size");
    expect(move_to(0xfffffff, 0), -XEN_EINVAL, "in no frame");
    expect(move_to(mfn_of(table), 0), -XEN_EINVAL, "in a page table");

    expect(READ_ONCE(shared_info->vcpu_info[0].evtchn_upcall_mask), 1, "the mask at the old place");
    expect(move_to(mfn_of(page), 128), 0, "a good place");
    expect(READ_ONCE(info->evtchn_upcall_mask), 1, "the mask at the new place");
    expect(READ_ONCE(info->evtchn_upcall_pending), 1, "an upcall is pending");
    expect_hex(READ_ONCE(info->evtchn_pending_sel), ~0ul, "every selector bit is set");
    expect_true(READ_ONCE(info->time.version) != 0, "the time is kept there");
    expect(move_to(mfn_of(page), 256), -XEN_EINVAL, "move it twice");
    expect(CALL(vcpu_op, VCPUOP_register_vcpu_info, 0, UNMAPPED_ADDRESS), -XEN_EFAULT,
           "to where a bad address says");
    anothers();
}
