/* SPDX-License-Identifier: MIT */
/*
 * CPUID as a PV guest sees it: the hypervisor's leaves from 0x40000000 on, and of the CPU's own
 * what a PV guest can use. A guest that asks by the forced-emulation prefix comes here; the bare
 * instruction tells the CPU's truth, unless the CPU can make it a fault (features.cpuid_faulting).
 *
 * Features are allowed, not hidden: a bit that nobody has thought about is not there. A feature
 * that needs the hypervisor's help (a control register bit, an MSR, state to be switched) may be
 * allowed once it has it.
 */
#include "pv/cpuid.h"

#include "domain/sched.h"
#include "hv/frame.h"
#include "lib/types.h"
#include "pv/emulate.h"
#include "pv/mode.h"
#include "x86/clock.h"
#include "x86/cpu_bits.h"
#include "x86/feature.h"
#include "x86/fpu.h"

#define HYPERVISOR_LEAF     0x40000000u
#define HYPERVISOR_LEAVES   5
/* So many leaves from there on are the hypervisor's, whether or not they say something. */
#define HYPERVISOR_RESERVED 0x100u
#define EXTENDED_LEAF       0x80000000u
#define LAST_LEAF           0xdu
#define LAST_EXTENDED_LEAF  0x80000021u

/* "XenVMMXenVMM" in EBX, ECX, EDX. */
#define SIGNATURE_1 0x566e6558u
#define SIGNATURE_2 0x65584d4du
#define SIGNATURE_3 0x4d4d566eu

#define XEN_VERSION_WORD    (4u << 16 | 17)
#define HYPERCALL_PAGE_MSR  0x40000000u
#define HYPERCALL_PAGES     1
/* MMU_PT_UPDATE_PRESERVE_AD is there. */
#define FEATURE_PRESERVE_AD 1u

/* Leaf 0x40000003: the TSC is never emulated (EBX 0); flags in EAX. */
#define TIME_TSC_SAFE 0x2u
#define TIME_RDTSCP   0x4u

/* ECX and EDX of "AuthenticAMD", "HygonGenuine" and "GenuineIntel". */
#define AMD_ECX   0x444d4163u
#define AMD_EDX   0x69746e65u
#define HYGON_ECX 0x656e6975u
#define HYGON_EDX 0x6e65476eu
#define INTEL_ECX 0x6c65746eu
#define INTEL_EDX 0x49656e69u

/* Leaf 1 EDX: FPU DE TSC MSR PAE MCE CX8, APIC, MCA CMOV PAT, CLFLUSH, ACPI MMX FXSR SSE SSE2 SS,
 * HTT. Not VME PSE PGE PSE36 (no guest has their page tables), SEP (SYSENTER is off), MTRR. */
#define LEAF1_EDX         0x1fc9c3f5u
/* EBX: not the APIC id, which is that of whatever CPU the vCPU is on. How many CPUs a package has
 * is the machine's own, here and in leaves 4, 0x80000001 and 0x80000008: programs see it, too, by
 * the bare instruction. */
#define LEAF1_EBX_APIC_ID 0xff000000u
/* ECX: SSE3 PCLMULQDQ, SSSE3, FMA CX16, SSE4.1 SSE4.2 x2APIC MOVBE POPCNT, AES XSAVE, AVX F16C
 * RDRAND. Not MONITOR VMX SMX PCID, TSC deadline. */
#define LEAF1_ECX         0x76f83203u
/* Leaf 7 EBX: FSGSBASE, BMI1, AVX2, FDP, BMI2 ERMS, NO_FPU_SEL, AVX512F DQ RDSEED ADX, IFMA,
 * CLFLUSHOPT CLWB, PF ER CD SHA BW VL. Not SMEP SMAP INVPCID, TSX, MPX. */
#define LEAF7_EBX         0xfdaf2369u
/* ECX: PREFETCHWT1 VBMI, VBMI2, GFNI VAES VPCLMULQDQ VNNI BITALG, VPOPCNTDQ, RDPID, CLDEMOTE.
 * Not UMIP PKU LA57 CET. */
#define LEAF7_ECX         0x02405f43u
/* EDX: 4VNNIW 4FMAPS FSRM, VP2INTERSECT, MD_CLEAR, SERIALIZE, AVX512_FP16. */
#define LEAF7_EDX         0x0080451cu
/* Subleaf 1 EAX: AVX_VNNI BF16, FZRM FSRS FSRCS. */
#define LEAF7_1_EAX       0x00001c30u
/* Extended leaf 1 ECX: LAHF CMP_LEGACY, ABM SSE4A MISALIGNSSE PREFETCHW, XOP, FMA4, TBM; no SVM. */
#define LEAF81_ECX        0x002109e3u
/* EDX: SYSCALL, NX, MMXEXT, FFXSR, RDTSCP, LM, 3DNOW; not pages of 1 GiB. AMD has copies of leaf
 * 1's bits there, too. */
