/* SPDX-License-Identifier: MIT */
/*
 * Claim: set_gdt takes frames of valid descriptors and makes them usable; update_descriptor changes
 *     one; gates, system segments, writable frames and too many entries are refused.
 * Rule: DESC-1, DESC-2, DESC-5, DESC-6, DESC-7, MMU-8, MMU-21, MMU-27
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define DATA_RING3  0x00cff3000000ffffull /* flat, writable, accessed, DPL 3 */
#define DATA_RING0  0x00cf93000000ffffull
/* What becomes of it: the kernel's ring. */
#define DATA_KERNEL (DATA_RING0 | (uint64_t)KERNEL_RING << 45)
#define CALL_GATE   0x0000ec00e0080000ull /* to selector 0xe008 */
#define INT_GATE    0x0000ee0000330000ull
#define TSS         0x0000890000000067ull
#define NOT_PRESENT 0x00cf73000000ffffull
#define SELECTOR(i) ((i)*8 | 3)

static long set_gdt(unsigned long frame, unsigned entries)
{
    return CALL(set_gdt, &frame, entries);
}

static long change(uint64_t *where, uint64_t descriptor)
{
    return update_descriptor(machine_of(where), descriptor);
}

static bool loads(unsigned selector)
{
    return !TRY("mov %0, %%ds; mov %1, %%ds", : : "r"(selector), "r"(0) : "memory").happened;
}

static void bad_tables(void)
{
    static const struct {
        const char *name;
        uint64_t descriptor;
    } bad[] = { { "a call gate to the hypervisor", CALL_GATE },
                { "an interrupt gate", INT_GATE },
                { "a TSS", TSS } };
    unsigned long frames[FIRST_RESERVED_GDT_ENTRY / 512 + 1];
    uint64_t *table = page_new(), *good = page_new();

    for (unsigned i = 0; i < COUNT(bad); i++) {
        set_writable(table, true);
        table[5] = bad[i].descriptor;
        set_writable(table, false);
        expect(set_gdt(mfn_of(table), 512), -XEN_EINVAL, "a table with %s", bad[i].name);
    }
    frames[0] = mfn_of(good);
    frames[1] = mfn_of(table);
    set_writable(good, false);
    expect(CALL(set_gdt, frames, 1024), -XEN_EINVAL, "a good page and a bad one");
    set_writable(good, true); /* so it is no table's page now */
    set_writable(table, true);
    table[5] = 0;
    expect(set_gdt(mfn_of(table), 512), -XEN_EINVAL, "a writable page");
    expect(set_gdt(0xfffffff, 512), -XEN_EINVAL, "no frame");
    set_writable(table, false);
    for (unsigned i = 0; i < COUNT(frames); i++)
        frames[i] = mfn_of(table);
    expect(CALL(set_gdt, frames, FIRST_RESERVED_GDT_ENTRY), 0, "as many entries as there can be");
    expect(CALL(set_gdt, frames, FIRST_RESERVED_GDT_ENTRY + 1), -XEN_EINVAL, "one more");
    expect(set_gdt(0, 0), 0, "no table");
    expect(CALL(set_gdt, UNMAPPED_ADDRESS, 512), -XEN_EFAULT, "a list at a bad address");
}

void test_main(void)
{
    uint64_t *table = page_new();

    bad_tables();
    table[4] = DATA_RING3;
    table[6] = NOT_PRESENT;
    set_writable(table, false);
    expect(set_gdt(mfn_of(table), 512), 0, "a good table");
    expect_true(loads(SELECTOR(4)), "its data segment can be loaded");
    expect_fault(TRY("mov %0, %%ds",
                     :
                     : "r"(SELECTOR(6))
                     : "memory"),
                 X_NP, SELECTOR(6) & ~3, "a segment that is not present");
    expect(map(table, make_entry(table, PTE_RW)), -XEN_EBUSY, "map the table writable");

    expect(change(&table[5], DATA_RING3), 0, "update_descriptor");
    expect_true(loads(SELECTOR(5)), "the new segment can be loaded");
    expect(change(&table[5], CALL_GATE), -XEN_EINVAL, "change it to a call gate");
    expect(mmu_update(machine_of(&table[5]), CALL_GATE), -XEN_EINVAL, "by way of mmu_update");
    expect(mmuext(MMUEXT_CLEAR_PAGE, mfn_of(table)), -XEN_EINVAL, "clear the page");
    expect(change(&table[5], DATA_RING0), 0, "change it to ring 0 data");
    expect_hex(table[5], DATA_KERNEL, "which has become data of the kernel's ring");
    expect(update_descriptor(machine_of(&table[5]) + 4, DATA_RING3), -XEN_EINVAL,
           "a place that is no multiple of 8");
    expect(update_descriptor(0xfffffff000, DATA_RING3), -XEN_EINVAL, "a place in no frame");
    expect(change(page_new(), DATA_RING3), 0, "a place in an ordinary page");
    expect(set_gdt(0, 0), 0, "no table");
    expect(map(table, make_entry(table, PTE_RW)), 0, "map it writable then");
}
