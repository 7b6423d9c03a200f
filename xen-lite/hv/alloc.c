/* SPDX-License-Identifier: MIT */
/*
 * The page allocator (core/buddy.h) and the object allocator (core/slab.h) with their locks.
 *
 * Pages are cleared when they are handed out, so that nothing of their former owner can be seen,
 * whoever that was and whatever happened to the page since.
 *
 * Weak spot: one lock for the whole machine each. Held for a few list operations, so a dozen CPUs
 * hardly meet; beyond that a small stock of pages for each CPU would be the way.
 */
#include "hv/alloc.h"

#include "core/buddy.h"
#include "core/slab.h"
#include "hv/frame.h"
#include "hv/lock.h"
#include "hv/options.h"
#include "hv/print.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "x86/boot_memory.h"
#include "x86/paging.h"

static struct spinlock buddy_lock = SPINLOCK(LOCK_BUDDY);
static struct spinlock slab_lock = SPINLOCK(LOCK_SLAB);
static struct buddy buddy;     /* buddy_lock */
static uint64_t frames_in_all; /* buddy_lock: that the buddy was ever given */
static struct slab slab;       /* slab_lock */

/* ---- Failing on purpose: debug builds with fail_alloc= ---- */

static bool counting;          /* set once, when the first domain is about to be built */
static uint64_t asked, failed; /* atomic; both for messages too */

static bool made_to_fail(void)
{
    uint64_t number;

    if (!CONFIG_DEBUG || likely(!counting))
        return false;
    number = atomic_fetch_add(&asked, 1) + 1;
    for (unsigned int i = 0; i < FAIL_ALLOC_MAX; i++) {
        if (number != options.fail_alloc[i])
            continue;
        atomic_fetch_add(&failed, 1);
        return true;
    }
    return false;
}

void alloc_begin_failing(void)
{
    counting = options.fail_alloc[0] != 0;
}

void alloc_report_failing(void)
{
    if (counting)
        print(LOG_INFO, "fail_alloc: %lu allocations, %lu of them failed\n", atomic_load(&asked),
              atomic_load(&failed));
}

/* ---- Pages ---- */

/* The frames belong to the caller alone: just taken out of the buddy, or about to go back. */
static void set_owner(mfn_t mfn, unsigned int order, uint16_t owner)
{
    for (unsigned long i = 0; i < 1UL << order; i++)
        frame_of(mfn_add(mfn, i))->node.owner = owner;
}

mfn_t pages_alloc(unsigned int order, uint64_t below)
{
    mfn_t limit = below == 0 ? BUDDY_NO_LIMIT : paddr_to_mfn(below);

    if (made_to_fail())
        return INVALID_MFN;
    spin_lock(&buddy_lock);
    mfn_t mfn = buddy_alloc(&buddy, order, limit);

    spin_unlock(&buddy_lock);
    if (!mfn_is_valid(mfn))
        return INVALID_MFN;
    /* Outside of the lock: clearing is the long part. */
    set_owner(mfn, order, FRAME_OWNER_HV);
    memset(mfn_to_virt(mfn), 0, PAGE_SIZE << order);
    return mfn;
}

void pages_free(mfn_t mfn, unsigned int order)
{
    /* Before the lock, while nobody else can find the frames. */
    set_owner(mfn, order, FRAME_OWNER_NONE);
    spin_lock(&buddy_lock);
    buddy_free(&buddy, mfn, order);
    spin_unlock(&buddy_lock);
}

void *page_alloc(void)
{
    mfn_t mfn = pages_alloc(0, 0);

    return mfn_is_valid(mfn) ? mfn_to_virt(mfn) : NULL;
}

void page_free(void *page)
{
    pages_free(virt_to_mfn(page), 0);
}

/* For messages: may be old when it is read. */
uint64_t pages_free_count(void)
{
    return READ_ONCE(buddy.free_frames);
}

struct alloc_use alloc_in_use(void)
{
    struct alloc_use use;

    spin_lock(&slab_lock);
    spin_lock(&buddy_lock);
    /* The slab keeps a page for later, or does not. */
    use.frames = frames_in_all - buddy.free_frames - slab_count_pages(&slab);
    use.objects = slab_count_objects(&slab);
    spin_unlock(&buddy_lock);
    spin_unlock(&slab_lock);
    return use;
}

void pages_give_back(paddr_t start, paddr_t end)
{
    mfn_t first = paddr_to_mfn(round_up(start, PAGE_SIZE));
    unsigned long stop = end >> PAGE_SHIFT;

    if (first.n >= stop)
        return;
    for (mfn_t mfn = first; mfn.n < stop; mfn.n++)
        frame_of(mfn)->node.owner = FRAME_OWNER_NONE;
    spin_lock(&buddy_lock);
    buddy_add_range(&buddy, first, stop - first.n);
    frames_in_all += stop - first.n;
    spin_unlock(&buddy_lock);
}

/* Objects above the slab's limit are whole pages; the frame remembers how many. The slab never
 * gives out a page-aligned address, so that hv_free() can tell the two. */
static void *alloc_large(size_t size)
{
    unsigned int order = buddy_order_for(round_up(size, PAGE_SIZE) >> PAGE_SHIFT);
    mfn_t mfn = pages_alloc(order, 0);

    if (!mfn_is_valid(mfn))
        return NULL;
    frame_of(mfn)->node.order = (uint8_t)order;
    return mfn_to_virt(mfn);
}

void *hv_alloc(size_t size)
{
    if (size > SLAB_MAX_SIZE)
        return alloc_large(size);
    if (made_to_fail())
        return NULL;
    spin_lock(&slab_lock);
    void *object = slab_alloc(&slab, size);

    spin_unlock(&slab_lock);
    if (object != NULL)
        memset(object, 0, size);
    return object;
}

void hv_free(void *p)
{
    if (p == NULL)
        return;
    if (is_aligned((uintptr_t)p, PAGE_SIZE)) {
        pages_free(virt_to_mfn(p), frame_of(virt_to_mfn(p))->node.order);
        return;
    }
    spin_lock(&slab_lock);
    slab_free(&slab, p);
    spin_unlock(&slab_lock);
}

/* ---- set-up ---- */

/* The slab takes its pages while its lock is held, so the buddy's lock has the higher rank. */

static void *slab_page(void *unused)
{
    (void)unused;
    return page_alloc();
}

static void slab_page_free(void *unused, void *page)
{
    (void)unused;
    page_free(page);
}

static void add_free(paddr_t base, paddr_t end, void *unused)
{
    (void)unused;
    pages_give_back(base, end);
}

void alloc_init(void)
{
    struct slab_pages pages = { .alloc_page = slab_page, .free_page = slab_page_free };

    frame_table_setup_buddy(&buddy);
    boot_free_for_each(add_free, NULL);
    slab_init(&slab, pages, CONFIG_DEBUG);
    paging_set_page_source(page_alloc);
}
