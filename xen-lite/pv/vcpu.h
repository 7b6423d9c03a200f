/* SPDX-License-Identifier: MIT */
/*
 * Birth and initial state of PV domains and vCPUs.
 */
#ifndef XEN_LITE_PV_VCPU_H
#define XEN_LITE_PV_VCPU_H

#include "pv/pv.h"

/* In trap_info.flags: the least privileged ring that may use INT, and the event mask on entry. */
#define TRAP_DPL_MASK     3
#define TRAP_MASKS_EVENTS 4

/* Allocates d->pv and the descriptor windows. image: of the guest's file, or null. 0 or
 * -XEN_ENOMEM. */
int pv_domain_create(struct domain *d, const struct pv_width *width, const struct image *image);
/* The last step of pv_relinquish(): no table of d is left. */
void pv_domain_destroy(struct domain *d);

/* One entry of set_trap_table or of an initial context. The address is canonical. Its selector, and
 * that of a callback, gets the kernel's ring if it asks for a lower one. */
void pv_set_trap(struct pv_vcpu *pv, const struct trap_info_64 *t);
void pv_clear_traps(struct pv_vcpu *pv);
/* A callback; masks: entering it masks the upcall, which an event does whatever is said. The
 * address is canonical; a 64-bit guest's callbacks have no cs of their own. */
void pv_set_callback(struct pv_vcpu *pv, enum pv_callback which, uint16_t cs, uint64_t address,
                     bool masks);

/* What VCPUOP_initialise is given: the 64-bit form, and what only the other has. It is zeroed when
 * it is read. */
struct pv_context {
    struct vcpu_guest_context_64 context;
    uint16_t event_cs, failsafe_cs;
};

/* VCPUOP_initialise. */
int pv_vcpu_set_context(struct vcpu *v, gva_t context);

#endif
