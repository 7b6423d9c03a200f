/* SPDX-License-Identifier: MIT */
/*
 * CPUID as a PV guest sees it: the hypervisor's leaves from 0x40000000 on, and the CPU's own with
 * what is not for a PV guest taken out. Only a guest that asks by the forced-emulation prefix comes
 * here; the bare instruction tells the CPU's truth.
 */
#include "lib/types.h"
#include "pv/pv.h"
#include "x86/cpu_bits.h"
#include "x86/feature.h"

#define HYPERVISOR_LEAF   0x40000000u
#define HYPERVISOR_LEAVES 5

/* "XenVMMXenVMM" in EBX, ECX, EDX. */
#define SIGNATURE_1 0x566e6558u
#define SIGNATURE_2 0x65584d4du
#define SIGNATURE_3 0x4d4d566eu

#define XEN_VERSION_WORD    (4u << 16 | 17)
#define HYPERCALL_PAGE_MSR  0x40000000u
#define HYPERCALL_PAGES     1
/* MMU_PT_UPDATE_PRESERVE_AD is there. */
#define FEATURE_PRESERVE_AD 1u

/* Bits of leaf 1 that are the hypervisor's business: VME, MCE, MCA, MTRR, PGE, PSE, PSE36, thermal
 * and debug-store bits; VMX, SMX, MONITOR, speed and thermal control, PDCM, PCID, DCA, TSC
 * deadline. */
#define LEAF1_EDX_HIDDEN                                                                    \
    (BIT(1) | BIT(3) | BIT(7) | BIT(12) | BIT(13) | BIT(14) | BIT(17) | BIT(21) | BIT(22) | \
     BIT(29) | BIT(31))
#define LEAF1_ECX_HIDDEN                                                                          \
    (BIT(2) | BIT(3) | BIT(4) | BIT(5) | BIT(6) | BIT(7) | BIT(8) | BIT(10) | BIT(15) | BIT(17) | \
     BIT(18) | BIT(24))
/* Leaf 7: SMEP, INVPCID, RTM, PQM, MPX, PQE, SMAP, PT; UMIP, PKU, OSPKE, LA57. */
#define LEAF7_EBX_HIDDEN \
    (BIT(7) | BIT(10) | BIT(11) | BIT(12) | BIT(14) | BIT(15) | BIT(20) | BIT(25))
#define LEAF7_ECX_HIDDEN (BIT(2) | BIT(3) | BIT(4) | BIT(16))
/* Extended leaf 1: SVM, extended APIC space, OSVW, IBS, SKINIT, WDT, LWP, node id, performance
 * counters; pages of 1 GiB, PSE36, PGE, PSE. */
#define LEAF81_ECX_HIDDEN \
    (BIT(2) | BIT(3) | BIT(9) | BIT(10) | BIT(12) | BIT(13) | BIT(15) | BIT(19) | BIT(23) | BIT(24))
#define LEAF81_EDX_HIDDEN (BIT(3) | BIT(13) | BIT(17) | BIT(26))

static struct cpuid hypervisor_leaf(uint32_t leaf, uint32_t subleaf)
{
    switch (leaf - HYPERVISOR_LEAF) {
    case 0:
        return (struct cpuid){ HYPERVISOR_LEAF + HYPERVISOR_LEAVES, SIGNATURE_1, SIGNATURE_2,
                               SIGNATURE_3 };
    case 1: return (struct cpuid){ .eax = XEN_VERSION_WORD };
    case 2: return (struct cpuid){ HYPERCALL_PAGES, HYPERCALL_PAGE_MSR, FEATURE_PRESERVE_AD, 0 };
    case 5:
        if (subleaf == 0)
            return (struct cpuid){ .ebx = features.address_bits };
        break;
    default: break;
    }
    return (struct cpuid){ 0 };
}

struct cpuid pv_cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid r;

    if (leaf >= HYPERVISOR_LEAF && leaf <= HYPERVISOR_LEAF + 0xff)
        return hypervisor_leaf(leaf, subleaf);
    r = cpuid(leaf, subleaf);
    switch (leaf) {
    case 1:
        r.edx &= ~(uint32_t)LEAF1_EDX_HIDDEN;
        r.ecx &= ~(uint32_t)LEAF1_ECX_HIDDEN;
        r.ecx |= CPUID1_ECX_HYPERVISOR;
        break;
    case 5: /* MONITOR */
    case 6: /* thermal and power */
    case 10: /* performance counters */ return (struct cpuid){ 0 };
    case 7:
        if (subleaf == 0) {
            r.ebx &= ~(uint32_t)LEAF7_EBX_HIDDEN;
            r.ecx &= ~(uint32_t)LEAF7_ECX_HIDDEN;
        }
        break;
    case 0x80000001:
        r.ecx &= ~(uint32_t)LEAF81_ECX_HIDDEN;
        r.edx &= ~(uint32_t)LEAF81_EDX_HIDDEN;
        break;
    default: break;
    }
    return r;
}
