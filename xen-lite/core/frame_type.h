/* SPDX-License-Identifier: MIT */
/*
 * What a frame is at present and who relies on it: the rules for its two words (hv/frame.h), as
 * pure functions from an old word to a new one. Who changes a word does so by compare-and-swap.
 *
 * A type word in use is in one of three states:
 *
 *     VALIDATED       the contents were checked; all present entries hold their references. Set
 *                     with a count of 0 for writable memory only
 *     PARTIAL, index  entries [0, index) hold theirs and nobody works on the frame: validation or
 *                     taking down was interrupted. Count is 1, and this one belongs to the state
 *                     itself, as does one total reference
 *     neither         somebody validates or takes down just now; count is 1
 *
 * docs/memory-types.md tells the whole.
 */
#ifndef CORE_FRAME_TYPE_H
#define CORE_FRAME_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/pte.h"
#include "core/rules.h"
#include "lib/compiler.h"

enum frame_type {
    FRAME_NONE,
    FRAME_L1, /* the numbers of these four are their levels */
    FRAME_L2,
    FRAME_L3,
    FRAME_L4,
    FRAME_L2_LAST, /* the L2 table of a 32-bit guest's last GiB: it has the hypervisor's entries */
    FRAME_WRITABLE,
    FRAME_DESCRIPTORS,
};

/* The type word. */
#define FRAME_TYPE_COUNT   0xffffffffUL
#define FRAME_TYPE_SHIFT   32
#define FRAME_TYPE_MASK    (0xfUL << FRAME_TYPE_SHIFT)
#define FRAME_PINNED       (1UL << 36)
#define FRAME_VALIDATED    (1UL << 37)
#define FRAME_PARTIAL      (1UL << 38)
#define FRAME_INDEX_SHIFT  40
#define FRAME_INDEX_MASK   (0x3ffUL << FRAME_INDEX_SHIFT)
#define FRAME_TYPE_WORD(t) ((uint64_t)(t) << FRAME_TYPE_SHIFT)

/* The count word. */
#define FRAME_ALLOCATED        (1UL << 63) /* one of the references is the allocation itself */
#define FRAME_SEEN             (1UL << 62) /* met by who takes the domain apart (pv/relinquish.c) */
#define FRAME_COUNT            ((1UL << 36) - 1)
/* How many of them other domains hold; and how many of those rely on writable memory. */
#define FRAME_FOREIGN          (1UL << 36)
#define FRAME_FOREIGN_MASK     (0x1fffUL << 36)
#define FRAME_FOREIGN_WRITABLE (1UL << 49)

static inline enum frame_type frame_type_of(uint64_t type)
{
    return (enum frame_type)((type & FRAME_TYPE_MASK) >> FRAME_TYPE_SHIFT);
}

static inline unsigned int frame_type_index(uint64_t type)
{
    return (unsigned int)((type & FRAME_INDEX_MASK) >> FRAME_INDEX_SHIFT);
}

static inline bool frame_type_is_table(enum frame_type type)
{
    return type >= FRAME_L1 && type <= FRAME_L2_LAST;
}

/* Of a table. */
static inline unsigned int frame_type_level(enum frame_type type)
{
    return type == FRAME_L2_LAST ? 2 : type;
}

/* "writable", "L3 table", ... */
const char *frame_type_name(enum frame_type type);

/* A validated frame of that type: it can be changed as such. */
static inline bool frame_type_is_valid(uint64_t type, enum frame_type want)
{
    return (type & (FRAME_TYPE_MASK | FRAME_VALIDATED)) ==
           (FRAME_TYPE_WORD(want) | FRAME_VALIDATED);
}

/* Such a table may have one use only, and this one has it: what it maps for the hypervisor must
 * not depend on what is done to a second place. */
static inline bool frame_type_is_single(uint64_t type, enum frame_type want)
{
    return want == FRAME_L2_LAST && frame_type_is_valid(type, want);
}

