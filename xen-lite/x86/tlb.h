/* SPDX-License-Identifier: MIT */
/*
 * TLB flushes, on this CPU and on others.
 *
 * CR4.PGE stays off: a guest's G bits mean nothing, so loading CR3 flushes everything that a guest
 * can reach. A global clock ticks with each full flush; each CPU notes its last one. A frame notes
 * the clock when a writable mapping of it was given up (tlb_clock() into frame.tlb_stamp); a CPU
 * whose last full flush is later cannot hold a stale entry, so tlb_flush_stale() skips it.
 *
 * Remote flushes are requests in memory plus a knock (IPI): a CPU answers from its IPI handler
 * while a guest runs there, or from any loop in which it waits for a lock or for others. The caller
 * returns when all have answered. May be called with any locks held: who waits for one answers.
 *
 * Barrier pair: who takes a mapping away changes the entry by a locked instruction, then reads the
 * clock; who flushes ticks the clock by a locked instruction, then flushes. So a flush that is
 * later by the clock has seen the change.
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

extern uint64_t tlb_clock_now; /* a */
static inline uint32_t tlb_clock(void)
{
    return (uint32_t)atomic_load(&tlb_clock_now);
}
/* Flushes those CPUs of the set that have not flushed since the clock was at `stamp`. */
void tlb_flush_stale(cpu_set_t cpus, uint32_t stamp);

/* Answers requests addressed to this CPU, if any. Called in spin loops and by the knock's handler.
 */
void tlb_serve(void);

/* At boot: installs the knock's handler. */
void tlb_init(void);

/* Loads CR3 with the table at mfn (a full flush: notes the clock). The clock ticks before the
 * flush: whoever reads a smaller value had changed its page table before, so the flush comes after
 * the change. */
static inline void cr3_load(mfn_t table)
{
    uint64_t now = atomic_add_return(&tlb_clock_now, 1);

    write_cr3(mfn_to_paddr(table));
    atomic_store(&cpu_top()->last_full, now);
}

#endif
