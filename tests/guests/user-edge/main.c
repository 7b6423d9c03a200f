/* SPDX-License-Identifier: MIT */
/*
 * Claim: a SYSCALL at the very end of the lower half, whose return address is not canonical,
 *     reaches the user's kernel, or the hypervisor, like any other, and going back there is a fault
 *     of the guest's.
 * Rule: invariants D1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv64, because the lower half ends only there
 */
#include "tests/guests/support/support.h"

#define LAST_PAGE 0x00007ffffffff000ul

/* A page with SYSCALL as its last two bytes, at the end of the lower half of both modes' tables. */
static void map_last_page(void)
{
    uint8_t *page = page_new();
    uint64_t *l1 = page_new(), *l2 = page_new(), *l3 = page_new();

    page[PAGE_SIZE - 2] = 0x0f;
    page[PAGE_SIZE - 1] = 0x05;
    l1[511] = make_entry(page, PTE_RO);
    l2[511] = make_entry(l1, PTE_TABLE);
    l3[511] = make_entry(l2, PTE_TABLE);
    set_writable(l1, false);
    set_writable(l2, false);
    set_writable(l3, false);
    if (mmu_update(machine_of((uint64_t *)start_info->pt_base + 255), make_entry(l3, PTE_TABLE)))
        error("cannot map the last page");
}

static struct frame seen;

/* The kernel's fault. */
static void keep(struct frame *frame)
{
    seen = *frame;
    frame_leave();
}

/* By the kernel it is a hypercall: its number is in rax, the stack is the kernel's. */
static void from_kernel(unsigned number, long result)
{
    struct frame frame = code_frame((void *)(LAST_PAGE + PAGE_SIZE - 2), false);

    frame.ax = number;
    frame.di = XENVER_version;
    seen = (struct frame){ .vector = 0 };
    trap_hook = keep;
    frame_enter(&frame);
    trap_hook = NULL;
    events_mask();
    expect((long)seen.vector, X_GP, "behind hypercall %u: vector", number);
    expect_hex(seen.error, 0, "behind hypercall %u: code", number);
    expect_hex(seen.ip, LAST_PAGE + PAGE_SIZE, "behind hypercall %u: rip", number);
    expect((long)seen.ax, result, "hypercall %u in the last two bytes", number);
}

static void go(uint64_t rip)
{
    struct frame frame = { .ip = rip,
                           .cs = FLAT_USER_CS,
                           .flags = 0x200,
                           .sp = (unsigned long)user_stack_end,
                           .ss = FLAT_USER_SS };

    fault.happened = false;
    frame_enter(&frame);
    events_mask();
}

void test_main(void)
{
    map_last_page();
    if (mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of((void *)start_info->pt_base)) != 0)
        error("no tables for user mode");

    go(LAST_PAGE + PAGE_SIZE - 2);
    expect((long)fault.vector, VECTOR_SYSCALL, "a SYSCALL in the last two bytes: entry");
    expect_hex(fault.pc, LAST_PAGE + PAGE_SIZE, "its return address");
    go(fault.pc);
    expect_fault(fault, X_GP, 0, "going back there");
    expect_hex(fault.pc, LAST_PAGE + PAGE_SIZE, "going back there: rip");

    from_kernel(__HYPERVISOR_xen_version, CALL(xen_version, XENVER_version, 0));
    from_kernel(1000, -XEN_ENOSYS);
    from_kernel(__HYPERVISOR_sched_op_compat, 0); /* yield: others may run before it goes back */
}
