/* SPDX-License-Identifier: MIT */
/*
 * Model-specific registers of a PV guest: an allow-list, with the answers that Xen 4.17 gives to a
 * domain without hardware of its own. A register that is not listed is absent.
 *
 * Of the listed ones only the segment bases, TSC, TSC_AUX and what names the CPU are the CPU's. The
 * others are constants: kernels read them at boot to learn what the machine can do.
 */
#include "domain/memory.h"
#include "lib/types.h"
#include "pv/cpuid.h"
#include "pv/emulate.h"
#include "x86/address.h"
#include "x86/cpu_bits.h"
#include "x86/feature.h"
#include "x86/instr.h"

#define MSR_P5_MC_ADDR         0x00000000u
#define MSR_P5_MC_TYPE         0x00000001u
#define MSR_PLATFORM_ID        0x00000017u
#define MSR_FEATURE_CONTROL    0x0000003au
#define MSR_MICROCODE_REVISION 0x0000008bu
#define MSR_MCG_CAP            0x00000179u
#define MSR_MCG_STATUS         0x0000017au
#define MSR_MISC_ENABLE        0x000001a0u
#define MSR_MC0_CTL            0x00000400u
#define MSR_MC_LAST            0x0000047fu
#define MSR_AMD_DE_CFG         0xc0011029u
/* Writing it fills a page of the guest with hypercall stubs; CPUID leaf 0x40000002 names it. */
#define MSR_HYPERCALL_PAGE     0x40000000u

/* Cannot be changed: enabled, at its usual place; the BSP bit belongs to vCPU 0. */
#define GUEST_APIC_BASE       0xfee00800UL
#define APIC_BASE_BSP         0x100UL
/* Fast strings; no branch trace store, no PEBS, no xTPR messages. */
#define GUEST_MISC_ENABLE     0x00801801UL
/* Two banks of machine-check registers, in which nothing ever happens. */
#define GUEST_MC_BANKS        2
#define MC_REGISTERS          4
/* LFENCE waits for what is before it. */
#define GUEST_DE_CFG          2
/* Nobody may change what it says: no VMX. */
#define GUEST_FEATURE_CONTROL 1

enum vendor { ANY_VENDOR, INTEL, AMD };

/* Registers behind which there is nothing: counters that do not count, power states that are not
 * there, banks of machine checks that never happen. They read as zero and forget what is written,
 * where the entry says so. */
struct idle_registers {
    uint32_t first, last;
    uint8_t vendor; /* enum vendor: on whose CPUs */
    bool reads, writes;
};

static const struct idle_registers idle_registers[] = {
    { MSR_P5_MC_ADDR, MSR_P5_MC_TYPE, ANY_VENDOR, .reads = true },
    { 0x000000c1, 0x000000c8, INTEL, true, true },          /* performance counters */
    { 0x000000e7, 0x000000e8, ANY_VENDOR, .writes = true }, /* MPERF, APERF */
    { 0x0000017b, 0x0000017b, ANY_VENDOR, true, true },     /* MCG_CTL */
    { 0x00000186, 0x00000189, INTEL, true, true },          /* what the counters count */
    { 0x00000198, 0x00000198, INTEL, .reads = true },       /* PERF_STATUS */
    { 0x00000199, 0x00000199, INTEL, true, true },          /* PERF_CTL */
    { 0x0000019a, 0x0000019a, INTEL, .writes = true },      /* clock modulation */
    { 0x000001b0, 0x000001b0, INTEL, .writes = true },      /* energy or performance */
    { 0x00000280, 0x0000029f, ANY_VENDOR, true, true },     /* MCi_CTL2 */
    { 0x00000309, 0x0000030b, INTEL, true, true },          /* fixed counters */
    { 0x00000345, 0x00000345, ANY_VENDOR, .reads = true },  /* PERF_CAPABILITIES */
    { 0x0000038d, 0x00000390, INTEL, true, true },          /* control of all counters */
    { 0xc0010000, 0xc0010007, AMD, true, true },            /* performance counters */
    { 0xc0010015, 0xc0010015, AMD, true, true },            /* HWCR */
    { 0xc0010041, 0xc0010042, AMD, true, true },            /* FIDVID_CTL, FIDVID_STATUS */
    { 0xc0010061, 0xc001006b, AMD, true, true },            /* P-states */
    { 0xc0010200, 0xc001020b, AMD, true, true },            /* more performance counters */
};

static enum vendor cpu_vendor(void)
{
    return cpuid_is_amd() ? AMD : cpuid_is_intel() ? INTEL : ANY_VENDOR;
}

/* NULL: it is not one of them, or not on this CPU. */
static const struct idle_registers *find_idle(uint32_t index)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(idle_registers); i++) {
        const struct idle_registers *r = &idle_registers[i];

        if (index >= r->first && index <= r->last)
            return r->vendor == ANY_VENDOR || r->vendor == cpu_vendor() ? r : NULL;
    }
    return NULL;
}

static bool is_guest_bank(uint32_t index)
{
    return index < MSR_MC0_CTL + GUEST_MC_BANKS * MC_REGISTERS;
}

