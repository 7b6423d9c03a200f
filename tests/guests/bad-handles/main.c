/* SPDX-License-Identifier: MIT */
/*
 * Claim: a call that is given an address that the guest itself could not use returns -EFAULT:
 *     hypervisor area, not canonical, unmapped, over the edge of a mapped page, and read-only
 *     memory where the call writes.
 * Rule: HCALL-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

/* The last byte of a page whose neighbour is not mapped. */
static char *edge_of_nothing(void)
{
    char *page = page_new();
    void *next = page_new(); /* the pool is one array */

    if (map(next, 0) != 0)
        error("cannot unmap a page");
    return page + PAGE_SIZE - 1;
}

static void try_address(const void *address, const char *name)
{
    expect(CALL(set_trap_table, address), -XEN_EFAULT, "set_trap_table at %s", name);
    expect(CALL(mmu_update, address, 1, 0, DOMID_SELF), -XEN_EFAULT, "mmu_update at %s", name);
    expect(CALL(mmuext_op, address, 1, 0, DOMID_SELF), -XEN_EFAULT, "mmuext_op at %s", name);
    expect(CALL(multicall, address, 1), -XEN_EFAULT, "multicall at %s", name);
    expect(CALL(memory_op, XENMEM_current_reservation, address), -XEN_EFAULT, "memory_op at %s",
           name);
    expect(CALL(memory_op, XENMEM_decrease_reservation, address), 0,
           "decrease_reservation at %s: no extent done", name);
    expect(CALL(event_channel_op, EVTCHNOP_alloc_unbound, address), -XEN_EFAULT,
           "event_channel_op at %s", name);
    expect(CALL(sched_op, SCHEDOP_poll, address), -XEN_EFAULT, "sched_op at %s", name);
    expect(CALL(vcpu_op, VCPUOP_get_runstate_info, 0, address), -XEN_EFAULT, "vcpu_op at %s", name);
    expect(CALL(callback_op, CALLBACKOP_register, address), -XEN_EFAULT, "callback_op at %s", name);
    expect(CALL(xen_version, XENVER_extraversion, address), -XEN_EFAULT, "xen_version at %s", name);
}

/* Where an empty list lies matters only if no guest can have memory there. */
static void empty_lists(void)
{
    struct sched_poll poll = { .ports = 1ul << 47, .timeout = 1 };

    expect(CALL(sched_op, SCHEDOP_poll, &poll), -XEN_EFAULT, "no ports behind the lower half");
    expect(CALL(mmu_update, 1ul << 47, 0, 0, DOMID_SELF), -XEN_EFAULT,
           "no updates behind the lower half");
    expect(CALL(mmu_update, UNMAPPED_ADDRESS, 0, 0, DOMID_SELF), 0, "no updates, unmapped");
    poll.ports = UNMAPPED_ADDRESS;
    expect(CALL(sched_op, SCHEDOP_poll, &poll), 0, "no ports, unmapped");
}

void test_main(void)
{
    char *read_only = page_new();

    try_address((void *)HYPERVISOR_ADDRESS, "the hypervisor's memory");
    try_address((void *)(HYPERVISOR_VIRT_END - 8), "the end of the hypervisor's area");
    try_address((void *)NONCANONICAL_ADDRESS, "a non-canonical address");
    try_address((void *)0x00007ffffffffff8, "the edge of the lower half");
    try_address((void *)UNMAPPED_ADDRESS, "an unmapped address");
    try_address((void *)~7ul, "the last address");
    try_address(edge_of_nothing(), "the end of a mapped page");

    empty_lists();

    /* Calls that write: memory that can be read is not enough. */
    set_writable(read_only, false);
    expect(CALL(xen_version, XENVER_extraversion, read_only), -XEN_EFAULT, "read-only buffer");
    expect(CALL(vcpu_op, VCPUOP_get_runstate_info, 0, read_only), -XEN_EFAULT,
           "read-only runstate");
    expect(CALL(xen_version, XENVER_extraversion, MACH2PHYS_VIRT_START), -XEN_EFAULT,
           "the machine-to-physical table as a buffer");
}
