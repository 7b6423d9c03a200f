/* SPDX-License-Identifier: MIT */
/*
 * Debug registers of a PV guest.
 */
#ifndef XEN_LITE_PV_DEBUGREG_H
#define XEN_LITE_PV_DEBUGREG_H

#include "core/rules.h"
#include "pv/pv.h"

/* pv belongs to the current vCPU; the registers are loaded. RULE_DESC_8: there is no such register.
 * RULE_DESC_9: an address of the hypervisor. RULE_DESC_10, RULE_DESC_12: bits that guests cannot
 * have. */
enum rule_id pv_set_debug_register(struct pv_vcpu *pv, unsigned int number, uint64_t value);
enum rule_id pv_get_debug_register(const struct pv_vcpu *pv, unsigned int number, uint64_t *value);

#endif
