/* SPDX-License-Identifier: MIT */
/*
 * The grant table of a domain: its frames, its format, and what only its owner does with it.
 *
 * The frames are the hypervisor's, and lent to the domain. They never go before the domain does,
 * but for those of the status words, which only format 2 has.
 */
#include "domain/grant.h"

#include "domain/grant_internal.h"
#include "domain/memory.h"
#include "hv/alloc.h"
#include "hv/options.h"
#include "lib/string.h"

#define ACTIVE_SIZE (GRANT_ACTIVE_PER_FRAME * sizeof(struct grant_active))

/* ---- Making it ---- */

bool grant_create(struct domain *d)
{
    struct grant_table *gt = hv_alloc(sizeof(*gt));

    if (gt == NULL)
        return false;
    d->grant = gt;
    gt->lock = SPINLOCK(LOCK_GRANT);
    gt->track_lock = SPINLOCK(LOCK_TRACK);
    gt->version = 1;
    gt->max_frames = max(options.gnttab_max_frames, 1U);
    gt->max_track_frames = options.gnttab_max_maptrack_frames;
    gt->track_free = GRANT_NO_HANDLE;
    gt->shared = hv_alloc(gt->max_frames * sizeof(gt->shared[0]));
    gt->active = hv_alloc(gt->max_frames * sizeof(gt->active[0]));
    gt->status = hv_alloc(grant_status_frames(gt->max_frames) * sizeof(gt->status[0]));
    return gt->shared != NULL && gt->active != NULL && gt->status != NULL;
}

static void free_pages(void *const *pages, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (pages[i] != NULL)
            page_free(pages[i]);
}

void grant_destroy(struct domain *d)
{
    struct grant_table *gt = d->grant;

    if (gt == NULL)
        return;
    for (uint32_t i = 0; i < gt->frames; i++)
        hv_free(gt->active[i]);
    free_pages(gt->shared, gt->frames);
    free_pages((void *const *)gt->status, gt->status_frames);
    if (gt->track != NULL)
        free_pages((void *const *)gt->track, gt->track_frames);
    hv_free(gt->track);
    hv_free(gt->status);
    hv_free(gt->active);
    hv_free(gt->shared);
    hv_free(gt);
}

/* ---- Growing ---- */

/* A page that d may map: null where there is none whose number it can hold. */
static void *shared_page(struct domain *d)
{
    mfn_t mfn = pages_alloc(0, domain_memory_end(d, 0));

    if (!mfn_is_valid(mfn))
        return NULL;
    domain_share_page(d, mfn);
    return mfn_to_virt(mfn);
}

/* lock held */
static bool add_frame(struct domain *d)
{
    struct grant_table *gt = d->grant;
    void *active = hv_alloc(ACTIVE_SIZE);
    void *page = active != NULL ? shared_page(d) : NULL;

    if (page == NULL) {
        hv_free(active);
        return false;
    }
    gt->active[gt->frames] = active;
    gt->shared[gt->frames] = page;
    atomic_store(&gt->frames, gt->frames + 1);
    return true;
}

/* Status words for so many frames of entries. lock held. False: no memory; those that are more than
 * before stay, and the next attempt finds them. */
static bool add_status(struct domain *d, uint32_t frames)
{
    struct grant_table *gt = d->grant;

    while (gt->status_frames < grant_status_frames(frames)) {
        grant_status_t *page = shared_page(d);

        if (page == NULL)
            return false;
        gt->status[gt->status_frames++] = page;
    }
    return true;
}

enum rule_id grant_grow(struct domain *d, uint32_t frames)
{
    struct grant_table *gt = d->grant;
    bool done = frames <= gt->max_frames;

    if (!done || frames <= atomic_load(&gt->frames))
        return done ? RULE_NONE : RULE_GRANT_16;
    spin_lock(&gt->lock);
    /* Status words first: an entry without one cannot be. */
    if (gt->version == 2)
        done = add_status(d, frames);
    while (done && gt->frames < frames)
        done = add_frame(d);
    spin_unlock(&gt->lock);
    return done ? RULE_NONE : RULE_GRANT_16;
}

/* ---- Changing the format ---- */

/* Takes the status words away. False: the guest maps one; then all are as they were. */
static bool remove_status(struct domain *d)
{
    struct grant_table *gt = d->grant;
    uint32_t i = 0;

    while (i < gt->status_frames && domain_unshare_page(d, virt_to_mfn(gt->status[i])))
        i++;
    if (i < gt->status_frames) {
        while (i-- > 0)
            domain_share_page(d, virt_to_mfn(gt->status[i]));
        return false;
    }
    for (i = 0; i < gt->status_frames; i++)
        page_free(gt->status[i]);
    gt->status_frames = 0;
    return true;
}

static void clear_table(struct grant_table *gt)
{
    for (uint32_t i = 0; i < gt->frames; i++)
        memset(gt->shared[i], 0, PAGE_SIZE);
}

/* The first eight entries are kept. Each is read once; what the guest writes meanwhile is its own
 * loss. lock held. */
static enum rule_id to_version_1(struct domain *d)
{
    struct grant_table *gt = d->grant;
    struct grant_entry_v1 kept[GNTTAB_NR_RESERVED_ENTRIES];

    for (grant_ref_t ref = 0; ref < GNTTAB_NR_RESERVED_ENTRIES; ref++) {
        union grant_entry_v2 entry = *(volatile union grant_entry_v2 *)grant_v2(gt, ref);

        if (grant_fits_v1(&entry) != RULE_NONE)
            return RULE_GRANT_23;
        kept[ref] = grant_to_v1(&entry, READ_ONCE(*grant_status_word(gt, ref)));
    }
    if (!remove_status(d))
        return RULE_GRANT_22;
    clear_table(gt);
    memcpy(gt->shared[0], kept, sizeof(kept));
    return RULE_NONE;
}

