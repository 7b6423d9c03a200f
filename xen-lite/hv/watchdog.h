/* SPDX-License-Identifier: MIT */
/*
 * Notices a CPU that hangs in the hypervisor.
 */
#ifndef XEN_LITE_HV_WATCHDOG_H
#define XEN_LITE_HV_WATCHDOG_H

/* Starts this CPU's heartbeat: on each CPU, if the watchdog is wanted. */
void watchdog_start_cpu(void);

/* Starts watching. On the boot CPU, when all CPUs are up. */
void watchdog_start(void);

#endif
