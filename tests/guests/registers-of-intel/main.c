/* SPDX-License-Identifier: MIT */
/*
 * Claim: on an Intel CPU a guest reads and writes the model-specific registers that are listed
 *     here, with these results; every other one is a general protection fault.
 * Rule: CPU-1, CPU-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpu max,vendor=GenuineIntel
 */
#include "tests/guests/support/msr.h"
#include "tests/guests/support/support.h"

/* 32-bit guests see no long mode there. */
#define EFER (WORD_BITS == 64 ? 0xd01 : 0x800)

static const struct msr_rule rules[] = {
    { 0x00000000, 0x00000001, true, 0, MSR_REFUSED },          /* P5 machine check */
    { 0x00000010, 0x00000010, .writes = MSR_SKIPPED },         /* TSC */
    { 0x00000017, 0x00000017, .writes = MSR_SKIPPED },         /* PLATFORM_ID */
    { 0x0000001b, 0x0000001b, true, 0xfee00900, MSR_REFUSED }, /* APIC_BASE */
    { 0x0000003a, 0x0000003a, true, 1, MSR_REFUSED },          /* FEATURE_CONTROL */
    { 0x0000008b, 0x0000008b, .writes = MSR_SKIPPED },         /* microcode revision */
    { 0x000000c1, 0x000000c8, true, 0, MSR_FORGOTTEN },        /* performance counters */
    { 0x000000ce, 0x000000ce, true, 0, MSR_REFUSED },          /* PLATFORM_INFO */
    { 0x000000e7, 0x000000e8, false, 0, MSR_FORGOTTEN },       /* MPERF, APERF */
    { 0x0000010a, 0x0000010a,
      .writes = MSR_SKIPPED },                     /* ARCH_CAPABILITIES, of the initial domain */
    { 0x00000140, 0x00000140, true, 0, MSR_ZERO }, /* MISC_FEATURES_ENABLES */
    { 0x00000179, 0x00000179, .writes = MSR_SKIPPED },            /* MCG_CAP, see below */
    { 0x0000017a, 0x0000017a, true, 0, MSR_KEPT },                /* MCG_STATUS */
    { 0x0000017b, 0x0000017b, true, 0, MSR_FORGOTTEN },           /* MCG_CTL */
    { 0x00000186, 0x00000189, true, 0, MSR_FORGOTTEN },           /* what the counters count */
    { 0x00000198, 0x00000198, true, 0, MSR_REFUSED },             /* PERF_STATUS */
    { 0x00000199, 0x00000199, true, 0, MSR_FORGOTTEN },           /* PERF_CTL */
    { 0x0000019a, 0x0000019a, false, 0, MSR_FORGOTTEN },          /* clock modulation */
    { 0x0000019c, 0x0000019c, .writes = MSR_SKIPPED },            /* heat, of the initial domain */
    { 0x000001a0, 0x000001a0, true, 0x801801, MSR_FORGOTTEN },    /* MISC_ENABLE */
    { 0x000001b0, 0x000001b0, false, 0, MSR_FORGOTTEN },          /* energy or performance */
    { 0x00000277, 0x00000277, true, 0x50100070406, MSR_REFUSED }, /* PAT */
    { 0x00000280, 0x00000281, .writes = MSR_SKIPPED },            /* MC0_CTL2, MC1_CTL2 */
    { 0x00000282, 0x0000029f, true, 0, MSR_FORGOTTEN },           /* MCi_CTL2 */
    { 0x00000309, 0x0000030b, true, 0, MSR_FORGOTTEN },           /* fixed counters */
    { 0x00000345, 0x00000345, true, 0, MSR_REFUSED },             /* PERF_CAPABILITIES */
    { 0x0000038d, 0x00000390, true, 0, MSR_FORGOTTEN },           /* control of all counters */
    { 0x00000400, 0x0000047f, true, 0, MSR_FORGOTTEN },           /* banks that are not there */
    { 0x00000400, 0x00000400, true, ~0ull, MSR_FORGOTTEN },       /* MC0_CTL */
    { 0x00000401, 0x00000403, true, 0, MSR_ZERO },                /* MC0: what happened */
    { 0x00000404, 0x00000404, true, ~0ull, MSR_FORGOTTEN },       /* MC1_CTL */
    { 0x00000405, 0x00000407, true, 0, MSR_ZERO },                /* MC1: what happened */
    { 0x40000000, 0x40000000, .writes = MSR_SKIPPED },            /* hypercall page */
    { 0xc0000080, 0xc0000080, true, EFER, MSR_SAME },             /* EFER */
    { 0xc0000100, 0xc0000103, .writes = MSR_SKIPPED },            /* segment bases, TSC_AUX */
    { 0xc001001f, 0xc001001f, .writes = MSR_SKIPPED },            /* of the initial domain */
};

/* The number of banks; Xen says that they signal corrected errors, too, for which MCi_CTL2 is kept.
 */
#define MCG_CAP 0x179
#define BANKS   0xff

void test_main(void)
{
    uint64_t value;

    msr_sweep(rules, COUNT(rules));
    expect_no_fault(msr_read(MCG_CAP, &value), "MCG_CAP");
    expect((long)(value & BANKS), 2, "banks of machine checks");
}
