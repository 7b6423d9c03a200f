/* SPDX-License-Identifier: MIT */
/*
 * The frames of a domain: getting and losing them, and the references to them.
 *
 * A frame leaves its domain when its last reference goes, whoever holds that; the allocation is one
 * of the references. So any code that looks at a domain's frame without a reference needs another
 * reason why it stays (docs/memory-types.md).
 */
#ifndef XEN_LITE_DOMAIN_MEMORY_H
#define XEN_LITE_DOMAIN_MEMORY_H

#include "core/frame_type.h"
#include "domain/domain.h"
#include "hv/frame.h"
#include "hv/m2p.h"
#include "lib/atomic.h"

/* End mark of the page list. */
#define PAGE_LIST_END UINT32_MAX

/* ---- Whole frames ---- */

/* The limit for d's memory where physical addresses are to be below `below`: a 32-bit guest has no
 * M2P for what is far up. Of all limits 0 is the highest: none. */
static inline uint64_t domain_memory_end(const struct domain *d, uint64_t below)
{
    uint64_t end = d->width->memory_end;

    return below - 1 < end - 1 ? below : end;
}

/* 2^order contiguous zeroed frames for d, all below the physical address `below` (0: anywhere).
 * INVALID_MFN: no memory, or d would have more than its maximum. Their M2P entries are gfn, gfn + 1
 * and so on; or invalid, if gfn is M2P_INVALID. */
mfn_t domain_alloc_pages(struct domain *d, unsigned int order, uint64_t below, uint64_t gfn);

static inline mfn_t domain_alloc_page(struct domain *d)
{
    return domain_alloc_pages(d, 0, 0, M2P_INVALID);
}

/* Gives up the allocation of a frame on which the caller holds a reference; the frame is freed when
 * the last reference goes. False if that was done before. */
bool domain_release_page(struct domain *d, struct frame *f);

/* Takes the frame away from d at once if nothing uses it: no references but the allocation and the
 * caller's. True: it is nobody's now; the same number of frames must be given to d, this one again
 * or others with their M2P entries set, and nobody else has their place meanwhile. */
bool domain_steal_page(struct domain *d, struct frame *f);
void domain_return_page(struct domain *d, struct frame *f);

/* Keeps a place for one frame that d will get, until domain_move_page() fills or
 * domain_drop_place() gives it up. False: d is coming to its end, or has as many as it may have. */
bool domain_reserve_place(struct domain *d);
void domain_drop_place(struct domain *d);

/* Moves a frame that domain_steal_page() has taken from one domain to another, with its contents,
 * into the place that was reserved there. False: that one is coming to its end. */
bool domain_move_page(struct domain *from, struct domain *to, struct frame *f, uint64_t gfn);

/* Lets d map one of the hypervisor's own pages, writable, and takes that back; which fails as long
 * as something refers to the page. It is not in d's list nor counted. */
void domain_share_page(struct domain *d, mfn_t mfn);
bool domain_unshare_page(struct domain *d, mfn_t mfn);

/* The list of a domain's frames, for who takes it apart or checks it. page_lock held; the first
 * also without, if the domain is dying. Then frames that others hold leave the list at any moment,
 * when these let go of them: what is found without the lock is a hint until it is referenced. */
struct frame *domain_first_frame(const struct domain *d);
struct frame *domain_next_frame(const struct domain *d, const struct frame *f);

/* The first becomes the last, if there is one. */
void domain_rotate_frames(struct domain *d);

/* How many there are. If 0, d is dying and has been descheduled, nobody uses d because of them. */
uint32_t domain_frames(struct domain *d);

/* ---- References ---- */

/* The last reference went: flush, take it off the list, free it. */
void domain_frame_free(struct domain *d, struct frame *f);

static inline void domain_frame_put(struct domain *d, struct frame *f)
{
    if (unlikely((atomic_sub_return(&f->count, 1) & FRAME_COUNT) == 0))
        domain_frame_free(d, f);
}

/* A reference was taken on a frame that went to another domain meanwhile: gives it back. Until then
 * that domain cannot end (pv/relinquish.c). */
void frame_put_stranger(struct frame *f);

/* One more reference to d's frame at mfn; null if that is not d's, or is being freed. */
static inline struct frame *domain_frame_get(struct domain *d, mfn_t mfn)
{
    struct frame *f;
    uint64_t old, new;

    if (unlikely(mfn.n >= frame_limit()))
        return NULL;
    f = frame_of(mfn);
    if (unlikely(READ_ONCE(f->node.owner) != d->id))
        return NULL;
    old = atomic_load(&f->count);
    do {
        if (unlikely(!frame_count_get(old, &new)))
            return NULL;
    } while (unlikely(!atomic_cmpxchg(&f->count, &old, new)));

    /* Between the look at the owner and the reference it may have gone to another domain. With the
     * reference it stays where it is. */
    if (unlikely(READ_ONCE(f->node.owner) != d->id)) {
        frame_put_stranger(f);
        return NULL;
    }
    return f;
}

