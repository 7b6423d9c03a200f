/* SPDX-License-Identifier: MIT */
/*
 * Grant tables: what a domain lends to others, and what it has mapped of theirs.
 *
 * What an entry permits is asked of core/grant_entry.h; here is who holds what. docs/grants.md
 * tells the whole. In short: a *pin* keeps an active entry as it was when it was first used, and
 * belongs to an entry of the user's mapping track, or to a copy; a frame's reference belongs to
 * what uses the frame. Both are taken by grant_pin() and given back one by one.
 */
#ifndef XEN_LITE_DOMAIN_GRANT_H
#define XEN_LITE_DOMAIN_GRANT_H

#include "core/grant_entry.h"
#include "domain/domain.h"
#include "hv/frame.h"

/* What the hypervisor knows of an entry while it is pinned. */
struct grant_active {
    uint32_t pins;         /* GRANT_PIN_*: 0: nobody uses it, and the rest means nothing */
    uint32_t frame;        /* mfn */
    grant_ref_t next_ref;  /* of a transitive entry: the entry that it leads to ... */
    uint16_t next_granter; /* ... and whose that is */
    uint16_t start, size;  /* the part of the page that may be copied */
    bool transitive;
    bool part;     /* a part, or transitive: never mapped */
    uint16_t user; /* domain id */
};

/* One grant that the domain has mapped. */
struct grant_mapping {
    grant_ref_t ref; /* while it is free: handle of the next free one */
    uint32_t frame;  /* mfn */
    uint32_t serial; /* which birth of the granter (struct domain) */
    uint16_t granter;
    uint8_t flags; /* GNTMAP_*, of host_map and device_map those that are left; 0: it is free */
};

#define GRANT_ACTIVE_PER_FRAME   GRANT_PER_FRAME_V1 /* enough for either format */
#define GRANT_MAPPINGS_PER_FRAME (PAGE_SIZE / sizeof(struct grant_mapping))
#define GRANT_NO_HANDLE          UINT32_MAX

/*
 * Invariants: .frames never shrinks; in format 2 there are status words for all entries; .pinned is
 * the number of entries with pins.
 *
 * Keys: c = set at creation; g = .lock; t = .track_lock; a = atomic; s = shared with the guest.
 */
struct grant_table {
    struct spinlock lock;
    unsigned int version;         /* g */
    uint32_t frames;              /* g, a */
    uint32_t max_frames;          /* c */
    uint32_t status_frames;       /* g */
    uint32_t pinned;              /* g */
    void **shared;                /* c: .max_frames of them; s: the pages */
    struct grant_active **active; /* c: one array a frame */
    grant_status_t **status;      /* c; s: the pages */

    struct spinlock track_lock;
    struct grant_mapping **track; /* t: by frames; null before the first mapping */
    uint32_t track_frames;        /* t */
    uint32_t max_track_frames;    /* c */
    uint32_t track_free;          /* t: handle of the first free one, or GRANT_NO_HANDLE */
    uint32_t track_released;      /* t: handles that the end of the domain has dealt with */
};

/* ---- grant.c: the table ---- */

/* Allocates d->grant, without frames. False: no memory. */
bool grant_create(struct domain *d);
void grant_destroy(struct domain *d);

/* At least so many frames. GRANT-16. */
enum rule_id grant_grow(struct domain *d, uint32_t frames);

/* Changes the format. GRANT-22, -23, -16 (no memory for the status words). */
enum rule_id grant_set_version(struct domain *d, unsigned int version);

unsigned int grant_version(struct domain *d);

/* Frame `i` of the table, of the status words: INVALID_MFN where there is none. */
mfn_t grant_frame(struct domain *d, uint32_t i);
mfn_t grant_status_frame(struct domain *d, uint32_t i);

/* The builder's: entry `ref` permits domain `user` to map mfn. */
void grant_seed(struct domain *d, grant_ref_t ref, uint16_t user, mfn_t mfn);

/* Swaps two of d's entries. GRANT-3, -24. */
enum rule_id grant_swap(struct domain *d, grant_ref_t a, grant_ref_t b);

/* Takes the table's frames back from d, whose tables are gone. False: others still hold some. */
bool grant_unshare(struct domain *d);

/* Whether d's entries say that `user` uses mfn now. */
bool grant_is_used(struct domain *d, uint16_t user, mfn_t mfn);

/* ---- grant_pin.c: uses of entries ---- */

/* One use, by the domain `user`. */
struct grant_use {
    const struct domain *user; /* in: whose the frame's references are */
    uint16_t user_id;          /* in: whom the entry must name; another one's behind a transitive */
    uint32_t pins;             /* in: of each kind at most one; of each kind one reference */
    bool write;                /* in: all kinds are to write */
    bool map;                  /* in */
    bool led;                  /* in: a transitive entry has led here: not a second time */
    mfn_t mfn;                 /* out */
    uint16_t start, size;      /* out */
    struct domain *next;       /* out: if not null, it led to another pin, of this domain ... */
    grant_ref_t next_ref;      /* ... there */
};

