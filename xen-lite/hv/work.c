/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU work bits.
 */
#include "hv/work.h"

#include "lib/assert.h"
#include "lib/atomic.h"
#include "lib/types.h"
#include "x86/apic.h"
#include "x86/clock.h"
#include "x86/cpu.h"
#include "x86/image.h"
#include "x86/tlb.h"
#include "x86/vector.h"

static void (*handlers[WORK_KINDS])(void) SET_ONCE;

void work_register(enum work kind, void (*handler)(void))
{
    handlers[kind] = handler;
}

void work_raise(enum work kind)
{
    atomic_or(&cpu_top()->work, BIT(kind));
}

void work_raise_on(unsigned int cpu, enum work kind)
{
    uint64_t old = atomic_fetch_or(&cpu_top_of(cpu)->work, BIT(kind));

    /* Knock only for the first bit: who set it has knocked, and the CPU looks at all bits. */
    if (old == 0 && cpu != cpu_id())
        apic_send(cpu, VECTOR_KNOCK);
}

void work_run(void)
{
    uint64_t *word = &cpu_top()->work;

    for (uint64_t bits = atomic_load(word); bits != 0; bits = atomic_load(word)) {
        enum work kind = (enum work)__builtin_ctzl(bits);

        /* Cleared first: what is raised from here on is done in another round. */
        atomic_and(word, ~BIT(kind));
        ASSERT(handlers[kind] != NULL);
        handlers[kind]();
    }
}
