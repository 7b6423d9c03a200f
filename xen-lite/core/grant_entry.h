/* SPDX-License-Identifier: MIT */
/*
 * Entries of grant tables: who may use one for what, and how the hypervisor marks it while it is
 * used; as pure functions from what was read to what is to be written. docs/grants.md tells the
 * whole.
 *
 * The first word of an entry of either format holds the flags in its lower half and the domain in
 * its upper half. The granter may change it at any moment: so it is read once, and what these
 * functions say is done by compare-and-swap.
 */
#ifndef CORE_GRANT_ENTRY_H
#define CORE_GRANT_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/xen.h"
#include "core/rules.h"
#include "lib/types.h"

/* ---- Sizes ---- */

/* Entries for which there is room on one frame of a table, of status words. */
#define GRANT_PER_FRAME_V1     (PAGE_SIZE / sizeof(struct grant_entry_v1))
#define GRANT_PER_FRAME_V2     (PAGE_SIZE / sizeof(union grant_entry_v2))
#define GRANT_STATUS_PER_FRAME (PAGE_SIZE / sizeof(grant_status_t))

static inline uint32_t grant_entries(unsigned int version, uint32_t frames)
{
    return frames * (uint32_t)(version == 1 ? GRANT_PER_FRAME_V1 : GRANT_PER_FRAME_V2);
}

/* Frames of status words that a table of so many frames needs in format 2. */
static inline uint32_t grant_status_frames(uint32_t frames)
{
    return (uint32_t)((frames * GRANT_PER_FRAME_V2 + GRANT_STATUS_PER_FRAME - 1) /
                      GRANT_STATUS_PER_FRAME);
}

/* ---- Pins: four counts of uses of an entry, a byte each ---- */

#define GRANT_PIN_HOST_WRITE   (1U << 0)
#define GRANT_PIN_HOST_READ    (1U << 8)
#define GRANT_PIN_DEVICE_WRITE (1U << 16)
#define GRANT_PIN_DEVICE_READ  (1U << 24)
#define GRANT_PINS_TO_WRITE    (0xffU * (GRANT_PIN_HOST_WRITE | GRANT_PIN_DEVICE_WRITE))

/* What a mapping with those GNTMAP_* flags adds: one or two of them; 0 if it maps in no way. */
static inline uint32_t grant_pins_of(uint32_t flags)
{
    bool readonly = flags & GNTMAP_readonly;
    uint32_t pins = 0;

    if (flags & GNTMAP_host_map)
        pins += readonly ? GRANT_PIN_HOST_READ : GRANT_PIN_HOST_WRITE;
    if (flags & GNTMAP_device_map)
        pins += readonly ? GRANT_PIN_DEVICE_READ : GRANT_PIN_DEVICE_WRITE;
    return pins;
}

/* One more of each in `add` does not fit: half a byte's range is left, as on Xen. */
static inline bool grant_pins_full(uint32_t pins, uint32_t add)
{
    return pins & (add << 7);
}

/* Each of the pins in `some` is one of those. */
static inline bool grant_pins_contain(uint32_t pins, uint32_t some)
{
    for (unsigned int kind = 0; kind < 32; kind += 8)
        if ((uint8_t)(pins >> kind) < (uint8_t)(some >> kind))
            return false;
    return true;
}

/* ---- Uses ---- */

/* What somebody wants of an entry. */
struct grant_want {
    uint16_t domain;
    bool write;
    bool map;    /* as a page: no part of one, and none that is passed on; false: to copy */
    bool pinned; /* the domain uses it already: only whether it may write is asked */
};

static inline uint32_t grant_word(uint16_t flags, uint16_t domain)
{
    return flags | (uint32_t)domain << 16;
}

static inline uint16_t grant_flags(uint32_t word)
{
    return (uint16_t)word;
}

static inline uint16_t grant_domain(uint32_t word)
{
    return (uint16_t)(word >> 16);
}

/* The marks of a use. */
static inline uint16_t grant_marks(bool write)
{
    return write ? GTF_reading | GTF_writing : GTF_reading;
}

/* An entry whose flags permit it, to whomever. */
static inline bool grant_permits(uint16_t flags, const struct grant_want *want)
{
    uint16_t mask = want->map ? GTF_type_mask | GTF_sub_page : GTF_type_mask;

    return (flags & mask) == GTF_permit_access;
}

/* Whether an entry of format 1 may be used so; and what its word becomes. RULE_NONE, GRANT-4, -5.
 */
static inline enum rule_id grant_use_v1(uint32_t word, const struct grant_want *want, uint32_t *new)
{
    if (!want->pinned &&
        (!grant_permits(grant_flags(word), want) || grant_domain(word) != want->domain))
        return RULE_GRANT_4;
    if (want->write && (grant_flags(word) & GTF_readonly))
        return RULE_GRANT_5;
    *new = word | grant_marks(want->write);
    return RULE_NONE;
}

/* The same for format 2, whose marks are elsewhere. */
enum rule_id grant_use_v2(uint32_t word, const struct grant_want *want);

/* The marks that no use stands for any more, when one of that kind has gone and `pins` are left. */
static inline uint16_t grant_marks_gone(uint32_t pins, bool write)
{
    uint16_t gone = pins == 0 ? GTF_reading : 0;

    if (write && (pins & GRANT_PINS_TO_WRITE) == 0)
        gone |= GTF_writing;
    return gone;
}

/* Whether an entry waits for a frame from that domain; and what its word becomes. GRANT-26. */
enum rule_id grant_use_transfer(uint32_t word, uint16_t domain, uint32_t *new);

/* Whether bytes [offset, offset + length) of a page may be copied where a use has bytes [start,
 * start + size). GRANT-18: no bytes of a page; GRANT-19: not of this part. */
static inline enum rule_id grant_copy_range(uint32_t offset, uint32_t length, uint32_t start,
                                            uint32_t size)
{
    if (offset + length > PAGE_SIZE)
        return RULE_GRANT_18;
    return offset < start || offset + length > start + size ? RULE_GRANT_19 : RULE_NONE;
}

/* Whether an entry of format 2 that is kept can be written in format 1. GRANT-23. */
enum rule_id grant_fits_v1(const union grant_entry_v2 *entry);

/* Entries that are kept when the format changes. */
struct grant_entry_v1 grant_to_v1(const union grant_entry_v2 *entry, grant_status_t status);
union grant_entry_v2 grant_to_v2(const struct grant_entry_v1 *entry, grant_status_t *status);

/* ---- Results ---- */

/* The GNTST_* of a rule; GNTST_okay for RULE_NONE. */
int16_t grant_status_of(enum rule_id rule);

#endif
