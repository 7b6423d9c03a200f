/* SPDX-License-Identifier: MIT */
/*
 * Making domains and vCPUs, and giving their memory back.
 *
 * A domain is entered in the list, where others find it, as the last thing that can fail; a vCPU in
 * its domain likewise. So what goes wrong half way was never seen and is simply freed.
 */
#include "core/buddy.h"
#include "domain/console_ring.h"
#include "domain/evtchn.h"
#include "domain/grant.h"
#include "domain/list.h"
#include "domain/memory.h"
#include "domain/sched.h"
#include "domain/time.h"
#include "hv/alloc.h"
#include "hv/frame.h"
#include "lib/atomic.h"
#include "lib/string.h"
#include "x86/clock.h"
#include "x86/fpu.h"

/* The page that a domain shares from the start. Null: no memory. The guest is told its machine
 * address in one word of start_info, so that must hold it; with words of 64 bits this says 0:
 * anywhere. */
static struct shared_page *shared_page_new(const struct guest_width *width)
{
    mfn_t mfn = pages_alloc(0, width->word_mask + 1);

    return mfn_is_valid(mfn) ? mfn_to_virt(mfn) : NULL;
}

/* All that cannot fail. d is zeroed and d->shared is there. */
static void init_fields(struct domain *d, const struct domain_config *config,
                        const struct guest_ops *ops, const struct guest_width *width)
{
    d->config = *config;
    d->ops = ops;
    d->width = width;
    d->page_lock = SPINLOCK(LOCK_PAGE_LIST);
    d->page_list = PAGE_LIST_END;
    d->max_pages = config->max_pages;
    d->mmu_lock = SPINLOCK(LOCK_MMU);
    d->event_lock = SPINLOCK(LOCK_EVENT);
    d->queue_lock = SPINLOCK(LOCK_EVENT_QUEUE);
    d->watchdog_lock = SPINLOCK(LOCK_WATCHDOG);
    d->shared_mfn = virt_to_mfn(d->shared);
    d->shutdown_code = SHUTDOWN_NONE;
    d->wallclock_offset = wallclock_at_boot_ns();
    list_init(&d->reap_link);
    sched_init_domain(d);
    watchdogs_init(d);
    time_update_wallclock(d);
}

/* At first the memory that the domain may have is one range; it may write another list. */
static bool create_map(struct domain *d)
{
    d->map = hv_alloc(sizeof(*d->map));
    if (d->map == NULL)
        return false;
    *d->map = (struct e820entry){ .size = (uint64_t)d->max_pages << PAGE_SHIFT, .type = E820_RAM };
    d->map_entries = 1;
    return true;
}

/* What domain_create() made, in reverse; each part may be missing. */
void domain_free(struct domain *d)
{
    evtchn_destroy(d);
    grant_destroy(d);
    console_destroy(d);
    if (d->shared != NULL)
        page_free(d->shared);
    hv_free(d->map);
    hv_free(d);
}

struct domain *domain_create(const struct domain_config *config, const struct guest_ops *ops,
                             const struct guest_width *width)
{
    struct domain *d = hv_alloc(sizeof(*d));

    if (d == NULL)
        return NULL;
    d->shared = shared_page_new(width);
    if (d->shared == NULL)
        goto fail;
    init_fields(d, config, ops, width);
    if (!create_map(d) || evtchn_init(d) != 0 || !grant_create(d) || console_create(d) != 0)
        goto fail;
    if (!domain_list_add(d))
        goto fail;
    return d;

fail:
    domain_free(d);
    return NULL;
}

/* How large the area is depends on the machine's XSAVE features. */
static unsigned int fpu_area_order(void)
{
    return buddy_order_for(round_up(fpu_area_size(), PAGE_SIZE) >> PAGE_SHIFT);
}

/* The area where v's FPU state is while v is not loaded: whole pages, so it is aligned. */
static bool fpu_create(struct vcpu *v)
{
    mfn_t area = pages_alloc(fpu_area_order(), 0);

    if (!mfn_is_valid(area))
        return false;
    v->fpu = mfn_to_virt(area);
    fpu_area_init(v->fpu);
    return true;
}

static void fpu_destroy(struct vcpu *v)
{
    pages_free(virt_to_mfn(v->fpu), fpu_area_order());
}

struct vcpu *vcpu_create(struct domain *d, unsigned int id)
{
    struct vcpu *v = hv_alloc(sizeof(*v));

    if (v == NULL)
        return NULL;
    v->domain = d;
    v->id = id;
    v->call.index = CALL_NO_INDEX;
    v->no_info.evtchn_upcall_mask = 1;
    v->info = vcpu_first_info(v);
    v->info_frame = INVALID_MFN;
    sched_init_vcpu(v);
    timers_init_vcpu(v);
    if (!fpu_create(v))
        goto fail;
    if (d->ops->vcpu_create(v) != 0)
        goto fail_fpu;
    time_update_vcpu(v);
    /* Complete before it can be found. */
    atomic_store(&d->vcpu[id], v);
    return v;

fail_fpu:
    fpu_destroy(v);
fail:
    hv_free(v);
    return NULL;
}

void vcpu_free(struct vcpu *v)
{
    v->domain->ops->vcpu_destroy(v);
    fpu_destroy(v);
    hv_free(v);
}
