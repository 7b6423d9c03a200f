/* SPDX-License-Identifier: MIT */
/*
 * Claim: MMU_MACHPHYS_UPDATE changes the machine-to-physical entry of a frame of the guest's own,
 *     to any value, and of no other; nothing else changes the table: no store, no call that writes
 *     to a buffer, no mapping of its frames; and the hypervisor believes nothing that it says.
 * Rule: MMU-12, MMU-13, MMU-23, HCALL-2; invariants A5
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define M2P_SLOT 256

static volatile unsigned long *const m2p = (volatile unsigned long *)MACH2PHYS_VIRT_START;
static uint64_t *page, mfn, pfn;

static long update(uint64_t frame, uint64_t number)
{
    return mmu_update(frame * PAGE_SIZE | MMU_MACHPHYS_UPDATE, number);
}

/* Whatever the entry says, the frame stays what it is: it can be written, mapped and pinned. */
static void any_number(uint64_t *table)
{
    const uint64_t numbers[] = { 0,          1,          0x1234, mfn, pfn + 1, mfn_of(start_info),
                                 1ull << 40, 1ull << 63, ~0ull };

    for (unsigned i = 0; i < COUNT(numbers); i++) {
        expect(update(mfn, numbers[i]), 0, "the number 0x%llx", (unsigned long long)numbers[i]);
        expect_hex(m2p[mfn], (unsigned long)numbers[i], "the entry");
        expect_no_fault(try_write(page, 1), "a write to the page");
        expect(map(page, make_entry(page, PTE_RO)), 0, "a mapping of the page");
        expect(map(page, make_entry(page, PTE_RW)), 0, "a writable mapping of the page");
        expect(update(mfn_of(table), numbers[i]), 0, "the number 0x%llx for a table",
               (unsigned long long)numbers[i]);
        expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin the table");
        expect(mmu_update(machine_of(&table[1]), make_entry(page, PTE_RW)), 0, "an entry of it");
        expect(mmu_update(machine_of(&table[1]), make_entry(table, PTE_RW)), -XEN_EBUSY,
               "an entry that maps the table writable");
        expect(mmu_update(machine_of(&table[1]), 0), 0, "no entry");
        expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(table)), 0, "unpin it");
    }
    expect(update(mfn_of(table), ((uintptr_t)table - VIRT_BASE) / PAGE_SIZE), 0, "the table's own");
}

static void no_frame_of_ours(void)
{
    const uint64_t frames[] = { 0, 1, 0xa0, 0xfffffff, 1ull << 39, (1ull << 52) - 1 };

    for (unsigned i = 0; i < COUNT(frames); i++)
        expect(update(frames[i], pfn), -XEN_EINVAL, "the entry of frame 0x%llx",
               (unsigned long long)frames[i]);
    update(mfn, pfn);
}

#define STORE(instruction)                                \
    expect_fault(TRY(instruction,                         \
                     :                                    \
                     : "r"(&m2p[mfn]), "a"(5ul), "c"(1ul) \
                     : "memory", "di"),                   \
                 X_PF, PF_WRITE | PF_PRESENT, instruction)

static void user_store(void)
{
    m2p[mfn] = 5;
    __asm__ volatile(USER_CALL::: USER_CALL_CLOBBERS);
}

static void stores(void)
{
    struct frame left;

    STORE("mov %1, (%0)");
    STORE("movb $5, (%0)");
    STORE("xchg %1, (%0)");
    STORE("lock inc" W " (%0)");
    STORE("lock cmpxchg %1, (%0)");
    STORE("lock bts" W " $" SIGN_BIT ", (%0)");
    STORE("mov %0, " R(di) "; rep stosb");
    STORE("sgdt (%0)");
    STORE("smsw (%0)");
    left = user_run(user_store);
    expect((long)left.vector, X_PF, "a program's store");
    expect_hex(m2p[mfn], pfn, "the entry after all stores");
}

