/* SPDX-License-Identifier: MIT */
/*
 * Claim: when a domain gives a frame back, the translation that another vCPU of it still writes by
 *     has ended before the call returns: nobody else's memory is written.
 * Rule: invariants A4
 * Runs on: xen-lite
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 *
 * Not on the real Xen: it flushes when the frame is handed out again, which a guest cannot see.
 */
#include "tests/guests/support/support.h"

#define ROUNDS 10

static volatile uint64_t *volatile target; /* what vCPU 1 writes to; NULL: nothing yet */
static volatile unsigned writes, faults;

extern char writer_out[];

/* vCPU 1 writes without pause, and without a call that would flush, until a write faults. */
static void writer(unsigned long unused)
{
    (void)unused;
    for (;;) {
        volatile uint64_t *at = target;

        if (at == NULL)
            continue;
        __asm__ volatile("1: mov %1, (%0)\n\tincl writes\n\tjmp 1b\n"
                         "writer_out:"
                         :
                         : "r"(at), "r"((unsigned long)0x5a5a5a5a5a5a5a5aull)
                         : "memory", "cc");
        target = NULL;
        faults++;
    }
}

static void writer_fault(struct frame *frame)
{
    if (frame->vector != X_PF)
        error("exception %lu on the second vCPU", frame->vector);
    frame->ip = (unsigned long)writer_out;
}

static void play_round(void)
{
    volatile uint64_t *page = page_new();
    uint64_t frame = mfn_of(page), end;
    struct xen_memory_reservation reservation = { .extent_start = (unsigned long)&frame,
                                                  .nr_extents = 1,
                                                  .domid = DOMID_SELF };
    unsigned before = faults, then;

    writes = 0;
    target = page;
    if (!wait_for(&writes))
        error("vCPU 1 does not write");
    expect(update_va_mapping(page, 0, UVMF_NONE), 0, "unmap it, no flush");
    expect(CALL(memory_op, XENMEM_decrease_reservation, &reservation), 1, "give it back");

    /* At most the write that was under way has been counted since. */
    then = writes;
    end = system_time() + 20000000000ull;
    while (faults == before && writes - then < 1000 && system_time() < end)
        __asm__ volatile("pause");
    if (faults == before)
        failure("vCPU 1 still writes to the frame");
}

void test_main(void)
{
    trap_hook = writer_fault;
    vcpu_start(writer, 0);
    for (unsigned i = 0; i < ROUNDS; i++)
        play_round();
}
