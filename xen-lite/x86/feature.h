/* SPDX-License-Identifier: MIT */
/*
 * What the CPU can do, asked once at boot. All CPUs are taken to be alike.
 */
#ifndef XEN_LITE_X86_FEATURE_H
#define XEN_LITE_X86_FEATURE_H

#include <stdbool.h>
#include <stdint.h>

/* Keys: all are set by features_detect() and then constant, but .smap, which smap_init() clears
 * where it is not to be used. */
struct features {
    bool nx;
    bool smep;
    bool smap;
    bool umip;
    bool fsgsbase;
    bool xsave;
    bool x2apic;
    bool tsc_deadline;
    bool rdtscp;
    bool page_1gib;
    bool hypervisor; /* we run under one */
    /* Loading FPU state may leave the pointers of the last x87 instruction as they are. So it does
     * on older AMD CPUs if no exception is pending; only AMD's tell by a bit. */
    bool x87_pointers_stay;
    bool cpuid_faulting; /* CPUID can be made a fault outside ring 0, by the bits ... */
    uint32_t cpuid_faulting_msr;
    uint64_t cpuid_faulting_bits; /* ... of this register */
    uint8_t address_bits;         /* width of a physical address */
    char model[49];               /* for the boot message */
};

extern struct features features;

/* RDMSR of a register that this CPU may not have. False: it has not; *value is 0. */
bool rdmsr_safe(uint32_t index, uint64_t *value);

/* Fills features; the exception handlers must be in place. use_smep: the command line does not
 * forbid it. */
void features_detect(bool use_smep);

#endif
