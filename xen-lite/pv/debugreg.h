/* SPDX-License-Identifier: MIT */
/*
 * Debug registers of a PV guest.
 */
#ifndef XEN_LITE_PV_DEBUGREG_H
#define XEN_LITE_PV_DEBUGREG_H

#include "core/rules.h"
#include "pv/pv.h"

/* What the guest is to find there; the CPU's registers stay as they are until pv_load_debug().
 * RULE_DESC_8: there is no such register. RULE_DESC_9: an address of the hypervisor. RULE_DESC_10,
 * RULE_DESC_12: bits that guests cannot have. */
enum rule_id pv_set_debug_register(struct pv_vcpu *pv, unsigned int number, uint64_t value);
enum rule_id pv_get_debug_register(const struct pv_vcpu *pv, unsigned int number, uint64_t *value);

/* The breakpoints, as the low bits of DR6, that an access to these ports meets. */
unsigned int pv_port_breakpoints(const struct pv_vcpu *pv, unsigned int port, unsigned int size);

/* A debug exception happened: adds what the CPU's DR6 says to the guest's, which keeps its bits
 * until the guest clears them. */
void pv_note_debug(struct pv_vcpu *pv, uint64_t dr6);

#endif
