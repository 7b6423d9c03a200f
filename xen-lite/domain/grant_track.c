/* SPDX-License-Identifier: MIT */
/*
 * The mapping track: what a domain has mapped of others' grants, by handle.
 *
 * Frames of it are added when no handle is free and go with the domain. Free entries are a list, by
 * handles. An entry has no pointer to the granter, which may be gone and its number another's: it
 * names a birth.
 */
#include "domain/grant.h"
#include "domain/memory.h"
#include "hv/alloc.h"
#include "hv/work.h"
#include "lib/atomic.h"

/* One more frame of free entries. lock held. */
static bool add_frame(struct grant_table *gt)
{
    uint32_t first = gt->track_frames * (uint32_t)GRANT_MAPPINGS_PER_FRAME;

    if (gt->track_frames == gt->max_track_frames)
        return false;
    if (gt->track == NULL)
        gt->track = hv_alloc(gt->max_track_frames * sizeof(gt->track[0]));
    if (gt->track == NULL)
        return false;
    gt->track[gt->track_frames] = page_alloc();
    if (gt->track[gt->track_frames] == NULL)
        return false;
    gt->track_frames++;
    for (uint32_t i = GRANT_MAPPINGS_PER_FRAME; i-- > 0;) {
        grant_track_entry(gt, first + i)->ref = gt->track_free;
        gt->track_free = first + i;
    }
    return true;
}

grant_handle_t grant_track_extend(struct grant_table *gt)
{
    return add_frame(gt) ? gt->track_free : GRANT_NO_HANDLE;
}

void grant_track_free(struct domain *d, grant_handle_t handle)
{
    spin_lock(&d->grant->track_lock);
    grant_track_free_locked(d->grant, handle, grant_track_entry(d->grant, handle));
    spin_unlock(&d->grant->track_lock);
}

/* The page tables' references went with the tables; the devices' go here. */
static void release(struct domain *d, struct grant_mapping *mapping)
{
    struct domain *granter = domain_get_born(mapping->granter, mapping->serial);
    bool write = !(mapping->flags & GNTMAP_readonly);

    if (mapping->flags & GNTMAP_device_map)
        domain_put_frame_for(d, MFN(mapping->frame), write);
    if (granter != NULL) {
        grant_unpin(granter, mapping->ref, grant_pins_of(mapping->flags), write);
        domain_put(granter);
    }
    mapping->flags = 0;
}

bool grant_release_track(struct domain *d)
{
    struct grant_table *gt = d->grant;

    if (gt == NULL)
        return true;
    /* No lock: nobody else has a pointer to d that leads here. */
    while (gt->track_released < gt->track_frames * GRANT_MAPPINGS_PER_FRAME) {
        struct grant_mapping *mapping = grant_track_entry(gt, gt->track_released++);

        if (mapping->flags != 0)
            release(d, mapping);
        if (preempt_wanted())
            return false;
    }
    return true;
}

void grant_for_each_device_map(struct domain *d,
                               void (*f)(void *arg, uint16_t granter, mfn_t mfn, bool write),
                               void *arg)
{
    struct grant_table *gt = d->grant;

    if (gt == NULL)
        return;
    for (uint32_t i = gt->track_released; i < gt->track_frames * GRANT_MAPPINGS_PER_FRAME; i++) {
        const struct grant_mapping *mapping = grant_track_entry(gt, i);

        if (mapping->flags & GNTMAP_device_map)
            f(arg, mapping->granter, MFN(mapping->frame), !(mapping->flags & GNTMAP_readonly));
    }
}
