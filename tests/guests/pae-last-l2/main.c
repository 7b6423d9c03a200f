/* SPDX-License-Identifier: MIT */
/*
 * Claim: in the L2 table of a PAE root's entry 3 the entries from 0xf5800000 on are the
 *     hypervisor's: they show its M2P, whatever stood there before, cannot be changed by
 *     mmu_update, and no L1 table is reached by them; the entries before, and all of another L2
 * table, are the guest's. Such a root can be loaded; code and data at the very end of the guest's
 * part work.
 * Rule: MMU-12, MMU-35; invariants A3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests have the hypervisor in slots of their L4
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define FIRST     ((HYPERVISOR_VIRT_START_32 >> 21) % 512) /* of the hypervisor's entries */
#define LAST_PAGE ((uint8_t *)(HYPERVISOR_VIRT_START_32 - PAGE_SIZE))

static uint64_t *last, *l2, *l1;

static void entries(void)
{
    for (unsigned i = 0; i < 512; i++) {
        uint64_t before = last[i];
        long result = mmu_update(machine_of(&last[i]), make_entry(l1, PTE_TABLE));

        expect(result, i < FIRST ? 0 : -XEN_EPERM, "last L2, entry %u", i);
        expect_hex(last[i], i < FIRST ? make_entry(l1, PTE_TABLE) : before, "last L2, entry %u", i);
        result = mmu_update(machine_of(&last[i]), 0);
        expect(result, i < FIRST ? 0 : -XEN_EPERM, "last L2, no entry %u", i);
        expect(mmu_update(machine_of(&l2[i]), make_entry(l1, PTE_TABLE)), 0, "L2, entry %u", i);
        expect(mmu_update(machine_of(&l2[i]), 0), 0, "L2, no entry %u", i);
    }
}

/* The page below 0xf5800000, in the tables that are loaded. */
static void edge(void)
{
    uint64_t *own = (uint64_t *)entry_of((void *)VIRT_BASE, 2) - (VIRT_BASE >> 21) % 512;
    uint8_t *page = page_new();
    struct raw_arrival a;

    set_writable(page, true);
    page[PAGE_SIZE - 1] = 0xcc;
    page[PAGE_SIZE - 8] = 0x90;
    memset(page + PAGE_SIZE - 8, 0x90, 7);
    expect(mmu_update(machine_of(&own[FIRST - 1]), make_entry(l1, PTE_TABLE)), 0, "our last entry");
    expect(mmu_update(machine_of(&own[FIRST]), make_entry(l1, PTE_TABLE)), -XEN_EPERM, "the next");
    expect(map(LAST_PAGE, make_entry(page, PTE_RW)), 0, "map the last page");
    expect(map(LAST_PAGE + PAGE_SIZE, make_entry(page, PTE_RW)), -XEN_EINVAL, "map the next page");
    expect(LAST_PAGE[PAGE_SIZE - 1], 0xcc, "the last byte");
    expect_no_fault(try_read(LAST_PAGE + PAGE_SIZE - 2), "two bytes there, two of the M2P");
    expect_fault(try_write(LAST_PAGE + PAGE_SIZE - 2, 0), X_PF, PF_PRESENT | PF_WRITE,
                 "a write to these");
    expect(LAST_PAGE[PAGE_SIZE - 2], 0x90, "what is there then");
    raw_begin();
    for (unsigned ring = 1; ring <= 3; ring += 2) {
        a = raw_go(raw_start(LAST_PAGE + PAGE_SIZE - 8, ring), 3);
        expect((long)a.vector, X_BP, "code up to the end, ring %u", ring);
        expect_hex(a.words[0], HYPERVISOR_VIRT_START_32, "eip then, ring %u", ring);
        if (ring == 1 && !is_xen_lite())
            continue; /* it would execute the M2P */
        page[PAGE_SIZE - 1] = 0x90;
        a = raw_go(raw_start(LAST_PAGE + PAGE_SIZE - 8, ring), 4);
        page[PAGE_SIZE - 1] = 0xcc;
        expect((long)a.vector, X_PF, "code over the end, ring %u", ring);
        expect_hex(shared_info->vcpu_info[0].arch.cr2, HYPERVISOR_VIRT_START_32, "where");
    }
    raw_end();
}

/* Another root with another last L2 table. */
static void another_root(void)
{
    const uint64_t *now = (const uint64_t *)start_info->pt_base;
    const uint64_t *now_last = page_of((now[3] & PTE_FRAME) / PAGE_SIZE);
    uint64_t *root = table_new();

    expect_hex(last[FIRST] & ~(PTE_ACCESSED | PTE_DIRTY),
               now_last[FIRST] & ~(PTE_ACCESSED | PTE_DIRTY), "both show the same M2P");
    for (unsigned i = 0; i < FIRST; i++)
        expect(mmu_update(machine_of(&last[i]), now_last[i]), 0, "entry %u", i);
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(root)), -XEN_EINVAL, "an empty root");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(page_of((entry_machine(last, 1)) / PAGE_SIZE))),
           -XEN_EINVAL, "an L1 table as root");
}

void test_main(void)
{
    uint64_t *l3 = table_new();

    last = table_new();
    l2 = table_new();
    l1 = table_new();
    set_writable(last, true);
    last[FIRST] = make_entry(l1, PTE_TABLE);
    last[FIRST + 1] = ~0ull;
    last[511] = make_entry(l1, PTE_TABLE | PTE_PSE);
    set_writable(last, false);
    set_writable(l3, true);
    l3[0] = make_entry(l2, PTE_PRESENT);
    l3[3] = make_entry(last, PTE_PRESENT);
    set_writable(l3, false);
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(l3)), 0, "pin");
    expect_hex(last[511], 0, "the last entry");
    entries();
    another_root();
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(l3)), 0, "load it");
    expect_true(page_of(mfn_of(l3)) == l3, "the M2P can be read");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of((void *)start_info->pt_base)), 0, "back");
    edge();
}
