/* SPDX-License-Identifier: MIT */
/*
 * Switching the machine off, and restarting it.
 */
#ifndef XEN_LITE_HV_POWER_H
#define XEN_LITE_HV_POWER_H

#include "lib/compiler.h"

/* Waits for the console, then powers the machine off. If nothing helps, halts and says so. */
void power_off(void) NORETURN;

/* Resets the machine. Takes no lock and does not wait for the console. */
void machine_reset(void) NORETURN;

#endif
