/* SPDX-License-Identifier: MIT */
/*
 * Claim: user mode runs on the page tables of NEW_USER_BASEPTR and on no others: what only the
 *     kernel's tables map is not there.
 * Rule: MMU-18, TRAP-7
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv64, because user mode has tables of its own only there
 */
#include "tests/guests/support/support.h"

#define CODE_ADDRESS 0x400000ul

/* What the user runs; position-independent. Reads the kernel's address in rdi. */
static const uint8_t code[] = {
    0x48, 0x8b, 0x07, /* mov (%rdi), %rax */
    0x0f, 0x05,       /* syscall */
};

/* Tables with one page at CODE_ADDRESS. */
static uint64_t *make_tables(void)
{
    void *page = page_new();
    uint64_t *l1 = page_new(), *l2 = page_new(), *l3 = page_new(), *l4 = page_new();

    memcpy(page, code, sizeof(code));
    l1[0] = make_entry(page, PTE_RO);
    l2[2] = make_entry(l1, PTE_TABLE);
    l3[0] = make_entry(l2, PTE_TABLE);
    l4[0] = make_entry(l3, PTE_TABLE);
    set_writable(l1, false);
    set_writable(l2, false);
    set_writable(l3, false);
    set_writable(l4, false);
    return l4;
}

static void enter(uint64_t address_to_read)
{
    struct frame frame = { .ip = CODE_ADDRESS,
                           .di = address_to_read,
                           .cs = FLAT_USER_CS,
                           .flags = 0x200,
                           .sp = CODE_ADDRESS,
                           .ss = FLAT_USER_SS };

    frame_enter(&frame);
    events_mask();
}

void test_main(void)
{
    expect(mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of(make_tables())), 0, "the user's base pointer");
    enter(CODE_ADDRESS);
    expect((long)fault.vector, VECTOR_SYSCALL, "the user's own page can be read");
    enter((unsigned long)start_info);
    expect((long)fault.vector, X_PF, "a page of the kernel's cannot");
    expect_hex(fault.code, PF_USER, "code: nothing there");
    enter(MACH2PHYS_VIRT_START);
    expect((long)fault.vector, X_PF, "nor can the M2P");
    enter(HYPERVISOR_ADDRESS);
    expect((long)fault.vector, X_PF, "nor can the hypervisor");
    expect_no_fault(try_read(start_info), "the kernel's page, read by the kernel,");
}
