/* SPDX-License-Identifier: MIT */
/*
 * Stopping all other CPUs for a moment, between two steps of whatever they do.
 *
 * Each is asked by a work bit, so it stops where it holds no lock and no guest is half changed, and
 * waits there. For looking at everything at once (audit); not for work: guests lose the time.
 */
#ifndef XEN_LITE_HV_WORLD_H
#define XEN_LITE_HV_WORLD_H

/* At boot. */
void world_init(void);

/* Returns when all other CPUs wait. No lock held; in work or on the way out to a guest. */
void world_stop(void);
/* Lets them go on. */
void world_go(void);

#endif
