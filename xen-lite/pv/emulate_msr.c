/* SPDX-License-Identifier: MIT */
/*
 * Model-specific registers of a PV guest: an allow-list. A register that is not listed is absent,
 * and the real one is never touched.
 */
#include "domain/memory.h"
#include "lib/types.h"
#include "pv/emulate.h"
#include "x86/address.h"
#include "x86/cpu_bits.h"
#include "x86/instr.h"

/* Writing it fills a page of the guest with hypercall stubs; CPUID leaf 0x40000002 names it. */
#define MSR_HYPERCALL_PAGE 0x40000000u
/* The page attributes that the ABI promises to PV guests: WB WT UC- UC WC WP UC UC. */
#define GUEST_PAT          0x0000050100070406UL
/* Guests cannot change these. */
#define GUEST_EFER         (EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE)

bool pv_read_msr(struct vcpu *v, uint32_t index, uint64_t *value)
{
    (void)v;
    switch (index) {
    case MSR_FS_BASE:
    case MSR_GS_BASE:
    case MSR_KERNEL_GS_BASE: *value = rdmsr(index); return true;
    case MSR_EFER: *value = GUEST_EFER; return true;
    case MSR_PAT: *value = GUEST_PAT; return true;
    case MSR_TSC: *value = rdtsc(); return true;
    case MSR_APIC_BASE: /* no local APIC */
    case MSR_HYPERCALL_PAGE: *value = 0; return true;
    default: return false;
    }
}

/* The value is the machine address of one of the guest's frames; the low bits choose a page, of
 * which there is one. */
static bool write_hypercall_page(struct vcpu *v, uint64_t value)
{
    mfn_t mfn = paddr_to_mfn(value);

    if (value % PAGE_SIZE != 0 || domain_get_writable(v->domain, mfn) != RULE_NONE)
        return false;
    pv_write_hypercall_page(mfn_to_virt(mfn));
    domain_put_writable(v->domain, mfn);
    return true;
}

bool pv_write_msr(struct vcpu *v, uint32_t index, uint64_t value)
{
    switch (index) {
    case MSR_FS_BASE:
    case MSR_GS_BASE:
    case MSR_KERNEL_GS_BASE:
        if (!address_is_canonical(value))
            return false;
        wrmsr(index, value);
        return true;
    case MSR_EFER: return value == GUEST_EFER;
    case MSR_PAT: return value == GUEST_PAT;
    case MSR_HYPERCALL_PAGE: return write_hypercall_page(v, value);
    default: return false;
    }
}