/* Calls that write, with the entry as their buffer. Their arguments are the hypervisor's to write
 * even where they are mostly read. */
static void buffers(void)
{
    volatile unsigned long *at = &m2p[mfn];
    struct xen_memory_reservation r = { .extent_start = (unsigned long)at,
                                        .nr_extents = 1,
                                        .domid = DOMID_SELF };
    struct xen_machphys_mfn_list list = { .extent_start = (unsigned long)at, .max_extents = 1 };
    struct xen_memory_map memory_map = { .nr_entries = 1, .buffer = (unsigned long)at };
    struct mmu_update change = { .ptr = entry_machine(page, 1), .val = make_entry(page, PTE_RW) };

    expect(CALL(xen_version, XENVER_extraversion, at), -XEN_EFAULT, "a text");
    update(mfn, 0); /* group 0, where the entry can be read as an argument: at 32 bits */
    expect(CALL(xen_version, XENVER_get_features, at), -XEN_EFAULT, "features");
    update(mfn, pfn);
    expect(CALL(memory_op, XENMEM_machphys_mapping, at), -XEN_EFAULT, "machphys_mapping");
    expect(CALL(memory_op, XENMEM_machphys_mfn_list, &list), -XEN_EFAULT, "machphys_mfn_list");
    expect(CALL(memory_op, XENMEM_memory_map, &memory_map),
           is_initial_domain() ? -XEN_ENOSYS : -XEN_EFAULT, "memory_map");
    expect(CALL(memory_op, XENMEM_populate_physmap, &r), 0, "populate_physmap's list");
    expect(CALL(mmu_update, &change, 1, at, DOMID_SELF), 0, "mmu_update's count");
    update(mfn, DOMID_SELF); /* a domain, likewise */
    expect(CALL(event_channel_op, EVTCHNOP_alloc_unbound, at), -XEN_EFAULT, "a port");
    update(mfn, pfn);
    expect(CALL(vcpu_op, VCPUOP_get_runstate_info, 0, at), -XEN_EFAULT, "a runstate");
    expect(CALL(multicall, at, 1), -XEN_EFAULT, "multicall's results");
    expect(CALL(physdev_op, PHYSDEVOP_irq_status_query, at), -XEN_EFAULT, "an interrupt's state");
    expect_hex(m2p[mfn], pfn, "the entry after all calls");
}

static void mappings(void)
{
    unsigned long first_list[1] = { 0 };
    uint64_t first;
    struct xen_machphys_mfn_list list = { .extent_start = (unsigned long)first_list,
                                          .max_extents = 1 };
    uint64_t *l4 = (uint64_t *)start_info->pt_base;

    expect(CALL(memory_op, XENMEM_machphys_mfn_list, &list), 0, "ask for its frames");
    first = first_list[0];
    expect(map(page, first * PAGE_SIZE | PTE_RW) < 0, 1, "map one of them writable");
    expect(map((void *)&m2p[mfn], make_entry(page, PTE_RW)), -XEN_EINVAL,
           "map a page in its place");
    if (WORD_BITS == 64)
        expect(mmu_update(machine_of(&l4[M2P_SLOT]), make_entry(l4, PTE_TABLE)), -XEN_EINVAL,
               "another table in its slot");
    expect(mmu_update(first * PAGE_SIZE, 5), -XEN_EINVAL, "mmu_update of one of them");
    expect(mmuext(MMUEXT_CLEAR_PAGE, first), -XEN_EINVAL, "clear one of them");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, first), -XEN_EINVAL, "pin one of them");
    expect(update_descriptor(first * PAGE_SIZE, 0), -XEN_EINVAL, "a descriptor in one");
    expect_hex(m2p[mfn], pfn, "the entry after all mappings");
}

void test_main(void)
{
    uint64_t *table = table_new();

    page = page_new();
    mfn = mfn_of(page);
    pfn = m2p[mfn];
    any_number(table);
    no_frame_of_ours();
    stores();
    buffers();
    mappings();
}
