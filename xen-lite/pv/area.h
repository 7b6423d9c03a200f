/* SPDX-License-Identifier: MIT */
/*
 * A domain's own L4 slot (257): for each vCPU a window of 16 GDT pages and 16 LDT pages
 * (x86/layout.h).
 *
 * The CPU reads a guest's descriptors through this window, so that the tables themselves need not
 * be mapped where the guest could write them.
 */
#ifndef XEN_LITE_PV_AREA_H
#define XEN_LITE_PV_AREA_H

#include "domain/domain.h"
#include "lib/types.h"
#include "x86/layout.h"

/* Allocates the tables for all vCPUs that d may have. 0 or -XEN_ENOMEM. */
int pv_area_create(struct domain *d);
void pv_area_destroy(struct domain *d);

/* What stands in entry 257 of each L4 table of d. */
uint64_t pv_area_l4_entry(const struct domain *d);

/* Where v's window begins: the base of its GDT. */
static inline uint64_t pv_window_address(const struct vcpu *v)
{
    return DOMAIN_AREA_BASE + ((uint64_t)v->id << VCPU_WINDOW_SHIFT);
}

/* Maps a frame as page 0..31 of v's window; the caller flushes if another mapping was there. An
 * INVALID_MFN takes the mapping out. */
void pv_window_map(struct vcpu *v, unsigned int page, mfn_t mfn, bool writable);

#endif
