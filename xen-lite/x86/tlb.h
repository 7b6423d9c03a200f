/* SPDX-License-Identifier: MIT */
/*
 * TLB flushes, on this CPU and on others.
 *
 * CR4.PGE stays off: a guest's G bits mean nothing, so loading CR3 flushes everything that a guest
 * can reach. When a mapping of a frame was given up, the frame notes a global clock, which then
 * ticks (tlb_clock_tick() into frame.tlb_stamp); a CPU notes the clock at each full flush. One
 * whose last full flush is later than the stamp cannot hold a stale entry, so tlb_flush_stale()
 * skips it. The flush only reads the clock: going between a guest's kernel and its programs is one,
 * and must not make all CPUs write to one word.
 *
 * Remote flushes are requests in memory plus a knock (IPI): a CPU answers from its IPI handler
 * while a guest runs there, or from any loop in which it waits for a lock or for others. The caller
 * returns when all have answered. May be called with any locks held: who waits for one answers.
 *
 * Barrier pair: who takes a mapping away changes the entry, then ticks the clock by a locked
 * instruction; who flushes reads the clock, then loads CR3, which is serialising. So a flush that
 * has seen the tick comes after the change.
 */
#ifndef XEN_LITE_X86_TLB_H
#define XEN_LITE_X86_TLB_H

#include <stdint.h>

#include "lib/atomic.h"
#include "lib/types.h"
#include "x86/cpu.h"
#include "x86/instr.h"

/* Sets of CPUs: bit n is CPU n. */
typedef uint32_t cpu_set_t;

void tlb_flush_local(void);
void tlb_flush_page_local(gva_t address);

/* Flush everything (or one page, any address space) on all CPUs of the set, this one included if
 * named. */
void tlb_flush(cpu_set_t cpus);
void tlb_flush_page(cpu_set_t cpus, gva_t address);

/* tlb_flush() where the set often is this CPU alone. */
static inline void tlb_flush_mostly_local(cpu_set_t cpus)
{
    if (likely(cpus == 1U << cpu_id()))
        tlb_flush_local();
    else
        tlb_flush(cpus);
}

/* The clock before it ticks. */
extern uint64_t tlb_clock_now; /* a */
static inline uint32_t tlb_clock_tick(void)
{
    return (uint32_t)atomic_fetch_add(&tlb_clock_now, 1);
}
/* Flushes those CPUs of the set that have not flushed since the clock was at `stamp`. */
void tlb_flush_stale(cpu_set_t cpus, uint32_t stamp);

/* Answers requests addressed to this CPU, if any. Called in spin loops and by the knock's handler.
 */
void tlb_serve(void);

/* At boot: installs the knock's handler. */
void tlb_init(void);

/* Loads CR3 of this CPU, whose top it is, with the table at mfn: a full flush. The clock is read
 * before it: a stamp below it was taken after a change that the flush therefore has seen. */
static inline void cr3_load_on(struct cpu_top *top, mfn_t table)
{
    uint64_t now = atomic_load(&tlb_clock_now);

    write_cr3(mfn_to_paddr(table));
    atomic_store(&top->last_full, now);
}

static inline void cr3_load(mfn_t table)
{
    cr3_load_on(cpu_top(), table);
}

#endif
