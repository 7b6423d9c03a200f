/* SPDX-License-Identifier: MIT */
/*
 * Reads CPUID into struct features.
 */
#include "x86/feature.h"

#include "lib/string.h"
#include "x86/cpu_bits.h"
#include "x86/ex_table.h"
#include "x86/image.h"
#include "x86/instr.h"

struct features features SET_ONCE;

/* 48 characters in three leaves, in the order of the registers. */
static void read_model(void)
{
    char text[48];

    for (uint32_t i = 0; i < 3; i++) {
        struct cpuid r = cpuid(0x80000002 + i, 0);

        memcpy(text + i * 16, &r, sizeof(r));
    }

    /* Some makers pad on the left. */
    const char *start = text;

    while (start < text + sizeof(text) - 1 && *start == ' ')
        start++;
    memcpy(features.model, start, (size_t)(text + sizeof(text) - start));
}

bool rdmsr_safe(uint32_t index, uint64_t *value)
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

/* By what each of the two makers offers: other CPUs, and QEMU's, have neither. */
static void detect_cpuid_faulting(uint32_t highest_extended)
{
    uint64_t platform;

    if (highest_extended >= 0x80000021 && (cpuid(0x80000021, 0).eax & CPUID821_EAX_CPUID_USER)) {
        features.cpuid_faulting_msr = MSR_AMD_HWCR;
        features.cpuid_faulting_bits = HWCR_CPUID_USER;
    } else if (rdmsr_safe(MSR_PLATFORM_INFO, &platform) && (platform & PLATFORM_CPUID_FAULTING)) {
        features.cpuid_faulting_msr = MSR_MISC_FEATURES;
        features.cpuid_faulting_bits = MISC_CPUID_FAULTING;
    }
    features.cpuid_faulting = features.cpuid_faulting_bits != 0;
}

void features_detect(bool use_smep)
{
    uint32_t highest = cpuid(0, 0).eax;
    uint32_t highest_extended = cpuid(0x80000000, 0).eax;
    struct cpuid leaf1 = cpuid(1, 0);
    struct cpuid leaf7 = highest >= 7 ? cpuid(7, 0) : (struct cpuid){ 0 };

    features.nx = (cpuid(0x80000001, 0).edx & CPUID81_EDX_NX) != 0;
    features.smep = use_smep && (leaf7.ebx & CPUID7_EBX_SMEP) != 0;
    features.smap = (leaf7.ebx & CPUID7_EBX_SMAP) != 0;
    features.umip = (leaf7.ecx & CPUID7_ECX_UMIP) != 0;
    features.fsgsbase = (leaf7.ebx & CPUID7_EBX_FSGSBASE) != 0;
    features.xsave = (leaf1.ecx & CPUID1_ECX_XSAVE) != 0;
    features.x2apic = (leaf1.ecx & CPUID1_ECX_X2APIC) != 0;
    features.tsc_deadline = (leaf1.ecx & CPUID1_ECX_TSC_DEADLINE) != 0;
    features.hypervisor = (leaf1.ecx & CPUID1_ECX_HYPERVISOR) != 0;
    features.rdtscp = (cpuid(0x80000001, 0).edx & CPUID81_EDX_RDTSCP) != 0;
    features.page_1gib = (cpuid(0x80000001, 0).edx & CPUID81_EDX_1GB) != 0;
    features.address_bits = 36;
    features.x87_pointers_stay = true;
    if (highest_extended >= 0x80000008) {
        struct cpuid leaf = cpuid(0x80000008, 0);

        features.address_bits = (uint8_t)leaf.eax;
        features.x87_pointers_stay = (leaf.ebx & CPUID88_EBX_X87_POINTERS) == 0;
    }
    if (highest_extended >= 0x80000004)
        read_model();
    detect_cpuid_faulting(highest_extended);
}
