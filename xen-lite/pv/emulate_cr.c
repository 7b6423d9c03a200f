/* SPDX-License-Identifier: MIT */
/*
 * Control registers of a PV guest. Only CR0.TS, CR2 and CR3 are the guest's to change; CR4 keeps
 * what it asked for as far as it is harmless, as on Xen.
 */
#include "lib/types.h"
#include "pv/emulate.h"
#include "pv/mmu.h"
#include "x86/cpu_bits.h"
#include "x86/instr.h"

/* Bits of CR4 that a guest's own choice may differ in; the others are those of the CPU. */
#define CR4_GUEST (CR4_TSD | CR4_DE)

bool pv_read_cr(struct vcpu *v, unsigned int number, uint64_t *value)
{
    switch (number) {
    case 0: *value = (read_cr0() & ~(uint64_t)CR0_TS) | (v->pv->ts ? CR0_TS : 0); return true;
    case 2: *value = v->info->arch.cr2; return true;
    case 3: *value = mfn_to_paddr(v->pv->kernel_table); return true;
    case 4: *value = (read_cr4() & ~(uint64_t)CR4_GUEST) | v->pv->cr4; return true;
    default: return false;
    }
}

/* Stops half-way when validating the tables takes longer than one hold of the lock. */
static enum emulation set_base_pointer(struct vcpu *v, uint64_t value)
{
    struct mmu m;
    enum rule_id rule;

    mmu_begin(&m, v);
    rule = mmu_settle(&m) ? mmu_set_kernel_table(&m, v, paddr_to_mfn(value)) : RULE_AGAIN;
    mmu_end(&m);
    if (rule == RULE_AGAIN)
        return EMULATION_AGAIN;
    return rule == RULE_NONE ? EMULATION_DONE : EMULATION_FAULT;
}

enum emulation pv_write_cr(struct vcpu *v, unsigned int number, uint64_t value)
{
    switch (number) {
    case 0:
        if ((value ^ read_cr0()) & ~(uint64_t)CR0_TS)
            return EMULATION_FAULT;
        pv_set_ts(v->pv, (value & CR0_TS) != 0);
        return EMULATION_DONE;
    case 2: v->info->arch.cr2 = value; return EMULATION_DONE;
    case 3: return set_base_pointer(v, value);
    case 4: v->pv->cr4 = value & CR4_GUEST; return EMULATION_DONE;
    default: return EMULATION_FAULT;
    }
}