/* A mapping of f, or its use as a table, was just removed: notes when, for tlb_flush_stale().
 * Before the reference that it stood for is dropped. */
static inline void frame_unmapped(struct frame *f)
{
    f->tlb_stamp = tlb_clock_tick();
}

/* frame_get_type() where that changes what the frame is, or is refused. */
enum rule_id frame_get_other_type(struct domain *d, struct frame *f, enum frame_type want);

/* One more use of d's frame f, on which the caller holds a reference, as `want`; flushes what must
 * be flushed when that changes the type. RULE_NONE or the rule that forbids it. Tables and
 * descriptor pages: mmu_lock held, and if f is not VALIDATED then, the caller validates it. */
static inline enum rule_id frame_get_type(struct domain *d, struct frame *f, enum frame_type want)
{
    uint64_t old = atomic_load(&f->type);

    while (likely(frame_type_is_valid(old, want) && (old & FRAME_TYPE_COUNT) != FRAME_TYPE_COUNT))
        if (likely(atomic_cmpxchg(&f->type, &old, old + 1)))
            return RULE_NONE;
    return frame_get_other_type(d, f, want);
}

/* One use less. */
static inline enum frame_put frame_put_type(struct frame *f)
{
    uint64_t old = atomic_load(&f->type), new;
    enum frame_put result;

    do
        result = frame_type_put(old, &new);
    while (!atomic_cmpxchg(&f->type, &old, new));
    return result;
}

/* ---- References that may be to another domain's frame ---- */

/* domain_frame_get() of a frame that is another domain's than the user's. */
struct frame *domain_get_foreign(const struct domain *owner, mfn_t mfn, bool write);

/* The end of domain_get_frame_for() for a writable use that changes the frame's type, or cannot be.
 */
enum rule_id domain_get_writable_for(struct domain *owner, const struct domain *user,
                                     struct frame *f);

/* Gives back a reference, but not the use of the type. */
static inline void domain_put_count_for(const struct domain *user, struct frame *f, bool write)
{
    /* The owner is there as long as it has the frame. */
    uint16_t owner = READ_ONCE(f->node.owner);
    uint64_t part = likely(owner == user->id) ? 1 : 1 + frame_foreign_part(write);

    if (unlikely((atomic_sub_return(&f->count, part) & FRAME_COUNT) == 0))
        domain_frame_free(domain_peek(owner), f);
}

/* A reference of `user` to owner's frame at mfn, with a writable use if it is to write. RULE_NONE;
 * GRANT-8 if that is not owner's memory, GRANT-9 if it cannot be written. No mmu_lock held. */
static inline enum rule_id domain_get_frame_for(struct domain *owner, const struct domain *user,
                                                mfn_t mfn, bool write)
{
    struct frame *f =
        owner == user ? domain_frame_get(owner, mfn) : domain_get_foreign(owner, mfn, write);
    uint64_t old;

    if (unlikely(f == NULL))
        return RULE_GRANT_8;
    if (!write)
        return RULE_NONE;
    old = atomic_load(&f->type);
    while (likely(frame_type_is_valid(old, FRAME_WRITABLE) &&
                  (old & FRAME_TYPE_COUNT) != FRAME_TYPE_COUNT))
        if (likely(atomic_cmpxchg(&f->type, &old, old + 1)))
            return RULE_NONE;
    return domain_get_writable_for(owner, user, f);
}

/* Gives it back. No translation is left of what it allowed. */
static inline void domain_put_frame_for(const struct domain *user, mfn_t mfn, bool write)
{
    struct frame *f = frame_of(mfn);

    if (write)
        (void)frame_put_type(f);
    domain_put_count_for(user, f, write);
}

/* Another domain's f, on which the caller holds a reference, is mapped no more by `user`: flushes
 * at once, and gives the reference back. */
void domain_put_foreign_mapping(const struct domain *user, struct frame *f, bool write);

/* Both references for memory that the hypervisor writes for the guest as long as they are held: a
 * registered vcpu_info, a console ring. RULE_NONE or the rule that d's mfn breaks. */
enum rule_id domain_get_writable(struct domain *d, mfn_t mfn);
void domain_put_writable(struct domain *d, mfn_t mfn);

#endif
