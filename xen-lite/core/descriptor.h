/* SPDX-License-Identifier: MIT */
/*
 * Segment descriptors that a guest wants the CPU to use.
 */
#ifndef CORE_DESCRIPTOR_H
#define CORE_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/rules.h"

#define DESCRIPTORS_PER_PAGE 512

/*
 * Checks one 8-byte descriptor of a guest of that width and makes it safe in place. RULE_NONE, or
 * RULE_DESC_5, at 32 bits also RULE_DESC_13.
 *
 * 64 bits: the privilege level of a segment becomes 3, that of a call gate 0. 32 bits: that of a
 * segment becomes 1 if it was 0; call gates are refused.
 */
enum rule_id descriptor_check_64(uint64_t *descriptor);
enum rule_id descriptor_check_32(uint64_t *descriptor);

/* The selector with at least that ring in it: as what the guest's kernel may ask for. */
static inline uint16_t selector_raise(uint16_t selector, unsigned int ring)
{
    return (selector & 3u) < ring ? (uint16_t)((selector & ~3u) | ring) : selector;
}

static inline bool selector_is_null(uint16_t selector)
{
    return selector <= 3;
}

/* What a code or data segment is to instructions that are done on a guest's behalf. */
struct segment_view {
    uint32_t base;
    uint32_t limit; /* the last byte that is in; with .expands_down the last that is not */
    bool is_long;   /* 64-bit code: base and limit do not count */
    bool is_big;    /* 32-bit; else 16-bit */
    bool readable, writable;
    bool expands_down;
};

/* False: it is not present, or no such segment. */
bool descriptor_segment(uint64_t descriptor, struct segment_view *s);

/* True if so many bytes (not 0) at that offset lie in s, which is not 64-bit code. */
bool segment_contains(const struct segment_view *s, uint32_t offset, size_t size);

#endif