static enum rule_id to_version_2(struct domain *d)
{
    struct grant_table *gt = d->grant;
    struct grant_entry_v1 kept[GNTTAB_NR_RESERVED_ENTRIES];

    if (!add_status(d, gt->frames)) {
        (void)remove_status(d);
        return RULE_GRANT_16;
    }
    memcpy(kept, gt->shared[0], sizeof(kept));
    clear_table(gt);
    for (grant_ref_t ref = 0; ref < GNTTAB_NR_RESERVED_ENTRIES; ref++) {
        grant_status_t status;

        *grant_v2(gt, ref) = grant_to_v2(&kept[ref], &status);
        WRITE_ONCE(*grant_status_word(gt, ref), status);
    }
    return RULE_NONE;
}

/* An entry that does not outlive a change of the format is in use. lock held. */
static bool others_pinned(const struct grant_table *gt)
{
    uint32_t pinned = gt->pinned;

    for (grant_ref_t ref = 0; pinned != 0 && ref < GNTTAB_NR_RESERVED_ENTRIES; ref++)
        pinned -= grant_active(gt, ref)->pins != 0;
    return pinned != 0;
}

enum rule_id grant_set_version(struct domain *d, unsigned int version)
{
    struct grant_table *gt = d->grant;
    enum rule_id rule = RULE_NONE;

    spin_lock(&gt->lock);
    if (gt->version != version) {
        if (others_pinned(gt))
            rule = RULE_GRANT_22;
        else
            rule = version == 1 ? to_version_1(d) : to_version_2(d);
        if (rule == RULE_NONE)
            gt->version = version;
    }
    spin_unlock(&gt->lock);
    return rule;
}

unsigned int grant_version(struct domain *d)
{
    return READ_ONCE(d->grant->version);
}

/* ---- What its owner asks ---- */

mfn_t grant_frame(struct domain *d, uint32_t i)
{
    struct grant_table *gt = d->grant;

    return i < atomic_load(&gt->frames) ? virt_to_mfn(gt->shared[i]) : INVALID_MFN;
}

mfn_t grant_status_frame(struct domain *d, uint32_t i)
{
    struct grant_table *gt = d->grant;
    mfn_t mfn = INVALID_MFN;

    spin_lock(&gt->lock);
    if (i < gt->status_frames)
        mfn = virt_to_mfn(gt->status[i]);
    spin_unlock(&gt->lock);
    return mfn;
}

void grant_seed(struct domain *d, grant_ref_t ref, uint16_t user, mfn_t mfn)
{
    *grant_v1(d->grant, ref) = (struct grant_entry_v1){
        .flags = GTF_permit_access,
        .domid = user,
        .frame = (uint32_t)mfn.n,
    };
}

/* lock held, and neither is pinned: nobody else reads them. */
static void swap_entries(struct grant_table *gt, grant_ref_t a, grant_ref_t b)
{
    if (gt->version == 1) {
        struct grant_entry_v1 kept = *grant_v1(gt, a);

        *grant_v1(gt, a) = *grant_v1(gt, b);
        *grant_v1(gt, b) = kept;
    } else {
        union grant_entry_v2 kept = *grant_v2(gt, a);
        grant_status_t status = *grant_status_word(gt, a);

        *grant_v2(gt, a) = *grant_v2(gt, b);
        *grant_v2(gt, b) = kept;
        *grant_status_word(gt, a) = *grant_status_word(gt, b);
        *grant_status_word(gt, b) = status;
    }
}

enum rule_id grant_swap(struct domain *d, grant_ref_t a, grant_ref_t b)
{
    struct grant_table *gt = d->grant;
    enum rule_id rule = RULE_NONE;
    uint32_t end;

    spin_lock(&gt->lock);
    end = grant_entries(gt->version, gt->frames);
    if (a >= end || b >= end)
        rule = RULE_GRANT_3;
    else if (a != b && (grant_active(gt, a)->pins | grant_active(gt, b)->pins) != 0)
        rule = RULE_GRANT_24;
    else if (a != b)
        swap_entries(gt, a, b);
    spin_unlock(&gt->lock);
    return rule;
}

bool grant_is_used(struct domain *d, uint16_t user, mfn_t mfn)
{
    struct grant_table *gt = d->grant;
    bool found = false;

    /* Weak spot: looks at all entries, a frame of them in one hold of the lock. It is asked by who
     * flushes a cache for a device, which here is none. */
    for (uint32_t i = 0; i < atomic_load(&gt->frames) && !found; i++) {
        spin_lock(&gt->lock);
        for (unsigned int at = 0; at < GRANT_ACTIVE_PER_FRAME && !found; at++) {
            const struct grant_active *act = &gt->active[i][at];

            found = act->pins != 0 && act->user == user && act->frame == mfn.n;
        }
        spin_unlock(&gt->lock);
    }
    return found;
}

bool grant_unshare(struct domain *d)
{
    struct grant_table *gt = d->grant;
    bool all = true;

    if (gt == NULL)
        return true;
    for (uint32_t i = 0; i < gt->frames; i++)
        all &= domain_unshare_page(d, virt_to_mfn(gt->shared[i]));
    for (uint32_t i = 0; i < gt->status_frames; i++)
        all &= domain_unshare_page(d, virt_to_mfn(gt->status[i]));
    return all;
}
