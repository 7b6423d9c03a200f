/* SPDX-License-Identifier: MIT */
/*
 * Model-specific registers of a PV guest: an allow-list, with the answers that Xen 4.17 gives to a
 * domain without hardware of its own. A register that is not listed is absent.
 *
 * Of the listed ones only the segment bases, TSC and microcode revision are the CPU's. The others
 * are constants: kernels read them at boot to learn what the machine can do.
 */
#include "domain/memory.h"
#include "lib/types.h"
#include "pv/cpuid.h"
#include "pv/emulate.h"
#include "x86/address.h"
#include "x86/cpu_bits.h"
#include "x86/ex_table.h"
#include "x86/feature.h"
#include "x86/instr.h"

#define MSR_P5_MC_ADDR            0x00000000u
#define MSR_P5_MC_TYPE            0x00000001u
#define MSR_MICROCODE_REVISION    0x0000008bu
#define MSR_PLATFORM_INFO         0x000000ceu
#define MSR_MISC_FEATURES_ENABLES 0x00000140u
#define MSR_MCG_CAP               0x00000179u
#define MSR_MCG_STATUS            0x0000017au
#define MSR_MCG_CTL               0x0000017bu
#define MSR_MISC_ENABLE           0x000001a0u
#define MSR_PERF_CAPABILITIES     0x00000345u
#define MSR_MC0_CTL               0x00000400u
#define MSR_MC_LAST               0x00000407u
#define MSR_AMD_PERF_FIRST        0xc0010000u
#define MSR_AMD_PERF_LAST         0xc0010007u
#define MSR_AMD_HWCR              0xc0010015u
#define MSR_AMD_PSTATE_LIMIT      0xc0010061u
#define MSR_AMD_PSTATE_LAST       0xc0010064u
#define MSR_AMD_DE_CFG            0xc0011029u
/* Writing it fills a page of the guest with hypercall stubs; CPUID leaf 0x40000002 names it. */
#define MSR_HYPERCALL_PAGE        0x40000000u

/* The page attributes that the ABI promises to PV guests: WB WT UC- UC WC WP UC UC. */
#define GUEST_PAT         0x0000050100070406UL
/* Guests cannot change these. */
#define GUEST_EFER        (EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE)
/* Enabled, at its usual place; the BSP bit belongs to vCPU 0. */
#define GUEST_APIC_BASE   0xfee00800UL
#define APIC_BASE_BSP     0x100UL
/* Fast strings; no branch trace store, no PEBS, no xTPR messages. */
#define GUEST_MISC_ENABLE 0x00801801UL
/* Two banks of machine-check registers, in which nothing ever happens. */
#define GUEST_MC_BANKS    2
#define MC_REGISTERS      4
/* LFENCE waits for what is before it. */
#define GUEST_DE_CFG      2

/* Not every CPU has it. */
static bool read_real(uint32_t index, uint64_t *value)
{
    uint32_t low = 0, high = 0, failed = 0;

    __asm__ volatile("1: rdmsr\n"
                     "jmp 3f\n"
                     "2: movl $1, %[failed]\n"
                     "3:\n" EX_TABLE(1b, 2b)
                     : [failed] "+r"(failed), "+a"(low), "+d"(high)
                     : "c"(index));
    *value = (uint64_t)high << 32 | low;
    return !failed;
}

static bool read_machine_check(uint32_t index, uint64_t *value)
{
    /* The first register of each bank says which errors are reported: all. */
    *value = index % MC_REGISTERS == 0 ? ~0UL : 0;
    return true;
}

/* Performance counters and power states, of which a guest has none. */
static bool is_idle_amd_register(uint32_t index)
{
    return (index >= MSR_AMD_PERF_FIRST && index <= MSR_AMD_PERF_LAST) ||
           (index >= MSR_AMD_PSTATE_LIMIT && index <= MSR_AMD_PSTATE_LAST) || index == MSR_AMD_HWCR;
}

static bool read_amd(uint32_t index, uint64_t *value)
{
    if (!cpuid_is_amd())
        return false;
    *value = index == MSR_AMD_DE_CFG ? GUEST_DE_CFG : 0;
    return index == MSR_AMD_DE_CFG || is_idle_amd_register(index);
}

bool pv_read_msr(struct vcpu *v, uint32_t index, uint64_t *value)
{
    switch (index) {
    case MSR_FS_BASE:
    case MSR_GS_BASE:
    case MSR_KERNEL_GS_BASE: *value = rdmsr(index); return true;
    case MSR_TSC: *value = rdtsc(); return true;
    case MSR_TSC_AUX: *value = v->pv->tsc_aux; return features.rdtscp;
    case MSR_MICROCODE_REVISION: return read_real(index, value);
    case MSR_EFER: *value = GUEST_EFER; return true;
    case MSR_PAT: *value = GUEST_PAT; return true;
    case MSR_APIC_BASE: *value = GUEST_APIC_BASE | (v->id == 0 ? APIC_BASE_BSP : 0); return true;
    case MSR_MISC_ENABLE: *value = GUEST_MISC_ENABLE; return true;
    case MSR_MCG_CAP: *value = GUEST_MC_BANKS; return true;
    case MSR_MC0_CTL ... MSR_MC_LAST: return read_machine_check(index, value);
    case MSR_P5_MC_ADDR:
    case MSR_P5_MC_TYPE:
    case MSR_MCG_STATUS:
    case MSR_MCG_CTL:
    case MSR_PLATFORM_INFO:
    case MSR_MISC_FEATURES_ENABLES:
    case MSR_PERF_CAPABILITIES:
    case MSR_HYPERCALL_PAGE: *value = 0; return true;
    default: return read_amd(index, value);
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

static bool write_tsc_aux(struct pv_vcpu *pv, uint64_t value)
{
    if (!features.rdtscp || value >> 32)
        return false;
    pv->tsc_aux = (uint32_t)value;
    wrmsr(MSR_TSC_AUX, value);
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
    case MSR_TSC_AUX: return write_tsc_aux(v->pv, value);
    case MSR_EFER: return value == GUEST_EFER;
    case MSR_MISC_FEATURES_ENABLES: return value == 0;
    case MSR_HYPERCALL_PAGE: return write_hypercall_page(v, value);
    /* Taken and forgotten. */
    case MSR_MISC_ENABLE:
    case MSR_MCG_STATUS:
    case MSR_MCG_CTL:
    case MSR_MC0_CTL ... MSR_MC_LAST: return true;
    default: return is_idle_amd_register(index) && cpuid_is_amd();
    }
}