#define LEAF81_EDX        0xea500800u
#define LEAF81_EDX_COPIES 0x0183f3ffu
/* Extended leaf 7 EDX: the TSC runs at one speed. Leaf 8 EBX: CLZERO, x87 error pointers; ECX: how
 * many threads, and how many bits of an APIC id tell them apart. Leaf 0x21 EAX: LFENCE serialises,
 * null selectors clear bases. */
#define LEAF87_EDX        0x100u
#define LEAF88_EBX        0x5u
#define LEAF88_ECX        0xf0ffu
#define LEAF821_EAX       0x44u
/* State leaf, subleaf 1 EAX: XSAVEOPT, XSAVEC, XGETBV of 1. Not XSAVES. */
#define XSTATE_1_EAX      0x7u
#define XSTATE_XSAVEC     0x2u
/* The part that every XSAVE area has: FXSAVE's 512 bytes and a header. */
#define XSTATE_BASE_SIZE  576u

/* What a vCPU's x2APIC id would be: even numbers, as if each had a sibling. */
#define X2APIC_ID(v) ((v)->id * 2)

bool cpuid_is_amd(void)
{
    struct cpuid r = cpuid(0, 0);

    return (r.ecx == AMD_ECX && r.edx == AMD_EDX) || (r.ecx == HYGON_ECX && r.edx == HYGON_EDX);
}

bool cpuid_is_intel(void)
{
    struct cpuid r = cpuid(0, 0);

    return r.ecx == INTEL_ECX && r.edx == INTEL_EDX;
}

static struct cpuid time_leaf(uint32_t subleaf)
{
    uint32_t khz = (uint32_t)(clock_tsc_hz() / 1000);
    struct clock_line line = clock_line();

    switch (subleaf) {
    case 0:
        return (struct cpuid){
            .eax = (line.stable ? TIME_TSC_SAFE : 0) | (features.rdtscp ? TIME_RDTSCP : 0),
            .ecx = khz,
        };
    /* Offset 0 in EBX:EAX, then how to make nanoseconds of ticks. */
    case 1: return (struct cpuid){ .ecx = line.scale.mul, .edx = (uint32_t)line.scale.shift };
    case 2: return (struct cpuid){ .eax = khz };
    default: return (struct cpuid){ 0 };
    }
}

/* How many bits the largest machine address has. */
static uint32_t machine_address_bits(void)
{
    return (uint32_t)(64 - __builtin_clzl(frame_count - 1)) + PAGE_SHIFT;
}

static struct cpuid hypervisor_leaf(uint32_t leaf, uint32_t subleaf)
{
    switch (leaf - HYPERVISOR_LEAF) {
    case 0:
        return (struct cpuid){ HYPERVISOR_LEAF + HYPERVISOR_LEAVES, SIGNATURE_1, SIGNATURE_2,
                               SIGNATURE_3 };
    case 1: return (struct cpuid){ .eax = XEN_VERSION_WORD };
    case 2: return (struct cpuid){ HYPERCALL_PAGES, HYPERCALL_PAGE_MSR, FEATURE_PRESERVE_AD, 0 };
    case 3: return time_leaf(subleaf);
    case 5:
        if (subleaf == 0)
            return (struct cpuid){ .ebx = machine_address_bits() };
        break;
    default: break;
    }
    return (struct cpuid){ 0 };
}

static struct cpuid feature_leaf(const struct vcpu *v)
{
    struct cpuid r = cpuid(1, 0);

    r.ebx &= ~LEAF1_EBX_APIC_ID;
    r.edx &= LEAF1_EDX;
    r.ecx = (r.ecx & LEAF1_ECX & v->pv->width->hidden.all_but_leaf1_ecx) | CPUID1_ECX_HYPERVISOR;
    /* A kernel sees OSXSAVE where the hypervisor has enabled XSAVE: some rely on it before they
     * set it in CR4 themselves. */
    if (features.xsave && (pv_in_kernel(v, &cpu_top()->guest) || (v->pv->cr4 & CR4_OSXSAVE)))
        r.ecx |= CPUID1_ECX_OSXSAVE;
    return r;
}

static struct cpuid more_features_leaf(uint32_t subleaf)
{
    struct cpuid r = cpuid(7, subleaf);

    uint32_t last_subleaf = min(r.eax, 1u);

