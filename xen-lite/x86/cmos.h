/* SPDX-License-Identifier: MIT */
/*
 * The battery-backed clock.
 */
#ifndef XEN_LITE_X86_CMOS_H
#define XEN_LITE_X86_CMOS_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds since 1970, UTC. Does not wait for the clock's next second. */
uint64_t cmos_read_seconds(void);

/* One interrupt (IRQ 8) a second; each must be acknowledged. */
void cmos_start_seconds(void);
/* True if there was one. */
bool cmos_acknowledge(void);

#endif
