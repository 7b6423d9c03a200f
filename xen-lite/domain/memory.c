/* SPDX-License-Identifier: MIT */
/*
 * The frames of a domain. See memory.h.
 *
 * The page list is a ring through the frames' .node.next and .prev (indexes), d->page_list is the
 * first. A frame is in it from its allocation until it is freed, also when the guest gave its
 * allocation up while something else still held it.
 */
#include "domain/memory.h"

#include "hv/alloc.h"
#include "hv/print.h"

/* ---- The list: page_lock held ---- */

/* Indexes, not pointers: a frame's entry is 32 bytes, and there is one for each frame. */
static struct frame *frame_at(uint32_t index)
{
    return &frame_table()[index];
}

/* As the last of the ring: in front of the first, which stays the first. */
static void list_add(struct domain *d, struct frame *f)
{
    uint32_t index = (uint32_t)frame_mfn(f).n;

    if (d->page_list == PAGE_LIST_END) {
        f->node.next = f->node.prev = index;
        d->page_list = index;
    } else {
        struct frame *first = frame_at(d->page_list);

        f->node.next = d->page_list;
        f->node.prev = first->node.prev;
        frame_at(first->node.prev)->node.next = index;
        first->node.prev = index;
    }
    d->pages++;
}

/* Its neighbours close the gap; if it was the first, the next one is. Its own links are left as
 * they are. */
static void list_remove_frame(struct domain *d, struct frame *f)
{
    uint32_t index = (uint32_t)frame_mfn(f).n;

    if (d->page_list == index)
        d->page_list = f->node.next == index ? PAGE_LIST_END : f->node.next;
    frame_at(f->node.next)->node.prev = f->node.prev;
    frame_at(f->node.prev)->node.next = f->node.next;
    d->pages--;
}

struct frame *domain_first_frame(const struct domain *d)
{
    uint32_t first = READ_ONCE(d->page_list);

    return first == PAGE_LIST_END ? NULL : frame_at(first);
}

struct frame *domain_next_frame(const struct domain *d, const struct frame *f)
{
    return f->node.next == d->page_list ? NULL : frame_at(f->node.next);
}

void domain_rotate_frames(struct domain *d)
{
    spin_lock(&d->page_lock);
    if (d->page_list != PAGE_LIST_END)
        d->page_list = frame_at(d->page_list)->node.next;
    spin_unlock(&d->page_lock);
}

uint32_t domain_frames(struct domain *d)
{
    uint32_t pages;

    /* With the lock, so that who has taken the last off the list has let go of it. */
    spin_lock(&d->page_lock);
    pages = d->pages;
    spin_unlock(&d->page_lock);
    return pages;
}

/* ---- Whole frames ---- */

/* From here on the frame can be found, referenced and mapped by the guest: count is written last.
 */
static void give_frame(struct domain *d, struct frame *f)
{
    f->type = 0;
    f->node.owner = d->id;
    atomic_store(&f->count, FRAME_ALLOCATED | 1);
}

/* page_lock held */
static bool has_room(const struct domain *d, unsigned int order)
{
    unsigned long pages = (unsigned long)d->pages + d->pages_away;

    return pages <= d->max_pages && (1UL << order) <= d->max_pages - pages;
}

mfn_t domain_alloc_pages(struct domain *d, unsigned int order, uint64_t below, uint64_t gfn)
{
    mfn_t first;
    bool fits;

    /* A first look: who has all that it may have takes nothing from the others, not even for the
     * moment in which the frames are cleared. */
    spin_lock(&d->page_lock);
    fits = has_room(d, order);
    spin_unlock(&d->page_lock);
    if (!fits)
        return INVALID_MFN;
    first = pages_alloc(order, domain_memory_end(d, below));
    if (!mfn_is_valid(first))
        return INVALID_MFN;

    spin_lock(&d->page_lock);
    fits = has_room(d, order);
    for (unsigned long i = 0; fits && i < 1UL << order; i++) {
        /* Before the frame can be found: a guest that guesses its number could give it back at
         * once, and the entry would be another domain's. */
        m2p_set(mfn_add(first, i), gfn == M2P_INVALID ? gfn : gfn + i);
        list_add(d, frame_of(mfn_add(first, i)));
        give_frame(d, frame_of(mfn_add(first, i)));
    }
    spin_unlock(&d->page_lock);

    if (!fits) {
        pages_free(first, order);
        return INVALID_MFN;
    }
    return first;
}

