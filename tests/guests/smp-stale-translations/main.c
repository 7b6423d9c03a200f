/* SPDX-License-Identifier: MIT */
/*
 * Claim: when a page becomes a page table on one vCPU, the writable translation that another vCPU
 *     still uses ends before.
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

/* vCPU 1 writes without pause until a write faults. The writes straddle the last two entries, so
 * that the hypervisor does not do them for us; seen as entries, they are not present. */
static void writer(uint64_t unused)
{
    (void)unused;
    for (;;) {
        uint64_t *target;

        while ((target = page) == NULL)
            __asm__ volatile("pause");
        __asm__ volatile("1: mov %1, 4081(%0)\n\tmovl $1, writing\n\tjmp 1b\n"
                         "writer_out:"
                         :
                         : "r"(target), "r"(0x5a5a5a5a5a5a5a5aul)
                         : "memory");
        page = NULL;
        faults++;
    }
}

static void writer_fault(struct frame *frame)
{
    if (frame->vector != X_PF)
        error("exception %lu on the second vCPU", frame->vector);
    frame->rip = (uint64_t)writer_out;
}

static void play_round(void)
{
    uint64_t *table = page_new();
    unsigned before = faults;

    writing = 0;
    page = table;
    if (!wait_for(&writing))
        error("vCPU 1 does not write");
    expect(CALL(update_va_mapping, table, make_entry(table, PTE_RO), UVMF_NONE), 0, "no flush");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin it");
    expect(mmu_update(machine_of(&table[510]), 0), 0, "clear the entry");
    for (unsigned i = 0; i < LOOKS; i++) {
        if (READ_ONCE(table[510]) != 0)
            failure("a write by the old translation has reached the table");
    }
    for (unsigned i = 0; faults == before && i < LOOKS; i++)
        CALL(sched_op, SCHEDOP_yield);
    expect_true(faults != before, "vCPU 1's write has faulted");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(table)), 0, "unpin it");
}

void test_main(void)
{
    trap_hook = writer_fault;
    vcpu_start(writer, 0);
    for (unsigned i = 0; i < ROUNDS; i++)
        play_round();
}
