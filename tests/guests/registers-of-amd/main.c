/* SPDX-License-Identifier: MIT */
/*
 * Claim: on an AMD CPU a guest reads and writes the model-specific registers that are listed here,
 *     with these results; every other one is a general protection fault.
 * Rule: CPU-1, CPU-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/msr.h"
#include "tests/guests/support/support.h"

/* 32-bit guests see no long mode there. */
#define EFER (WORD_BITS == 64 ? 0xd01 : 0x801)

static const struct msr_rule rules[] = {
    { 0x00000000, 0x00000001, true, 0, MSR_REFUSED },             /* P5 machine check */
    { 0x00000010, 0x00000010, .writes = MSR_SKIPPED },            /* TSC */
    { 0x0000001b, 0x0000001b, true, 0xfee00900, MSR_REFUSED },    /* APIC_BASE */
    { 0x0000008b, 0x0000008b, .writes = MSR_SKIPPED },            /* microcode revision */
    { 0x000000ce, 0x000000ce, true, 0, MSR_REFUSED },             /* PLATFORM_INFO */
    { 0x000000e7, 0x000000e8, false, 0, MSR_FORGOTTEN },          /* MPERF, APERF */
    { 0x00000140, 0x00000140, true, 0, MSR_ZERO },                /* MISC_FEATURES_ENABLES */
    { 0x00000179, 0x00000179, true, 2, MSR_FORGOTTEN },           /* MCG_CAP */
    { 0x0000017a, 0x0000017a, true, 0, MSR_KEPT },                /* MCG_STATUS */
    { 0x0000017b, 0x0000017b, true, 0, MSR_FORGOTTEN },           /* MCG_CTL */
    { 0x000001a0, 0x000001a0, true, 0x801801, MSR_FORGOTTEN },    /* MISC_ENABLE */
    { 0x00000277, 0x00000277, true, 0x50100070406, MSR_REFUSED }, /* PAT */
    { 0x00000280, 0x0000029f, true, 0, MSR_FORGOTTEN },           /* MCi_CTL2 */
    { 0x00000345, 0x00000345, true, 0, MSR_REFUSED },             /* PERF_CAPABILITIES */
    { 0x00000400, 0x0000047f, true, 0, MSR_FORGOTTEN },           /* banks that are not there */
    { 0x00000400, 0x00000400, true, ~0ull, MSR_FORGOTTEN },       /* MC0_CTL */
    { 0x00000401, 0x00000403, true, 0, MSR_ZERO },                /* MC0: what happened */
    { 0x00000404, 0x00000404, true, ~0ull, MSR_FORGOTTEN },       /* MC1_CTL */
    { 0x00000405, 0x00000407, true, 0, MSR_ZERO },                /* MC1: what happened */
    { 0x40000000, 0x40000000, .writes = MSR_SKIPPED },            /* hypercall page */
    { 0xc0000080, 0xc0000080, true, EFER, MSR_SAME },             /* EFER */
    { 0xc0000100, 0xc0000103, .writes = MSR_SKIPPED },            /* segment bases, TSC_AUX */
    { 0xc0010000, 0xc0010007, true, 0, MSR_FORGOTTEN },           /* performance counters */
    { 0xc0010015, 0xc0010015, true, 0, MSR_FORGOTTEN },           /* HWCR */
    { 0xc0010041, 0xc0010042, true, 0, MSR_FORGOTTEN },           /* FIDVID */
    { 0xc0010061, 0xc001006b, true, 0, MSR_FORGOTTEN },           /* P-states */
    { 0xc0010200, 0xc001020b, true, 0, MSR_FORGOTTEN },           /* performance counters */
    { 0xc0011029, 0xc0011029, true, 2, MSR_FORGOTTEN },           /* DE_CFG */
    /* The initial domain of the real Xen sees how memory is laid out. */
    { 0xc0010010, 0xc0010010, .writes = MSR_SKIPPED },
    { 0xc0010016, 0xc001001a, .writes = MSR_SKIPPED },
    { 0xc001001d, 0xc001001d, .writes = MSR_SKIPPED },
    { 0xc001001f, 0xc001001f, .writes = MSR_SKIPPED },
    { 0xc0010112, 0xc0010113, .writes = MSR_SKIPPED },
};

void test_main(void)
{
    msr_sweep(rules, COUNT(rules));
}