static void unlist_frame(struct domain *d, struct frame *f)
{
    spin_lock(&d->page_lock);
    list_remove_frame(d, f);
    spin_unlock(&d->page_lock);
}

/* Nobody can find f any more, but a CPU may still have a translation to it. */
void domain_frame_free(struct domain *d, struct frame *f)
{
    ASSERT((f->type & FRAME_TYPE_COUNT) == 0);
    tlb_flush_stale(atomic_load(&d->cpus_loaded), f->tlb_stamp);
    unlist_frame(d, f);
    m2p_set(frame_mfn(f), M2P_INVALID);
    /* Without the flags, too. Before the owner, so that no other domain's look finds them. */
    f->count = 0;
    f->node.owner = FRAME_OWNER_HV;
    pages_free(frame_mfn(f), 0);
}

bool domain_release_page(struct domain *d, struct frame *f)
{
    if (!(atomic_fetch_and(&f->count, ~FRAME_ALLOCATED) & FRAME_ALLOCATED))
        return false;
    domain_frame_put(d, f);
    return true;
}

bool domain_steal_page(struct domain *d, struct frame *f)
{
    uint64_t alone = FRAME_ALLOCATED | 2;

    /* No type reference without a total reference: with none but these two nothing uses the type.
     */
    if (!atomic_cmpxchg(&f->count, &alone, 0))
        return false;
    tlb_flush_stale(atomic_load(&d->cpus_loaded), f->tlb_stamp);
    spin_lock(&d->page_lock);
    list_remove_frame(d, f);
    d->pages_away++;
    spin_unlock(&d->page_lock);
    f->node.owner = FRAME_OWNER_HV;
    return true;
}

void domain_return_page(struct domain *d, struct frame *f)
{
    spin_lock(&d->page_lock);
    d->pages_away--;
    list_add(d, f);
    give_frame(d, f);
    spin_unlock(&d->page_lock);
}

bool domain_reserve_place(struct domain *d)
{
    bool fits;

    spin_lock(&d->page_lock);
    fits = !atomic_load(&d->dying) && d->pages + d->pages_away < d->max_pages;
    if (fits)
        d->pages_away++;
    spin_unlock(&d->page_lock);
    return fits;
}

void domain_drop_place(struct domain *d)
{
    spin_lock(&d->page_lock);
    d->pages_away--;
    spin_unlock(&d->page_lock);
}

bool domain_move_page(struct domain *from, struct domain *to, struct frame *f, uint64_t gfn)
{
    bool lives;

    /* A domain's end begins with saying so, and goes on by waiting for this lock
     * (pv/relinquish.c): it finds the frame, or we find that it is dying. */
    spin_lock(&to->page_lock);
    to->pages_away--;
    lives = !atomic_load(&to->dying);
    if (lives) {
        m2p_set(frame_mfn(f), gfn);
        list_add(to, f);
        give_frame(to, f);
    }
    spin_unlock(&to->page_lock);

    if (lives)
        domain_drop_place(from);
    return lives;
}

void domain_share_page(struct domain *d, mfn_t mfn)
{
    struct frame *f = frame_of(mfn);

    /* The one type reference keeps it from ever becoming a table. */
    f->type = FRAME_TYPE_WORD(FRAME_WRITABLE) | FRAME_VALIDATED | 1;
    f->node.owner = d->id;
    m2p_set(mfn, M2P_INVALID);
    atomic_store(&f->count, 1);
}

