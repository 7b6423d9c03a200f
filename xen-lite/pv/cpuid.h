/* SPDX-License-Identifier: MIT */
/*
 * CPUID as a PV guest sees it.
 */
#ifndef XEN_LITE_PV_CPUID_H
#define XEN_LITE_PV_CPUID_H

#include <stdbool.h>

/* AMD, and who builds CPUs after its manuals: they share MSRs and the layout of feature words. */
bool cpuid_is_amd(void);
bool cpuid_is_intel(void);

#endif
