/* SPDX-License-Identifier: MIT */
/*
 * Claim: when a page becomes a page table on one vCPU, or somebody else's memory, the writable
 *     translation that another vCPU still uses ends before; so does that of a grant before its
 *     unmapping returns; and a flush of all vCPUs, or of a set, makes the other one see a changed
 *     entry.
 * Rule: GRANT-14; invariants A4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 */
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define ROUNDS 10
#define LOOKS  20000
#define REF    20

static uint64_t *volatile page; /* what vCPU 1 is to write to; NULL: nothing yet */
static uint64_t *volatile lent; /* and what it reads before each write; page itself, or a grant */
static volatile unsigned writing, faults;
static volatile unsigned long was_read;

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

/* vCPU 1 reads and writes without pause until it faults. The writes straddle the last two entries,
 * so that the hypervisor does not do them for us (at 32 bits they are not aligned); seen as
 * entries, they are not present. */
static void writer(unsigned long unused)
{
    (void)unused;
    for (;;) {
        unsigned long read;
        uint64_t *target;

        while ((target = page) == NULL)
            watch();
        __asm__ volatile("1: mov (%2), %0\n\tmov %0, was_read\n\tmov %3, 4081(%1)\n\t"
                         "movl $1, writing\n\tjmp 1b\n"
                         "writer_out:"
                         : "=&r"(read)
                         : "r"(target), "r"(lent), "r"((unsigned long)0x5a5a5a5a5a5a5a5aull)
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

/* Returns when vCPU 1 has the translations of both. */
static void let_use(uint64_t *read, uint64_t *written)
{
    writing = 0;
    lent = read;
    page = written;
    if (!wait_for(&writing))
        error("vCPU 1 does not write");
}

static void play_round(void)
{
    uint64_t *table = page_new();
    unsigned before = faults;

    let_use(table, table);
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
    let_use((uint64_t *)old, (uint64_t *)old);
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

static const struct way {
    const char *what;
    unsigned flags;
    bool replaces; /* undone by a read-only page in its place */
} ways[] = {
    { "a grant to write", 0, false },
    { "a grant to read", GNTMAP_readonly, false },
    { "a grant in an entry", GNTMAP_contains_pte, false },
    { "a grant that is replaced", 0, true },
};

static int undo(const struct way *w, const struct gnttab_map_grant_ref *done, uint64_t *instead)
{
    struct gnttab_unmap_and_replace replace = { .host_addr = done->host_addr,
                                                .new_addr = (unsigned long)instead,
                                                .handle = done->handle,
                                                .status = 1 };

    if (!w->replaces)
        return grant_unmap(done->handle, done->host_addr, 0);
    expect(map(instead, make_entry(instead, PTE_RO)), 0, "a read-only page");
    expect(grant_op(GNTTABOP_unmap_and_replace, &replace), 0, "unmap_and_replace");
    return replace.status;
}

/* vCPU 0 unmaps what vCPU 1 uses. Then the page is its owner's alone, who writes a secret into it.
 * That it is our own makes no difference: nothing else would flush. */
static void undone(const struct way *w, uint64_t *window, volatile uint64_t *own, uint64_t *other)
{
    bool is_entry = w->flags & GNTMAP_contains_pte;
    struct gnttab_map_grant_ref op;
    unsigned before = faults;

    own[0] = 1;
    grant_page(REF, own_domain(), own, GTF_permit_access);
    expect(map(window, 0), 0, "clear the address");
    expect(grant_map(&op, own_domain(), REF,
                     is_entry ? entry_machine(window, 1) : (unsigned long)window,
                     w->flags | GNTMAP_host_map),
           GNTST_okay, "map %s", w->what);
    let_use(window, w->flags & GNTMAP_readonly ? other : window);
    expect((long)was_read, 1, "what vCPU 1 reads of %s", w->what);
    expect(undo(w, &op, other), GNTST_okay, "undo %s", w->what);
    expect(grant_v1(REF)->flags, GTF_permit_access, "marks of %s", w->what);
    own[0] = 2;
    own[510] = own[511] = 0;
    for (unsigned i = 0; i < LOOKS; i++)
        if (own[510] != 0 || own[511] != 0)
            failure("a write by the old translation of %s has reached the page", w->what);
    wait_for_fault(before);
    expect_true(was_read != 2, "vCPU 1 has read the secret by the old translation of %s", w->what);
}

static void of_grants(void)
{
    uint64_t *window = page_new(), *own = page_new(), *other = page_new();
    uint64_t entry = make_entry(other, PTE_RW);

    grant_setup(1);
    for (unsigned i = 0; i < COUNT(ways) * ROUNDS; i++) {
        expect(map(other, entry), 0, "a page to write to");
        undone(&ways[i % COUNT(ways)], window, own, other);
    }
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
    of_grants();
    of_others();
}
