/* SPDX-License-Identifier: MIT */
/*
 * What grant.c (the table) and grant_pin.c (its uses) share: where an entry is. The caller holds
 * the table's lock and has compared the reference with grant_entries().
 */
#ifndef XEN_LITE_DOMAIN_GRANT_INTERNAL_H
#define XEN_LITE_DOMAIN_GRANT_INTERNAL_H

#include "domain/grant.h"
#include "lib/atomic.h"

static inline struct grant_entry_v1 *grant_v1(const struct grant_table *gt, grant_ref_t ref)
{
    struct grant_entry_v1 *entries = gt->shared[ref / GRANT_PER_FRAME_V1];

    return &entries[ref % GRANT_PER_FRAME_V1];
}

static inline union grant_entry_v2 *grant_v2(const struct grant_table *gt, grant_ref_t ref)
{
    union grant_entry_v2 *entries = gt->shared[ref / GRANT_PER_FRAME_V2];

    return &entries[ref % GRANT_PER_FRAME_V2];
}

/* Flags and domain of an entry of either format. */
static inline uint32_t *grant_first_word(const struct grant_table *gt, grant_ref_t ref)
{
    return gt->version == 1 ? (uint32_t *)grant_v1(gt, ref) : (uint32_t *)grant_v2(gt, ref);
}

static inline grant_status_t *grant_status_word(const struct grant_table *gt, grant_ref_t ref)
{
    return &gt->status[ref / GRANT_STATUS_PER_FRAME][ref % GRANT_STATUS_PER_FRAME];
}

static inline struct grant_active *grant_active(const struct grant_table *gt, grant_ref_t ref)
{
    return &gt->active[ref / GRANT_ACTIVE_PER_FRAME][ref % GRANT_ACTIVE_PER_FRAME];
}

#endif
