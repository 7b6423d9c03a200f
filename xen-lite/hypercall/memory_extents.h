/* SPDX-License-Identifier: MIT */
/*
 * The parts of memory_op, by file.
 */
#ifndef XEN_LITE_HYPERCALL_MEMORY_EXTENTS_H
#define XEN_LITE_HYPERCALL_MEMORY_EXTENTS_H

#include "hypercall/hypercall.h"

/* A command word is the operation and, for a continued call, the first extent that is left. */
#define MEMORY_OP_SHIFT 6
#define MEMORY_OP_MASK  ((1UL << MEMORY_OP_SHIFT) - 1)

/* Extents of a domain without devices: up to 2 MiB. */
#define MEMORY_MAX_ORDER 9

/* increase_reservation, decrease_reservation, populate_physmap. The result is the number of extents
 * done; what breaks a rule ends the call early. */
long memory_change_reservation(struct hcall *h);

/* exchange. */
long memory_exchange(struct hcall *h);

/* memory_map and set_memory_map. */
long memory_map(struct hcall *h);
long memory_set_map(struct hcall *h);

/* What is not for a domain like these; -ENOSYS (HCALL-3) for no operation. */
long memory_other(struct hcall *h, unsigned long op);

/* Whether v may act on the memory of domain `id`: its own. 0 or a refusal. */
long memory_check_domain(struct vcpu *v, domid_t id);

/* The limit that mem_flags set to physical addresses, 0: none. False: it makes no sense. */
bool memory_address_limit(uint32_t mem_flags, uint64_t *below);

#endif
