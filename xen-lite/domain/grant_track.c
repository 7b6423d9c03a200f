/* SPDX-License-Identifier: MIT */
/*
 * The mapping track: what a domain has mapped of others' grants, by handle.
 *
 * Frames of it are added when no handle is free and go with the domain. Free entries are a list, by
 * handles. An entry has no pointer to the granter, which may be gone and its number another's: it
 * names a birth.
 */
#include "domain/grant_internal.h"
#include "domain/memory.h"
#include "hv/alloc.h"
#include "hv/print.h"
#include "hv/work.h"
#include "lib/atomic.h"

#define PRINTED 10 /* differences that the audit says of one domain */

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

bool grant_for_some_device_maps(struct domain *d, uint32_t *from,
                                void (*f)(void *arg, mfn_t mfn, bool write), void *arg)
{
    const struct grant_table *gt = d->grant;
    uint32_t all = gt != NULL ? gt->track_frames * (uint32_t)GRANT_MAPPINGS_PER_FRAME : 0;
    uint32_t end = min(*from + (uint32_t)GRANT_MAPPINGS_PER_FRAME, all);

    /* Those that the domain's end has dealt with are free. */
    for (; *from < end; ++*from) {
        const struct grant_mapping *mapping = grant_track_entry(gt, *from);

        if (mapping->flags & GNTMAP_device_map)
            f(arg, MFN(mapping->frame), !(mapping->flags & GNTMAP_readonly));
    }
    return end < all;
}

/* ---- The audit ---- */

/* Takes the pins of d's mappings away, or gives them back. */
static void change_pins(const struct domain *d, bool away)
{
    const struct grant_table *gt = d->grant;

    for (uint32_t i = gt->track_released; i < gt->track_frames * GRANT_MAPPINGS_PER_FRAME; i++) {
        const struct grant_mapping *mapping = grant_track_entry(gt, i);
        const struct domain *granter = domain_peek(mapping->granter);
        uint32_t pins = grant_pins_of(mapping->flags);

        if (mapping->flags != 0 && granter != NULL && granter->serial == mapping->serial)
            grant_active(granter->grant, mapping->ref)->pins += away ? -pins : pins;
    }
}

/* Without the mappings' pins: none are left, and those had been counted. */
static unsigned long left_pins(const struct domain *d)
{
    unsigned long wrong = 0;

    for (grant_ref_t ref = 0; ref < d->grant->frames * GRANT_ACTIVE_PER_FRAME; ref++) {
        uint32_t pins = grant_active(d->grant, ref)->pins;

        if (pins != 0 && wrong++ < PRINTED)
            print(LOG_ERROR, "audit: domain %u: entry %x has %x pins too many\n", d->id, ref, pins);
    }
    return wrong;
}

unsigned long grant_audit_pins(void)
{
    unsigned long wrong = 0;

    for (unsigned int pass = 0; pass < 3; pass++)
        for (uint16_t id = 1; id <= MAX_DOMAINS; id++) {
            const struct domain *d = domain_peek(id);

            if (d == NULL || d->grant == NULL)
                continue;
            if (pass == 1)
                wrong += left_pins(d);
            else
                change_pins(d, pass == 0);
        }
    return wrong;
}
