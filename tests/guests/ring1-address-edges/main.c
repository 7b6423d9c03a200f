/* SPDX-License-Identifier: MIT */
/*
 * Claim: a handle that lies in the hypervisor's part of the address space or wraps at 4 GiB is
 *     EFAULT, whichever call it is for, and so is one that runs into the M2P window from below, if
 *     the call writes; no sum of address and size ends at a low address. One that ends with the
 *     guest's last byte is good.
 * Rule: HCALL-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because a 64-bit guest's addresses end elsewhere
 */
#include "tests/guests/support/support.h"

#define END       HYPERVISOR_VIRT_START_32
#define LAST_PAGE (END - PAGE_SIZE)

static long version(unsigned long at)
{
    return CALL(xen_version, XENVER_extraversion, at);
}

static long features(unsigned long at)
{
    return CALL(xen_version, XENVER_get_features, at);
}

static long updates(unsigned long at)
{
    return CALL(mmu_update, at, 2, 0, DOMID_SELF);
}

static long many_updates(unsigned long at)
{
    return CALL(mmu_update, at, 0x10000001, 0, DOMID_SELF); /* 16 bytes each: wraps to 16 */
}

static long operations(unsigned long at)
{
    return CALL(mmuext_op, at, 2, 0, DOMID_SELF);
}

static long list_of_calls(unsigned long at)
{
    return CALL(multicall, at, 1);
}

static long many_calls(unsigned long at)
{
    return CALL(multicall, at, 0x08000001); /* 32 bytes each: wraps to 32 */
}

static long traps(unsigned long at)
{
    return CALL(set_trap_table, at);
}

static long gdt(unsigned long at)
{
    return CALL(set_gdt, at, 512);
}

static long status(unsigned long at)
{
    return CALL(event_channel_op, EVTCHNOP_status, at);
}

static long run_state(unsigned long at)
{
    return CALL(vcpu_op, VCPUOP_get_runstate_info, 0, at);
}

static long callback(unsigned long at)
{
    return CALL(callback_op, CALLBACKOP_register, at);
}

static long memory_map(unsigned long at)
{
    return CALL(memory_op, XENMEM_memory_map, at);
}

static long level(unsigned long at)
{
    return CALL(physdev_op, PHYSDEVOP_set_iopl, at);
}

static long console(unsigned long at)
{
    return CALL(console_io, CONSOLEIO_write, 16, at);
}

enum kind { READS, WRITES, NOT_AT_END };

static const struct {
    const char *name;
    long (*call)(unsigned long at);
    unsigned long size; /* how much it reads or writes there, at least */
    enum kind kind;
} calls[] = {
    { "extraversion", version, 16, WRITES },
    { "get_features", features, 8, READS },
    { "mmu_update", updates, 32, READS },
    { "mmu_update of many", many_updates, 16, NOT_AT_END },
    { "mmuext_op", operations, 24, READS },
    { "multicall", list_of_calls, 32, READS },
    { "multicall of many", many_calls, 32, NOT_AT_END },
    { "set_trap_table", traps, 8, READS },
    { "set_gdt", gdt, 4, READS },
    { "evtchn status", status, 24, READS },
    { "runstate", run_state, 48, WRITES },
    { "callback", callback, 12, READS },
    { "memory_map", memory_map, 8, READS },
    { "set_iopl", level, 4, READS },
    { "console_io", console, 16, NOT_AT_END },
};

/* The guest's last page, with a table of its own in the last L2. */
static uint8_t *map_last_page(void)
{
    const volatile uint64_t *first = entry_of((void *)VIRT_BASE, 2);
    const volatile uint64_t *entry = first + (LAST_PAGE - VIRT_BASE) / 0x200000;
    uint64_t *l1 = table_new();
    uint8_t *page = page_new();

    expect(mmu_update(machine_of(entry), make_entry(l1, PTE_TABLE)), 0, "a table for the end");
    expect(map((void *)LAST_PAGE, make_entry(page, PTE_RW)), 0, "a page at the end");
    return page;
}

/* Whatever is to be read may be the M2P, which a kernel can read; to write to it is a fault. */
static void check(unsigned i)
{
    const unsigned long size = calls[i].size;
    const unsigned long bad[] = { HYPERVISOR_ADDRESS, END + 0x1000000, -size, -(size / 2), ~3ul };

    for (unsigned b = 0; b < COUNT(bad); b++)
        expect(calls[i].call(bad[b]), -XEN_EFAULT, "%s at 0x%lx", calls[i].name, bad[b]);
    if (calls[i].kind == WRITES) {
        expect(calls[i].call(END), -XEN_EFAULT, "%s to the M2P", calls[i].name);
        expect(calls[i].call(END - size / 2), -XEN_EFAULT, "%s half to the M2P", calls[i].name);
    }
    if (calls[i].kind != NOT_AT_END)
        expect_true(calls[i].call(END - size) != -XEN_EFAULT, "%s at the end", calls[i].name);
}

void test_main(void)
{
    uint8_t *page = map_last_page();

    for (unsigned i = 0; i < COUNT(calls); i++) {
        /* On the real Xen it is refused before anything is read. */
        if (calls[i].call == console && !is_initial_domain() && !is_xen_lite())
            continue;
        memset(page, 0, PAGE_SIZE);
        check(i);
    }
}