bool domain_unshare_page(struct domain *d, mfn_t mfn)
{
    struct frame *f = frame_of(mfn);
    uint64_t alone = 1;

    if (f->node.owner != d->id)
        return true;
    if (!atomic_cmpxchg(&f->count, &alone, 0))
        return false;
    tlb_flush_stale(atomic_load(&d->cpus_loaded), f->tlb_stamp);
    f->type = 0;
    f->node.owner = FRAME_OWNER_HV;
    return true;
}

/* ---- References ---- */

void frame_put_stranger(struct frame *f)
{
    struct domain *owner = domain_peek(READ_ONCE(f->node.owner));

    if (owner != NULL)
        domain_frame_put(owner, f);
}

enum rule_id frame_get_other_type(struct domain *d, struct frame *f, enum frame_type want)
{
    uint64_t old = atomic_load(&f->type), new;

    do {
        enum rule_id rule = frame_type_get(old, want, &new);

        if (unlikely(rule != RULE_NONE))
            return rule;
    } while (!atomic_cmpxchg(&f->type, &old, new));
    if (unlikely(frame_type_changed(old, new)))
        tlb_flush_stale(atomic_load(&d->cpus_loaded), f->tlb_stamp);
    return RULE_NONE;
}

enum rule_id domain_get_writable(struct domain *d, mfn_t mfn)
{
    struct frame *f = domain_frame_get(d, mfn);
    enum rule_id rule;

    if (f == NULL)
        return RULE_MMU_1;
    /* If that changes the type, others see it before all CPUs have flushed what they knew of the
     * frame as a table. So nobody may use it before: the lock that every mapping needs is held. */
    spin_lock(&d->mmu_lock);
    rule = frame_get_type(d, f, FRAME_WRITABLE);
    spin_unlock(&d->mmu_lock);
    if (rule != RULE_NONE)
        domain_frame_put(d, f);
    return rule;
}

void domain_put_writable(struct domain *d, mfn_t mfn)
{
    struct frame *f = frame_of(mfn);

    (void)frame_put_type(f);
    domain_frame_put(d, f);
}

/* ---- References that may be to another domain's frame ---- */

struct frame *domain_get_foreign(const struct domain *owner, mfn_t mfn, bool write)
{
    struct frame *f;
    uint64_t old, new;

    if (mfn.n >= frame_limit())
        return NULL;
    f = frame_of(mfn);
    if (READ_ONCE(f->node.owner) != owner->id)
        return NULL;
    old = atomic_load(&f->count);
    do {
        if (!frame_count_get_foreign(old, write, &new))
            return NULL;
    } while (!atomic_cmpxchg(&f->count, &old, new));
    /* An id is given up, and may be another domain's then, only after dying is set. Until then it
     * was this one's, and with it the frame, whose owner does not change any more. */
    if (likely(READ_ONCE(f->node.owner) == owner->id && !atomic_load(&owner->dying)))
        return f;
    (void)atomic_sub_return(&f->count, frame_foreign_part(write));
    frame_put_stranger(f);
    return NULL;
}

enum rule_id domain_get_writable_for(struct domain *owner, const struct domain *user,
                                     struct frame *f)
{
    enum rule_id rule;

    /* With the lock that domain_get_writable() tells of: this changes the type. */
    spin_lock(&owner->mmu_lock);
    rule = frame_get_type(owner, f, FRAME_WRITABLE);
    spin_unlock(&owner->mmu_lock);
    if (rule == RULE_NONE)
        return RULE_NONE;
    domain_put_count_for(user, f, true);
    return RULE_GRANT_9;
}

void domain_put_foreign_mapping(const struct domain *user, struct frame *f, bool write)
{
    /* Not by the frame's stamp, which is about its owner's CPUs. */
    tlb_flush_stale(atomic_load(&user->cpus_loaded), tlb_clock_tick());
    domain_put_frame_for(user, frame_mfn(f), write);
}