/* The first register of each bank says which errors are reported: all. The rest of a bank says what
 * happened: nothing. */
static uint64_t read_machine_check(uint32_t index)
{
    return is_guest_bank(index) && index % MC_REGISTERS == 0 ? ~0UL : 0;
}

/* What happened can be cleared only. */
static bool write_machine_check(uint32_t index, uint64_t value)
{
    return !is_guest_bank(index) || index % MC_REGISTERS == 0 || value == 0;
}

static uint64_t guest_efer(const struct vcpu *v)
{
    const struct pv_width *width = v->pv->width;

    return width->efer & ~(cpuid_is_intel() ? width->efer_not_intel : 0);
}

/* Those that are nobody's in particular, or of one vendor's CPUs only. */
static bool read_other(uint32_t index, uint64_t *value)
{
    const struct idle_registers *r = find_idle(index);

    *value = 0;
    if (r != NULL)
        return r->reads;
    switch (index) {
    case MSR_AMD_DE_CFG: *value = GUEST_DE_CFG; return cpuid_is_amd();
    case MSR_FEATURE_CONTROL: *value = GUEST_FEATURE_CONTROL; return cpuid_is_intel();
    case MSR_PLATFORM_ID: return cpuid_is_intel() && rdmsr_safe(index, value);
    default: return false;
    }
}

bool pv_read_msr(struct vcpu *v, uint32_t index, uint64_t *value)
{
    switch (index) {
    case MSR_FS_BASE:
    case MSR_GS_BASE:
    case MSR_KERNEL_GS_BASE: return v->pv->width->has_base_msrs && rdmsr_safe(index, value);
    case MSR_TSC: *value = rdtsc(); return true;
    case MSR_TSC_AUX: *value = v->pv->tsc_aux; return features.rdtscp;
    case MSR_MICROCODE_REVISION: return rdmsr_safe(index, value);
    case MSR_EFER: *value = guest_efer(v); return true;
    case MSR_PAT: *value = MSR_PAT_VALUE; return true;
    case MSR_APIC_BASE: *value = GUEST_APIC_BASE | (v->id == 0 ? APIC_BASE_BSP : 0); return true;
    case MSR_MISC_ENABLE: *value = GUEST_MISC_ENABLE; return true;
    case MSR_MCG_CAP: *value = GUEST_MC_BANKS; return true;
    case MSR_MCG_STATUS: *value = v->pv->mcg_status; return true;
    case MSR_MC0_CTL ... MSR_MC_LAST: *value = read_machine_check(index); return true;
    /* Where the hypervisor has CPUID faulting a guest's kernel may have it for its programs. */
    case MSR_PLATFORM_INFO:
        *value = features.cpuid_faulting ? PLATFORM_CPUID_FAULTING : 0;
        return true;
    case MSR_MISC_FEATURES: *value = v->pv->cpuid_faulting ? MISC_CPUID_FAULTING : 0; return true;
    case MSR_HYPERCALL_PAGE: *value = 0; return true;
    default: return read_other(index, value);
    }
}

/* The value is the machine address of one of the guest's frames; the low bits choose a page, of
 * which there is one. */
static bool write_hypercall_page(struct vcpu *v, uint64_t value)
{
    mfn_t mfn = paddr_to_mfn(value);

    if (value % PAGE_SIZE != 0 || domain_get_writable(v->domain, mfn) != RULE_NONE)
        return false;
    pv_write_hypercall_page(v->pv->width, mfn_to_virt(mfn));
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

static bool write_misc_features(struct pv_vcpu *pv, uint64_t value)
{
    if (value & ~(features.cpuid_faulting ? (uint64_t)MISC_CPUID_FAULTING : 0))
        return false;
    pv->cpuid_faulting = value != 0;
    return true;
}

/* Intel's way to ask for the revision of the microcode is to write 0 to the register first. */
static bool write_other(uint32_t index, uint64_t value)
{
    const struct idle_registers *r = find_idle(index);

    if (r != NULL)
        return r->writes;
    return (index == MSR_AMD_DE_CFG && cpuid_is_amd()) ||
           (index == MSR_MICROCODE_REVISION && value == 0 && cpuid_is_intel());
}

bool pv_write_msr(struct vcpu *v, uint32_t index, uint64_t value)
{
    switch (index) {
    case MSR_FS_BASE:
    case MSR_GS_BASE:
    case MSR_KERNEL_GS_BASE:
        if (!v->pv->width->has_base_msrs || !address_is_canonical(value))
            return false;
        wrmsr(index, value);
        return true;
    case MSR_TSC_AUX: return write_tsc_aux(v->pv, value);
    case MSR_EFER: return value == guest_efer(v);
    case MSR_MISC_FEATURES: return write_misc_features(v->pv, value);
    case MSR_HYPERCALL_PAGE: return write_hypercall_page(v, value);
    case MSR_MCG_STATUS: v->pv->mcg_status = value; return true;
    case MSR_MC0_CTL ... MSR_MC_LAST: return write_machine_check(index, value);
    /* Taken and forgotten. */
    case MSR_MISC_ENABLE:
    case MSR_MCG_CAP: return true;
    default: return write_other(index, value);
    }
}
