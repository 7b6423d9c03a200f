/* SPDX-License-Identifier: MIT */
/*
 * Claim: descriptors that one vCPU uses may be changed by another at any time, by
 *     update_descriptor, set_gdt and set_ldt: the user sees old ones or new ones, or has a fault;
 *     none that is not safe gets there, and the page cannot be written meanwhile.
 * Rule: DESC-5, DESC-7, MMU-8; invariants D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 */
#include "tests/guests/smp-descriptors/segments.h"
#include "tests/guests/support/support.h"

#define DATA       0x00cff2000000ffffull /* writable, not accessed, ring 3 */
#define DATA_RING0 0x00cf92000000ffffull
#define CODE64     0x00affa000000ffffull
#define CODE32     0x00cffa000000ffffull
#define GONE       0x00cf72000000ffffull /* not present */
#define CALL_GATE  0x0000ec00e0080000ull /* to the hypervisor's code */
#define TSS        0x0000890000000067ull
#define LIMIT      20000000000ull /* on a busy machine vCPU 1 may take its time */
#define GDT_ENTRY  (5 * 8 | 3)
#define LDT_ENTRY  (5 * 8 | 7)

static uint64_t *table, *other;
static volatile unsigned stop, stopped;
static volatile unsigned changes;
static unsigned wrong, loads, ldt_loads;

static long set_ldt(const void *address, unsigned entries)
{
    struct mmuext_op op = { .cmd = MMUEXT_SET_LDT };

    op.arg1.linear_addr = (unsigned long)address;
    op.arg2.nr_ents = entries;
    return CALL(mmuext_op, &op, 1, NULL, DOMID_SELF);
}

static void count(bool good)
{
    wrong += !good;
}

static void change(uint64_t value, long wanted)
{
    count(update_descriptor(machine_of(&table[5]), value) == wanted);
}

static void changer(unsigned long unused)
{
    unsigned long both[2] = { (unsigned long)mfn_of(table), (unsigned long)mfn_of(other) };

    (void)unused;
    while (!stop) {
        change(DATA, 0);
        change(TSS, -XEN_EINVAL);
        change(GONE, 0);
        count(CALL(set_gdt, both, 1024) == 0);
        count(map(table, make_entry(table, PTE_RW)) == -XEN_EBUSY);
        change(DATA_RING0, 0);
        change(CALL_GATE, -XEN_EINVAL);
        change(DATA, 0);
        count(set_ldt(table, 512) == 0);
        change(CODE64, code64_result);
        change(CODE32, 0);
        count(CALL(set_gdt, 0, 0) == 0);
        count(set_ldt(0, 0) == 0);
        change(0, 0);
        changes++;
    }
    stopped = 1;
    for (;;)
        CALL(sched_op, SCHEDOP_yield);
}

/* Only these are faults of a segment: general protection, not present, of the stack; and the
 * failsafe callback, if a selector is gone when the vCPU comes back to its CPU. */
static bool segment_fault(struct fault f)
{
    return !f.happened || f.vector == X_GP || f.vector == X_NP || f.vector == X_SS ||
           f.vector == VECTOR_FAILSAFE;
}

static void use(unsigned long selector, unsigned *loaded)
{
    struct fault f = load_first(selector);
    unsigned long rights = 0;
    bool known;

    expect_true(segment_fault(f), "a load ends well or in a fault of the segment (%u)", f.vector);
    *loaded += !f.happened;
    f = load_second(selector);
    expect_true(segment_fault(f), "the same for fs (%u)", f.vector);
    __asm__ volatile("lar %2, %0; setz %1" : "+&r"(rights), "=q"(known) : "r"(selector) : "cc");
    if (known && ((rights >> 13 & 3) != 3 || !(rights >> 12 & 1)))
        failure("rights 0x%lx: no segment of ring 3", rights);
    iret(selector);
}

static bool all_happened(void)
{
    return changes > 0 && loads > 0 && ldt_loads > 0 && landed > 0;
}

void test_main(void)
{
    unsigned long mfn;
    uint64_t start;

    table = page_new();
    other = page_new();
    mfn = (unsigned long)mfn_of(table);
    set_writable(table, false);
    set_writable(other, false);
    expect(CALL(set_gdt, &mfn, 512), 0, "a GDT");
    expect(set_ldt(table, 512), 0, "the same page as LDT");
    trap_hook = trap_in_kernel;
    vcpu_start(changer, 0);
    start = system_time();
    for (unsigned i = 0; i < rounds || (!all_happened() && system_time() - start < LIMIT); i++) {
        use(GDT_ENTRY, &loads);
        use(LDT_ENTRY, &ldt_loads);
        if (i % 64 == 0)
            expect(set_ldt(table, 511 + i / 64 % 2), 0, "the LDT anew");
    }
    stop = 1;
    if (!wait_for(&stopped))
        failure("vCPU 1 does not stop");
    expect((long)wrong, 0, "calls of vCPU 1 that ended otherwise");
    expect_true(all_happened(), "all happened (%u changes, %u and %u loads, %u irets)", changes,
                loads, ldt_loads, landed);
    unload();
    expect(CALL(set_gdt, 0, 0), 0, "no GDT");
    expect(set_ldt(0, 0), 0, "no LDT");
    expect(map(table, make_entry(table, PTE_RW)), 0, "the page can be written then");
}
