/* SPDX-License-Identifier: MIT */
/*
 * How fast TSC and APIC timer run.
 */
#ifndef XEN_LITE_X86_CALIBRATE_H
#define XEN_LITE_X86_CALIBRATE_H

#include <stdint.h>

/* tsc_hz is 0 if nothing was found to measure with. */
struct calibration {
    uint64_t tsc_hz;
    uint64_t apic_hz;
};

/* Takes about 5 ms. The APIC of this CPU is on and its timer not in use. */
struct calibration calibrate(void);

#endif