/* A use that no transitive entry has led to. */
static inline void grant_use_set(struct grant_use *use, const struct domain *user, uint32_t pins,
                                 bool write, bool map)
{
    use->user = user;
    use->user_id = user->id;
    use->pins = pins;
    use->write = write;
    use->map = map;
    use->led = false;
}

/* Nothing is refused, but something changed under our hands: to be tried again. */
#define RULE_GRANT_AGAIN ((enum rule_id)RULE_COUNT)

/* Pins entry `ref` of d and takes the frame's references. GRANT-3 to -9, -20. */
enum rule_id grant_pin(struct domain *d, grant_ref_t ref, struct grant_use *use);

/* Drops pins, all to write or all to read. The references are the caller's to give back. */
void grant_unpin(struct domain *d, grant_ref_t ref, uint32_t pins, bool write);

/* Gives back all that grant_pin() took. */
void grant_end_use(struct domain *d, grant_ref_t ref, const struct grant_use *use);

/* Whether the entry waits for a frame from `from`: at this moment, as d may write another. */
bool grant_awaits_frame(struct domain *d, grant_ref_t ref, const struct domain *from);

/* Makes such an entry say that the frame is coming. GRANT-26, -6. *gfn: what the entry names: the
 * number that it shall have. */
enum rule_id grant_begin_transfer(struct domain *d, grant_ref_t ref, const struct domain *from,
                                  uint64_t *gfn);
void grant_end_transfer(struct domain *d, grant_ref_t ref, mfn_t mfn);

/* ---- grant_track.c: the mapping track ---- */

/* There is such a handle; track_lock held, or nobody else has it yet. */
static inline struct grant_mapping *grant_track_entry(const struct grant_table *gt,
                                                      grant_handle_t handle)
{
    return &gt->track[handle / GRANT_MAPPINGS_PER_FRAME][handle % GRANT_MAPPINGS_PER_FRAME];
}

/* grant_track_alloc() where no entry is free: one more frame of them. track_lock held. */
grant_handle_t grant_track_extend(struct grant_table *gt);

/* A handle of d, not in use yet. GRANT_NO_HANDLE: there is none. */
static inline grant_handle_t grant_track_alloc(struct grant_table *gt)
{
    grant_handle_t handle;

    spin_lock(&gt->track_lock);
    handle = gt->track_free;
    if (unlikely(handle == GRANT_NO_HANDLE))
        handle = grant_track_extend(gt);
    if (likely(handle != GRANT_NO_HANDLE))
        gt->track_free = grant_track_entry(gt, handle)->ref;
    spin_unlock(&gt->track_lock);
    return handle;
}

/* Not used after all. */
void grant_track_free(struct domain *d, grant_handle_t handle);

/* The mapping in use of that handle, or null. track_lock held. */
static inline struct grant_mapping *grant_track_find(const struct grant_table *gt,
                                                     grant_handle_t handle)
{
    struct grant_mapping *mapping;

    if (unlikely(handle >= gt->track_frames * GRANT_MAPPINGS_PER_FRAME))
        return NULL;
    mapping = grant_track_entry(gt, handle);
    return likely(mapping->flags != 0) ? mapping : NULL;
}

/* From grant_track_alloc(): now it is in use. */
static inline void grant_track_set(struct grant_table *gt, grant_handle_t handle,
                                   const struct grant_mapping *mapping)
{
    spin_lock(&gt->track_lock);
    *grant_track_entry(gt, handle) = *mapping;
    spin_unlock(&gt->track_lock);
}

/* No kind of mapping is left of it. track_lock held. */
static inline void grant_track_free_locked(struct grant_table *gt, grant_handle_t handle,
                                           struct grant_mapping *mapping)
{
    mapping->flags = 0;
    mapping->ref = gt->track_free;
    gt->track_free = handle;
}

/* d is at its end, and its page tables are gone: drops what its track holds. One bounded step; true
 * when all is done. */
bool grant_release_track(struct domain *d);

/* Calls f for each frame that d has mapped for devices, and whether that is to write; of so many
 * handles from *from on as a frame of the track has, and moves *from behind them. False: there are
 * no more. */
bool grant_for_some_device_maps(struct domain *d, uint32_t *from,
                                void (*f)(void *arg, mfn_t mfn, bool write), void *arg);

/* All stand still: compares the pins of all entries with what is in all mapping tracks, and says
 * each difference. How many there are. */
unsigned long grant_audit_pins(void);

#endif