/* The cases of frame_type_get that are not a further reference to what the frame already is. */
enum rule_id frame_type_get_other(uint64_t old, enum frame_type want, uint64_t *new);

/*
 * One more use of the frame as `want`. RULE_NONE and the new word in *new, or the rule that forbids
 * it. If the new word lacks VALIDATED, the caller must now validate the frame, from its index on.
 */
static inline enum rule_id frame_type_get(uint64_t old, enum frame_type want, uint64_t *new)
{
    if (likely(frame_type_is_valid(old, want) && (old & FRAME_TYPE_COUNT) != FRAME_TYPE_COUNT)) {
        *new = old + 1;
        return RULE_NONE;
    }
    return frame_type_get_other(old, want, new);
}

/* True if taking the type turned the frame into something else: stale translations of what it was
 * must be flushed before the new type is relied on. */
static inline bool frame_type_changed(uint64_t old, uint64_t new)
{
    return ((old ^ new) & FRAME_TYPE_MASK) != 0 && frame_type_of(old) != FRAME_NONE;
}

enum frame_put {
    FRAME_PUT_KEPT,      /* others still use it as what it is */
    FRAME_PUT_UNUSED,    /* nobody does: it may become something else */
    FRAME_PUT_TAKE_DOWN, /* nobody does, but its entries hold references: it is partial now */
};

/* One use less of a validated frame. */
static inline enum frame_put frame_type_put(uint64_t old, uint64_t *new)
{
    if (likely((old & FRAME_TYPE_COUNT) > 1)) {
        *new = old - 1;
        return FRAME_PUT_KEPT;
    }
    if (frame_type_is_table(frame_type_of(old))) {
        *new = (old & ~(FRAME_VALIDATED | FRAME_INDEX_MASK)) | FRAME_PARTIAL |
               (uint64_t)PT_ENTRIES << FRAME_INDEX_SHIFT;
        return FRAME_PUT_TAKE_DOWN;
    }
    /* Writable memory has no contents that could become wrong: it stays valid without uses, so that
     * mapping it again is the short way. */
    *new = frame_type_of(old) == FRAME_WRITABLE ? old - 1 : (old - 1) & ~FRAME_VALIDATED;
    return FRAME_PUT_UNUSED;
}

/* Validation is done; stopped at index; all taken down. */
static inline uint64_t frame_type_validated(uint64_t old)
{
    return (old & ~(FRAME_PARTIAL | FRAME_INDEX_MASK)) | FRAME_VALIDATED;
}

static inline uint64_t frame_type_partial(uint64_t old, unsigned int index)
{
    return (old & ~FRAME_INDEX_MASK) | FRAME_PARTIAL | (uint64_t)index << FRAME_INDEX_SHIFT;
}

static inline uint64_t frame_type_taken_down(uint64_t old)
{
    /* The type stays written: who changes it knows by it that a flush may be due. */
    return old & FRAME_TYPE_MASK;
}

/* The part of a count word that a reference of another domain stands for. */
static inline uint64_t frame_foreign_part(bool write)
{
    return FRAME_FOREIGN + (write ? FRAME_FOREIGN_WRITABLE : 0);
}

/* How many references, writable ones only if asked so, other domains hold. */
static inline uint64_t frame_foreign_count(uint64_t count, bool write)
{
    return count / (write ? FRAME_FOREIGN_WRITABLE : FRAME_FOREIGN) & 0x1fff;
}

/* One more reference of another domain; false if the frame is nobody's, or they have as many as can
 * be counted. */
static inline bool frame_count_get_foreign(uint64_t old, bool write, uint64_t *new)
{
    *new = old + 1 + frame_foreign_part(write);
    return (old & FRAME_COUNT) != 0 && (old & FRAME_FOREIGN_MASK) != FRAME_FOREIGN_MASK;
}

/* One more reference of any kind; false if the frame is nobody's (count 0). */
static inline bool frame_count_get(uint64_t old, uint64_t *new)
{
    *new = old + 1;
    return (old & FRAME_COUNT) != 0;
}

#endif
