/* SPDX-License-Identifier: MIT */
/*
 * Stopping all other CPUs. See world.h.
 *
 * Two CPUs may want it at once: one gets the turn, and the other stops while it waits for its own.
 */
#include "hv/world.h"

#include "hv/lock.h"
#include "hv/work.h"
#include "lib/atomic.h"
#include "x86/cpu.h"
#include "x86/instr.h"
#include "x86/tlb.h"

static struct spinlock turn = SPINLOCK(LOCK_WORLD);
static bool stopped;     /* a: the others are to wait */
static uint32_t waiting; /* a: CPUs that do */

/* The others' side. Answers flushes: who has stopped them may need one. */
static void wait_until_go(void)
{
    (void)atomic_add_return(&waiting, 1);
    while (atomic_load(&stopped)) {
        tlb_serve();
        cpu_relax();
    }
    (void)atomic_sub_return(&waiting, 1);
}

void world_init(void)
{
    work_register(WORK_STOP, wait_until_go);
}

void world_stop(void)
{
    while (!spin_try_lock(&turn))
        if (atomic_load(&stopped))
            wait_until_go();
    atomic_store(&stopped, true);
    for (unsigned int cpu = 0; cpu < cpus_online(); cpu++)
        if (cpu != cpu_id())
            work_raise_on(cpu, WORK_STOP);
    while (atomic_load(&waiting) != cpus_online() - 1) {
        tlb_serve();
        cpu_relax();
    }
}

void world_go(void)
{
    atomic_store(&stopped, false);
    /* The next one to stop them must not count who is still about to leave. */
    while (atomic_load(&waiting) != 0)
        cpu_relax();
    spin_unlock(&turn);
}