    if (subleaf == 0)
        return (struct cpuid){ last_subleaf, r.ebx & LEAF7_EBX, r.ecx & LEAF7_ECX,
                               r.edx & LEAF7_EDX };
    if (subleaf == 1)
        return (struct cpuid){ .eax = r.eax & LEAF7_1_EAX };
    return (struct cpuid){ 0 };
}

/* No topology: one thread, whatever the level. */
static struct cpuid topology_leaf(const struct vcpu *v, uint32_t subleaf)
{
    if (!features.x2apic)
        return (struct cpuid){ 0 };
    return (struct cpuid){ .ecx = subleaf & 0xff, .edx = X2APIC_ID(v) };
}

/* EBX of subleaf 0 and 1, the size of an area, depends on XCR0; that is the guest's just now. */
static struct cpuid xstate_leaf(uint32_t subleaf)
{
    uint64_t components = fpu_components();
    struct cpuid r = cpuid(LAST_LEAF, subleaf);
    uint32_t end = XSTATE_BASE_SIZE;

    if (components == 0 || (subleaf > 1 && (subleaf >= 64 || !(components >> subleaf & 1))))
        return (struct cpuid){ 0 };
    if (subleaf == 1)
        return (struct cpuid){ .eax = r.eax & XSTATE_1_EAX,
                               .ebx = r.eax & XSTATE_XSAVEC ? r.ebx : 0 };
    if (subleaf > 1)
        return r;
    /* ECX: the size when all that a guest may have is enabled. */
    for (uint32_t i = 2; i < 63; i++) {
        struct cpuid part = components >> i & 1 ? cpuid(LAST_LEAF, i) : (struct cpuid){ 0 };

        end = max(end, part.eax + part.ebx);
    }
    return (struct cpuid){ (uint32_t)components, r.ebx, end, (uint32_t)(components >> 32) };
}

static struct cpuid extended_leaf(const struct pv_cpuid_hidden *hidden, uint32_t leaf)
{
    struct cpuid r = cpuid(leaf, 0);

    switch (leaf - EXTENDED_LEAF) {
    case 0: r.eax = min(r.eax, LAST_EXTENDED_LEAF); return r;
    case 1:
        r.ecx &= LEAF81_ECX & ~hidden->extended1_ecx;
        r.edx &= LEAF81_EDX | (cpuid_is_amd() ? LEAF81_EDX_COPIES & LEAF1_EDX : 0);
        r.edx &= ~(hidden->extended1_edx | (cpuid_is_amd() ? 0 : hidden->extended1_edx_not_amd));
        return r;
    case 2 ... 4: /* the CPU's name */
    case 5:
    case 6: /* caches */ return r;
    case 7: return (struct cpuid){ .edx = r.edx & LEAF87_EDX };
    case 8:
        return (struct cpuid){ .eax = (r.eax & 0xff) | (uint32_t)hidden->virtual_bits << 8,
                               .ebx = r.ebx & LEAF88_EBX,
                               .ecx = r.ecx & LEAF88_ECX };
    case 0x21: return (struct cpuid){ .eax = r.eax & LEAF821_EAX };
    default: return (struct cpuid){ 0 };
    }
}

static struct cpuid basic_leaf(const struct vcpu *v, uint32_t leaf, uint32_t subleaf)
{
    struct cpuid r;

    switch (leaf) {
    case 0:
        r = cpuid(0, 0);
        r.eax = min(r.eax, LAST_LEAF);
        return r;
    case 1: return feature_leaf(v);
    case 2: return cpuid(2, 0);
    case 4: return cpuid(4, subleaf); /* caches, and who shares them */
    case 7: return more_features_leaf(subleaf);
    case 0xb: return topology_leaf(v, subleaf);
    case 0xd: return xstate_leaf(subleaf);
    /* MONITOR, power, performance counters: not for guests. */
    default: return (struct cpuid){ 0 };
    }
}

struct cpuid pv_cpuid(uint32_t leaf, uint32_t subleaf)
{
    const struct vcpu *v = current_vcpu();

    if (leaf - HYPERVISOR_LEAF < HYPERVISOR_RESERVED)
        return hypervisor_leaf(leaf, subleaf);
    /* Beyond the last leaf the CPU would repeat another one. */
    if (leaf >= EXTENDED_LEAF)
        return leaf <= cpuid(EXTENDED_LEAF, 0).eax ? extended_leaf(&v->pv->width->hidden, leaf)
                                                   : (struct cpuid){ 0 };
    return leaf <= cpuid(0, 0).eax ? basic_leaf(v, leaf, subleaf) : (struct cpuid){ 0 };
}
