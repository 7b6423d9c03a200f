/* SPDX-License-Identifier: MIT */
/*
 * TLB flushes on several CPUs.
 *
 * No lock: each CPU has one place for a request of its own, so several CPUs may ask at once.
 * Asking: write the request, then set one's bit in the word of each CPU that is to answer, then
 * knock. An answering CPU takes its whole word, does the work once, and counts down in each asker's
 * place. Who waits answers others meanwhile, so two that ask each other do not wait for ever.
 */
#include "x86/tlb.h"

#include "lib/atomic.h"
#include "x86/apic.h"
#include "x86/cpu.h"
#include "x86/instr.h"
#include "x86/interrupt.h"
#include "x86/vector.h"

/* A page address of all ones: everything. */
#define WHOLE (~0UL)

/* Keys: o = the CPU it belongs to; a = atomic. */
static struct {
    uint64_t address; /* o: the request; stable while .waiting is not 0 */
    uint32_t waiting; /* a: CPUs that have not answered it */
} ALIGNED(64) state[MAX_CPUS];

uint64_t tlb_clock_now;

void tlb_flush_local(void)
{
    cr3_load(paddr_to_mfn(read_cr3()));
}

void tlb_flush_page_local(gva_t address)
{
    invlpg(address.n);
}

void tlb_serve(void)
{
    bool whole = false;

    if (likely(atomic_load(&cpu_top()->tlb_askers) == 0))
        return;
    uint32_t askers = (uint32_t)atomic_exchange(&cpu_top()->tlb_askers, 0);

    for (uint32_t rest = askers; rest != 0; rest &= rest - 1) {
        uint64_t address = atomic_load(&state[__builtin_ctz(rest)].address);

        if (address == WHOLE)
            whole = true;
        else
            invlpg(address);
    }
    if (whole)
        tlb_flush_local();
    for (uint32_t rest = askers; rest != 0; rest &= rest - 1)
        (void)atomic_sub_return(&state[__builtin_ctz(rest)].waiting, 1);
}

static uint32_t count(cpu_set_t cpus)
{
    uint32_t n = 0;

    for (; cpus != 0; cpus &= cpus - 1)
        n++;
    return n;
}

/* Asks the CPUs of the set, which does not name this one, and waits. */
static void ask(cpu_set_t cpus, uint64_t address)
{
    uint32_t me = cpu_id();

    cpus &= (cpu_set_t)((1UL << cpus_online()) - 1);
    if (cpus == 0)
        return;
    state[me].address = address;
    atomic_store(&state[me].waiting, count(cpus));
    for (cpu_set_t rest = cpus; rest != 0; rest &= rest - 1) {
        uint32_t cpu = (uint32_t)__builtin_ctz(rest);

        atomic_or(&cpu_top_of(cpu)->tlb_askers, 1UL << me);
        apic_send(cpu, VECTOR_KNOCK);
    }
    while (atomic_load(&state[me].waiting) != 0) {
        tlb_serve();
        cpu_relax();
    }
}

void tlb_flush(cpu_set_t cpus)
{
    cpu_set_t me = 1U << cpu_id();

    if (cpus & me)
        tlb_flush_local();
    ask(cpus & ~me, WHOLE);
}

void tlb_flush_page(cpu_set_t cpus, gva_t address)
{
    cpu_set_t me = 1U << cpu_id();

    if (cpus & me)
        tlb_flush_page_local(address);
    ask(cpus & ~me, address.n);
}

void tlb_flush_stale(cpu_set_t cpus, uint32_t stamp)
{
    /* The latest time that the stamp can mean: at worst a flush too many. */
    uint64_t now = atomic_load(&tlb_clock_now);
    uint64_t since = now - (uint32_t)((uint32_t)now - stamp);
    cpu_set_t stale = 0;

    for (cpu_set_t rest = cpus; rest != 0; rest &= rest - 1) {
        uint32_t cpu = (uint32_t)__builtin_ctz(rest);

        if (atomic_load(&cpu_top_of(cpu)->last_full) <= since)
            stale |= 1U << cpu;
    }
    if (stale != 0)
        tlb_flush(stale);
}

void tlb_init(void)
{
    interrupt_set_handler(VECTOR_KNOCK, tlb_serve);
}
