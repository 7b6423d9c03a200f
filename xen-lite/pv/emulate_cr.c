/* SPDX-License-Identifier: MIT */
/*
 * Control registers of a PV guest. In CR0 only TS is the guest's to change; CR2 and CR3 are its
 * own. CR4 takes anything and keeps what guests have a choice in, as on Xen.
 */
#include "lib/types.h"
#include "pv/emulate.h"
#include "pv/mmu.h"
#include "x86/cpu_bits.h"
#include "x86/cpu_setup.h"
#include "x86/feature.h"
#include "x86/fpu.h"
#include "x86/instr.h"

/* What guests have a choice in; the first two the CPU must know of, too. */
#define CR4_LOADED  (CR4_TSD | CR4_FSGSBASE)
#define CR4_CHOICE  (CR4_LOADED | CR4_DE | CR4_OSXSAVE)
/* What every guest sees set. */
#define CR4_VISIBLE (CR4_PAE | CR4_MCE | CR4_OSFXSR | CR4_OSXMMEXCPT)

/* Components of XCR0. */
#define XCR0_X87    0x01UL
#define XCR0_SSE    0x02UL
#define XCR0_AVX    0x04UL
#define XCR0_AVX512 0xe0UL

uint64_t pv_visible_cr4(const struct pv_vcpu *pv)
{
    return CR4_VISIBLE | pv->cr4;
}

void pv_load_cr4(const struct pv_vcpu *pv)
{
    uint64_t old = read_cr4();
    uint64_t new = (old & ~(uint64_t)CR4_LOADED) | cpu_guards() | (pv->cr4 & CR4_LOADED);

    new &= ~pv->width->cr4_off;
    if (new != old)
        write_cr4(new);
}

void pv_set_cr4(struct pv_vcpu *pv, uint64_t value)
{
    pv->cr4 = value & (CR4_TSD | CR4_DE);
    if (features.fsgsbase)
        pv->cr4 |= value & CR4_FSGSBASE;
    if (features.xsave)
        pv->cr4 |= value & CR4_OSXSAVE;
}

bool pv_read_cr(struct vcpu *v, unsigned int number, uint64_t *value)
{
    switch (number) {
    case 0: *value = (read_cr0() & ~(uint64_t)CR0_TS) | (v->pv->ts ? CR0_TS : 0); return true;
    case 2: *value = vcpu_cr2(v); return true;
    case 3: *value = v->pv->width->cr3_of(v->pv->kernel_table); return true;
    case 4: *value = pv_visible_cr4(v->pv); return true;
    default: return false;
    }
}

/* Stops half-way when validating the tables takes longer than one hold of the lock. */
static enum emulation set_base_pointer(struct vcpu *v, uint64_t value)
{
    mfn_t mfn = v->pv->width->cr3_mfn(value);
    struct mmu m;
    enum rule_id rule;

    mmu_begin(&m, v);
    rule = mmu_settle(&m) ? mmu_set_kernel_table(&m, v, mfn) : RULE_AGAIN;
    mmu_end(&m);
    if (rule == RULE_AGAIN)
        return EMULATION_AGAIN;
    if (rule == RULE_NONE)
        return EMULATION_DONE;
    (void)mmu_refuse(&m, v, rule);
    return EMULATION_FAULT;
}

enum emulation pv_write_cr(struct vcpu *v, unsigned int number, uint64_t value)
{
    switch (number) {
    case 0:
        if ((value ^ read_cr0()) & ~(uint64_t)CR0_TS)
            return EMULATION_FAULT;
        pv_set_ts(v->pv, (value & CR0_TS) != 0);
        return EMULATION_DONE;
    case 2: vcpu_set_cr2(v, value); return EMULATION_DONE;
    case 3: return set_base_pointer(v, value);
    case 4:
        pv_set_cr4(v->pv, value);
        pv_load_cr4(v->pv);
        return EMULATION_DONE;
    default: return EMULATION_FAULT;
    }
}

/* What the CPU itself would not refuse: it must not fault in the hypervisor. */
static bool xcr0_is_valid(uint64_t value)
{
    if ((value & ~fpu_components()) || !(value & XCR0_X87))
        return false;
    if ((value & XCR0_AVX) && !(value & XCR0_SSE))
        return false;
    if ((value & XCR0_AVX512) == 0)
        return true;
    return (value & XCR0_AVX512) == XCR0_AVX512 && (value & XCR0_AVX);
}

bool pv_write_xcr0(struct pv_vcpu *pv, uint64_t value)
{
    if (!features.xsave || !xcr0_is_valid(value))
        return false;
    pv->xcr0 = value;
    fpu_select(value);
    return true;
}
