/* SPDX-License-Identifier: MIT */
/*
 * Looking up faults that were expected.
 */
#include "x86/ex_table.h"

#include "lib/types.h"
#include "x86/cpu.h"
#include "x86/fault.h"
#include "x86/instr.h"
#include "x86/vector.h"

/* Both relative to their own place. */
struct ex_entry {
    int32_t instruction, fixup;
};

extern const struct ex_entry ex_table_start[], ex_table_end[];

/* Keys: o = only this CPU. */
static struct {
    uint64_t address; /* o */
} ALIGNED(64) last_fault[MAX_CPUS];

static uint64_t resolve(const int32_t *offset)
{
    return (uintptr_t)offset + (uint64_t)(int64_t)*offset;
}

uint64_t ex_table_find(uint64_t rip)
{
    /* A walk: some twenty entries, and only where a guest's address was wrong. */
    for (const struct ex_entry *e = ex_table_start; e < ex_table_end; e++)
        if (resolve(&e->instruction) == rip)
            return resolve(&e->fixup);
    return 0;
}

bool ex_table_fixup(struct regs *regs)
{
    uint64_t fixup = ex_table_find(regs->rip);

    if (fixup == 0)
        return false;
    last_fault[cpu_id()].address = regs->vector == VECTOR_PF ? read_cr2() : 0;
    regs->rip = fixup;
    return true;
}

uint64_t fault_last_address(void)
{
    return last_fault[cpu_id()].address;
}
