/* SPDX-License-Identifier: MIT */
/*
 * Segment descriptors of 64-bit guests.
 *
 * What makes a descriptor dangerous is a way into ring 0: a code segment of a lower privilege
 * level, a gate, a TSS. Base and limit of segments do no harm: the hypervisor is protected by
 * paging. A call gate is taken, as guests of the real Xen may have some, but made useless to ring
 * 3: its use is a general protection fault. The other half of a 16-byte system descriptor has type
 * 0, which the CPU refuses to load.
 */
#include "core/descriptor.h"

#include "abi/layout.h"
#include "lib/types.h"

#define DESCRIPTOR_PRESENT   (1UL << 47)
#define DESCRIPTOR_DPL_SHIFT 45
#define DESCRIPTOR_DPL       (3UL << DESCRIPTOR_DPL_SHIFT)
#define DESCRIPTOR_SEGMENT   (1UL << 44) /* code or data; 0: system segment or gate */
#define DESCRIPTOR_TYPE      (0xfUL << 40)
#define TYPE_CALL_GATE       (0xcUL << 40)

/* Call gate: selector in bits 16-31, must-be-zero bits 32-39. */
#define GATE_SELECTOR_SHIFT 16
#define GATE_SELECTOR       (0xffffUL << GATE_SELECTOR_SHIFT)
#define GATE_RESERVED       (0xffUL << 32)

#define SELECTOR_RPL   3u
#define SELECTOR_LOCAL 4u
#define GUEST_RING     3UL

/* The guest's own segments, and the hypervisor's flat code segment for it. */
static bool gate_selector_is_allowed(uint16_t selector)
{
    return (selector >> 3) < FIRST_RESERVED_GDT_ENTRY || selector == FLAT_RING3_CS64 ||
           (selector & SELECTOR_LOCAL);
}

static enum rule_id check_call_gate(uint64_t *descriptor)
{
    uint64_t d = *descriptor;
    uint16_t selector = (d & GATE_SELECTOR) >> GATE_SELECTOR_SHIFT;

    if (!gate_selector_is_allowed(selector) || (d & GATE_RESERVED))
        return RULE_DESC_5;
    selector = (uint16_t)((selector & ~SELECTOR_RPL) | GUEST_RING);
    *descriptor = (d & ~(DESCRIPTOR_DPL | GATE_SELECTOR)) | (uint64_t)selector
                                                                << GATE_SELECTOR_SHIFT;
    return RULE_NONE;
}

enum rule_id descriptor_check(uint64_t *descriptor)
{
    uint64_t d = *descriptor;

    if (!(d & DESCRIPTOR_PRESENT) || !(d & (DESCRIPTOR_SEGMENT | DESCRIPTOR_TYPE)))
        return RULE_NONE;
    if (d & DESCRIPTOR_SEGMENT) {
        *descriptor = d | GUEST_RING << DESCRIPTOR_DPL_SHIFT;
        return RULE_NONE;
    }
    if ((d & DESCRIPTOR_TYPE) == TYPE_CALL_GATE)
        return check_call_gate(descriptor);
    return RULE_DESC_5;
}
