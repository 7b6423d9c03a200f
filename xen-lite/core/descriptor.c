/* SPDX-License-Identifier: MIT */
/*
 * Segment descriptors of guests.
 *
 * What makes a descriptor dangerous is a way into ring 0: a code segment of a lower privilege
 * level, a gate, a TSS. Base and limit of segments do no harm: the hypervisor is protected by
 * paging. A call gate of a 64-bit guest is taken, as guests of the real Xen may have some, but made
 * useless to ring 3: its use is a general protection fault. The other half of a 16-byte system
 * descriptor has type 0, which the CPU refuses to load.
 *
 * To a 32-bit guest 64-bit code is a way to the hypervisor, too: its kernel in ring 1 is kept from
 * there by not having addresses of more than 32 bits.
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

/* Of segments */
#define SEGMENT_CODE       (1UL << 43)
#define SEGMENT_DOWN       (1UL << 42) /* data */
#define SEGMENT_ACCESS     (1UL << 41) /* data: writable; code: readable */
#define SEGMENT_LONG       (1UL << 53)
#define SEGMENT_BIG        (1UL << 54)
#define SEGMENT_PAGES      (1UL << 55) /* the limit counts pages */
#define SEGMENT_PAGE_SHIFT 12
#define LIMIT              0x000f00000000ffffUL
#define BASE               0xff0000ffffff0000UL

/* Call gate: selector in bits 16-31, must-be-zero bits 32-39. */
#define GATE_SELECTOR_SHIFT 16
#define GATE_SELECTOR       (0xffffUL << GATE_SELECTOR_SHIFT)
#define GATE_RESERVED       (0xffUL << 32)

#define SELECTOR_RPL   3u
#define SELECTOR_LOCAL 4u
#define GUEST_RING     3UL
#define GUEST_RING_32  1UL

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

enum rule_id descriptor_check_64(uint64_t *descriptor)
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

/* Kernels of old end their segments where the hypervisor began then. As on Xen such a flat segment
 * becomes whole, so that it holds all of the M2P. */
static uint64_t extend(uint64_t d)
{
    uint64_t end = ((d & 0xffff) | (d >> 32 & 0xf0000)) + 1;
    bool at_0 = (d & BASE) == 0;

    if (d & SEGMENT_PAGES)
        end <<= SEGMENT_PAGE_SHIFT;
    return at_0 && end > HYPERVISOR_VIRT_START_32 ? d | LIMIT : d;
}

enum rule_id descriptor_check_32(uint64_t *descriptor)
{
    uint64_t d = *descriptor;

    if (!(d & DESCRIPTOR_PRESENT) || !(d & (DESCRIPTOR_SEGMENT | DESCRIPTOR_TYPE)))
        return RULE_NONE;
    if (!(d & DESCRIPTOR_SEGMENT))
        return RULE_DESC_5;
    if (d & SEGMENT_LONG)
        return RULE_DESC_13;
    if ((d & DESCRIPTOR_DPL) == 0)
        d |= GUEST_RING_32 << DESCRIPTOR_DPL_SHIFT;
    *descriptor = extend(d);
    return RULE_NONE;
}

bool descriptor_segment(uint64_t descriptor, struct segment_view *s)
{
    bool is_code = descriptor & SEGMENT_CODE;
    uint32_t limit = (uint32_t)((descriptor & 0xffff) | (descriptor >> 32 & 0xf0000));

    if (!(descriptor & DESCRIPTOR_PRESENT) || !(descriptor & DESCRIPTOR_SEGMENT))
        return false;
    if (descriptor & SEGMENT_PAGES)
        limit = limit << SEGMENT_PAGE_SHIFT | ((1u << SEGMENT_PAGE_SHIFT) - 1);
    *s = (struct segment_view){
        .base = (uint32_t)((descriptor >> 16 & 0xffffff) | (descriptor >> 32 & 0xff000000)),
        .limit = limit,
        .is_long = is_code && (descriptor & SEGMENT_LONG),
        .is_big = descriptor & SEGMENT_BIG,
        .readable = !is_code || (descriptor & SEGMENT_ACCESS),
        .writable = !is_code && (descriptor & SEGMENT_ACCESS),
        .expands_down = !is_code && (descriptor & SEGMENT_DOWN),
    };
    return true;
}

bool segment_contains(const struct segment_view *s, uint32_t offset, size_t size)
{
    uint64_t last = (uint64_t)offset + size - 1;

    if (s->expands_down)
        return offset > s->limit && last <= (s->is_big ? UINT32_MAX : UINT16_MAX);
    return last <= s->limit;
}
