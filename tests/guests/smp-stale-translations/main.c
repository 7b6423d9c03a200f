/* SPDX-License-Identifier: MIT */
/*
 * Claim: when a page becomes a page table on one vCPU, or somebody else's memory, the writable
 *     translation that another vCPU still uses ends before; and a flush of all vCPUs, or of a set,
 *     makes the other one see a changed entry.
 * Rule: invariants A4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 */
#include "tests/guests/support/support.h"

#define ROUNDS 10
#define LOOKS  20000

static uint64_t *volatile page; /* what vCPU 1 is to write to; NULL: nothing yet */
static volatile unsigned writing, faults;

extern char writer_out[];

static uint64_t *volatile watched; /* what vCPU 1 reads without pause */
static volatile uint64_t seen;
static volatile unsigned looks;

static void watch(void)
{
    while (watched != NULL) {
        seen = *(volatile uint64_t *)watched;
        looks++;
    }
}

/* vCPU 1 writes without pause until a write faults. The writes straddle the last two entries, so
 * that the hypervisor does not do them for us (at 32 bits they are not aligned); seen as entries,
 * they are not present. */
static void writer(unsigned long unused)
{
    (void)unused;
    for (;;) {
        uint64_t *target;

        while ((target = page) == NULL)
            watch();
        __asm__ volatile("1: mov %1, 4081(%0)\n\tmovl $1, writing\n\tjmp 1b\n"
                         "writer_out:"
                         :
                         : "r"(target), "r"((unsigned long)0x5a5a5a5a5a5a5a5aull)
                         : "memory");
        page = NULL;
        faults++;
    }
}

static void writer_fault(struct frame *frame)
{
    if (frame->vector != X_PF)
        error("exception %lu on the second vCPU", frame->vector);
    frame->ip = (unsigned long)writer_out;
}

/* On a busy machine it can take long until vCPU 1 runs at all. */
static void wait_for_fault(unsigned before)
{
    uint64_t end = system_time() + 20000000000ull;

    while (faults == before && system_time() < end)
        CALL(sched_op, SCHEDOP_yield);
    if (faults == before)
        failure("vCPU 1's write does not fault");
}

static void play_round(void)
{
    uint64_t *table = page_new();
    unsigned before = faults;

    writing = 0;
    page = table;
    if (!wait_for(&writing))
        error("vCPU 1 does not write");
    expect(update_va_mapping(table, make_entry(table, PTE_RO), UVMF_NONE), 0, "no flush");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin it");
    expect(mmu_update(machine_of(&table[510]), 0), 0, "clear the entry");
    for (unsigned i = 0; i < LOOKS; i++) {
        if (READ_ONCE(table[510]) != 0)
            failure("a write by the old translation has reached the table");
    }
    wait_for_fault(before);
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(table)), 0, "unpin it");
}

static long memory(unsigned operation, unsigned long *frame)
{
    struct xen_memory_reservation reservation = { .extent_start = (unsigned long)frame,
                                                  .nr_extents = 1,
                                                  .domid = DOMID_SELF };

    return CALL(memory_op, operation, &reservation);
}

/* The page is given back while vCPU 1 still writes to it; whatever the domain gets next is not what
 * it writes to. */
static void given_back(void)
{
    volatile uint64_t *old = page_new(), *new = page_new();
    unsigned long frame = (unsigned long)mfn_of(old), next;
    unsigned before = faults;

    next = ((const unsigned long *)MACH2PHYS_VIRT_START)[frame]; /* its pfn */
    writing = 0;
    page = (uint64_t *)old;
    if (!wait_for(&writing))
        error("vCPU 1 does not write");
    expect(update_va_mapping(old, 0, UVMF_NONE), 0, "unmap it, no flush");
    expect(memory(XENMEM_decrease_reservation, &frame), 1, "give it back");
    expect(memory(XENMEM_populate_physmap, &next), 1, "get another");
    expect(map(new, (uint64_t)next * PAGE_SIZE | PTE_RW), 0, "map it elsewhere");
    new[510] = new[511] = 0;
    for (unsigned i = 0; i < LOOKS; i++)
        if (new[510] != 0 || new[511] != 0)
            failure("a write by the old translation has reached the new page");
    mmuext(MMUEXT_TLB_FLUSH_ALL, 0);
    wait_for_fault(before);
}

/* Until vCPU 1 has looked twice, so once wholly after this call. */
static void wait_for_looks(void)
{
    uint64_t end = system_time() + 20000000000ull;
    unsigned before = looks;

    while (looks - before < 2 && system_time() < end)
        __asm__ volatile("pause");
}

static void of_others(void)
{
    static const unsigned flushes[] = { MMUEXT_TLB_FLUSH_MULTI, MMUEXT_INVLPG_MULTI,
                                        MMUEXT_TLB_FLUSH_ALL, MMUEXT_INVLPG_ALL };
    uint64_t *here = page_new(), *there = page_new();
    unsigned long vcpus = 2;
    struct mmuext_op op = { .arg1.linear_addr = (unsigned long)here,
                            .arg2.vcpumask = (unsigned long)&vcpus };

    *here = 1;
    *there = 2;
    watched = here;
    for (unsigned i = 0; i < COUNT(flushes) * ROUNDS; i++) {
        op.cmd = flushes[i % COUNT(flushes)];
        wait_for_looks();
        expect((long)seen, 1, "what vCPU 1 sees at first");
        expect(mmu_update(entry_machine(here, 1), make_entry(there, PTE_RW)), 0, "another page");
        expect(CALL(mmuext_op, &op, 1, 0, DOMID_SELF), 0, "operation %u", op.cmd);
        wait_for_looks();
        expect((long)seen, 2, "what vCPU 1 sees after operation %u", op.cmd);
        expect(update_va_mapping(here, make_entry(here, PTE_RW), UVMF_INVLPG | UVMF_ALL), 0,
               "the first page again");
    }
    watched = NULL;
}

void test_main(void)
{
    trap_hook = writer_fault;
    vcpu_start(writer, 0);
    for (unsigned i = 0; i < ROUNDS; i++)
        play_round();
    for (unsigned i = 0; i < ROUNDS; i++)
        given_back();
    of_others();
}
