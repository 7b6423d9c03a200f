/* SPDX-License-Identifier: MIT */
/*
 * Claim: a call that is given an address that the guest itself could not use returns -EFAULT:
 *     hypervisor area, not canonical, unmapped, over the edge of a mapped page, and read-only
 *     memory where the call writes.
 * Rule: HCALL-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/bad-handles/addresses.h"
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

/* Calls of an operation and the address of its argument, which is read or written. */
static const struct {
    unsigned call;
    const char *name;
    unsigned char operations[16];
    unsigned count;
} calls[] = {
    { __HYPERVISOR_xen_version,
      "xen_version",
      { XENVER_extraversion, XENVER_compile_info, XENVER_capabilities, XENVER_changeset,
        XENVER_platform_parameters, XENVER_get_features, XENVER_guest_handle, XENVER_commandline },
      8 },
    { __HYPERVISOR_memory_op,
      "memory_op",
      { XENMEM_current_reservation, XENMEM_maximum_reservation, XENMEM_maximum_gpfn,
        XENMEM_exchange, XENMEM_machphys_mapping, XENMEM_machphys_mfn_list, XENMEM_memory_map },
      7 },
    { __HYPERVISOR_event_channel_op,
      "event_channel_op",
      { EVTCHNOP_bind_interdomain, EVTCHNOP_bind_virq, EVTCHNOP_close, EVTCHNOP_send,
        EVTCHNOP_status, EVTCHNOP_alloc_unbound, EVTCHNOP_bind_ipi, EVTCHNOP_bind_vcpu,
        EVTCHNOP_unmask },
      9 },
    { __HYPERVISOR_sched_op,
      "sched_op",
      { SCHEDOP_shutdown, SCHEDOP_poll, SCHEDOP_remote_shutdown, SCHEDOP_shutdown_code,
        SCHEDOP_watchdog },
      5 },
    { __HYPERVISOR_callback_op, "callback_op", { CALLBACKOP_register, CALLBACKOP_unregister }, 2 },
    { __HYPERVISOR_nmi_op, "nmi_op", { XENNMI_register_callback }, 1 },
    { __HYPERVISOR_physdev_op,
      "physdev_op",
      { PHYSDEVOP_irq_status_query, PHYSDEVOP_set_iopl, PHYSDEVOP_set_iobitmap, PHYSDEVOP_eoi },
      4 },
};

/* Operations of vcpu_op. */
static const unsigned vcpu_operations[] = {
    VCPUOP_get_runstate_info,
    VCPUOP_register_runstate_memory_area,
    VCPUOP_register_vcpu_time_memory_area,
    VCPUOP_register_vcpu_info,
    VCPUOP_set_periodic_timer,
    VCPUOP_set_singleshot_timer,
};

static void try_operations(const void *address, const char *name)
{
    for (unsigned i = 0; i < COUNT(calls); i++)
        for (unsigned k = 0; k < calls[i].count; k++)
            expect(
                hypercall(calls[i].call, calls[i].operations[k], (unsigned long)address, 0, 0, 0),
                -XEN_EFAULT, "%s %u at %s", calls[i].name, calls[i].operations[k], name);
    for (unsigned i = 0; i < COUNT(vcpu_operations); i++)
        expect(CALL(vcpu_op, vcpu_operations[i], 0, address), -XEN_EFAULT, "vcpu_op %u at %s",
               vcpu_operations[i], name);
}

static void try_address(const void *address, const char *name)
{
    expect(CALL(set_trap_table, address), -XEN_EFAULT, "set_trap_table at %s", name);
    expect(CALL(mmu_update, address, 1, 0, DOMID_SELF), -XEN_EFAULT, "mmu_update at %s", name);
    expect(CALL(mmu_update, address, 1, 0, DOMID_IO), -XEN_EFAULT, "mmu_update for devices at %s",
           name);
    expect(CALL(mmuext_op, address, 1, 0, DOMID_SELF), -XEN_EFAULT, "mmuext_op at %s", name);
    expect(CALL(multicall, address, 1), -XEN_EFAULT, "multicall at %s", name);
    expect(CALL(set_gdt, address, 512), -XEN_EFAULT, "set_gdt at %s", name);
    expect(CALL(memory_op, XENMEM_decrease_reservation, address), 0,
           "decrease_reservation at %s: no extent done", name);
    expect(CALL(event_channel_op_compat, address), -XEN_EFAULT, "event_channel_op_compat at %s",
           name);
    expect(CALL(physdev_op_compat, address), -XEN_EFAULT, "physdev_op_compat at %s", name);
    try_operations(address, name);
}

/* Where an empty list lies matters only if no guest can have memory there. */
static void empty_lists(void)
{
    struct sched_poll poll = { .ports = end_of_guest, .timeout = 1 };

    expect(CALL(sched_op, SCHEDOP_poll, &poll), empty_list_there, "no ports behind the lower half");
    expect(CALL(mmu_update, end_of_guest, 0, 0, DOMID_SELF), empty_list_there,
           "no updates behind the lower half");
    expect(CALL(mmu_update, UNMAPPED_ADDRESS, 0, 0, DOMID_SELF), 0, "no updates, unmapped");
    poll.ports = UNMAPPED_ADDRESS;
    expect(CALL(sched_op, SCHEDOP_poll, &poll), 0, "no ports, unmapped");
}

void test_main(void)
{
    char *read_only = page_new();

    for (unsigned i = 0; i < BAD_ADDRESSES; i++)
        try_address((void *)bad_addresses[i].address, bad_addresses[i].name);
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
