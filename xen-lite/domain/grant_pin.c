/* SPDX-License-Identifier: MIT */
/*
 * Uses of entries: what the granter wrote is read once, judged, marked, and kept in the active
 * entry as long as anybody uses it.
 *
 * The granter's CPUs may change the entry all the time. The order that makes that harmless: mark,
 * then read what is behind the marked word, then act on that copy alone. A second use of an entry
 * looks into the shared table only if it wants more than the first.
 */
#include "domain/grant_internal.h"
#include "domain/memory.h"
#include "hv/options.h"
#include "lib/assert.h"

/* Attempts at a word that somebody else changes meanwhile: a guest can do that faster than we. */
#define ATTEMPTS 5

/* ---- Marks ---- */

static inline enum rule_id mark_v1(struct grant_table *gt, grant_ref_t ref,
                                   const struct grant_want *want)
{
    uint32_t *word = (uint32_t *)grant_v1(gt, ref);
    uint32_t old = READ_ONCE(*word), new;

    for (unsigned int i = 0; i < ATTEMPTS; i++) {
        enum rule_id rule = grant_use_v1(old, want, &new);

        if (rule != RULE_NONE || likely(atomic_cmpxchg(word, &old, new)))
            return rule;
    }
    return RULE_GRANT_6;
}

/* The marks are in another word than what is judged. So it is judged again when they can be seen: a
 * granter takes the permission away first, and then looks at the marks. *word: what was judged. */
static NOINLINE enum rule_id mark_v2(struct grant_table *gt, grant_ref_t ref,
                                     struct grant_want want, uint32_t *word)
{
    const uint32_t *first = grant_first_word(gt, ref);
    grant_status_t *status = grant_status_word(gt, ref);
    enum rule_id rule = grant_use_v2(READ_ONCE(*first), &want);

    if (rule != RULE_NONE)
        return rule;
    atomic_or(status, grant_marks(want.write));
    *word = READ_ONCE(*first);
    if (likely(grant_use_v2(*word, &want) == RULE_NONE))
        return RULE_NONE;
    atomic_and(status, (grant_status_t) ~(want.pinned ? GTF_writing : GTF_reading | GTF_writing));
    return RULE_GRANT_6;
}

/* Takes away the marks that none of the pins left stands for, after a use of that kind. */
static inline void unmark(struct grant_table *gt, grant_ref_t ref, uint32_t pins, bool write)
{
    uint16_t gone = grant_marks_gone(pins, write);

    if (gone == 0)
        return;
    if (gt->version == 1)
        atomic_and(&grant_v1(gt, ref)->flags, (uint16_t)~gone);
    else
        atomic_and(grant_status_word(gt, ref), (grant_status_t)~gone);
}

/* ---- Active entries: lock held ---- */

/*
 * Nearly all uses are the first one, of an entry of format 1. So what follows is compiled twice:
 * for those, with the version and the pins as constants, and for all.
 */

/* Internal: the entry leads on to another, and is only marked. */
#define RULE_LEADS_ON ((enum rule_id)(RULE_COUNT + 1))

/* Whether the first use, or one that wants more, may go on; marked then. */
static ALWAYS_INLINE enum rule_id begin(struct grant_table *gt, grant_ref_t ref,
                                        unsigned int version, const struct grant_active *act,
                                        uint32_t pins, const struct grant_use *use, uint32_t *word)
{
    struct grant_want want = {
        .domain = use->user_id, .write = use->write, .map = use->map, .pinned = pins != 0
    };

    if (pins != 0 &&
        (act->user != use->user_id || grant_pins_full(pins, use->pins) || (use->map && act->part)))
        return RULE_GRANT_7;
    if (pins != 0 && (!use->write || (pins & GRANT_PINS_TO_WRITE) != 0))
        return RULE_NONE;
    return version == 1 ? mark_v1(gt, ref, &want) : mark_v2(gt, ref, want, word);
}

/* Reads what a marked entry of format 2 says, whose first word is that. */
static void read_v2(const union grant_entry_v2 *entry, uint32_t word, struct grant_active *act)
{
    uint64_t frame;

    if ((grant_flags(word) & GTF_type_mask) == GTF_transitive) {
        act->next_granter = READ_ONCE(entry->transitive.trans_domid);
        act->next_ref = READ_ONCE(entry->transitive.gref);
        act->transitive = act->part = true;
        return;
    }
    frame = READ_ONCE(entry->full_page.frame);
    /* No frame has a number of more than 32 bits. */
    act->frame = frame <= UINT32_MAX ? (uint32_t)frame : UINT32_MAX;
    if (grant_flags(word) & GTF_sub_page) {
        act->start = READ_ONCE(entry->sub_page.page_off);
        act->size = READ_ONCE(entry->sub_page.length);
        act->part = true;
    }
}

static inline void read_entry(struct grant_table *gt, grant_ref_t ref, unsigned int version,
                              uint32_t word, struct grant_active *act)
{
    act->start = 0;
    act->size = PAGE_SIZE;
    act->transitive = act->part = false;
    if (version == 1)
        act->frame = READ_ONCE(grant_v1(gt, ref)->frame);
    else
        read_v2(grant_v2(gt, ref), word, act);
}

/* One reference of the frame for each kind of use. */
static ALWAYS_INLINE enum rule_id get_references(struct domain *d, const struct grant_use *use,
                                                 mfn_t mfn)
{
    enum rule_id rule = domain_get_frame_for(d, use->user, mfn, use->write);

    if (likely((use->pins & (use->pins - 1)) == 0) || rule != RULE_NONE)
        return rule;
    rule = domain_get_frame_for(d, use->user, mfn, use->write);
    if (rule != RULE_NONE)
        domain_put_frame_for(use->user, mfn, use->write);
    return rule;
}

static inline void add_pins(struct grant_table *gt, struct grant_active *act, uint32_t pins,
                            struct grant_use *use)
{
    if (pins == 0) {
        act->user = use->user_id;
        gt->pinned++;
    }
    act->pins = pins + use->pins;
    use->mfn = MFN(act->frame);
    use->start = act->start;
    use->size = act->size;
}

/* The entry is there; pins: those it has. RULE_LEADS_ON, or as grant_pin(). */
static ALWAYS_INLINE enum rule_id pin_as(struct domain *d, struct grant_table *gt, grant_ref_t ref,
                                         unsigned int version, struct grant_active *act,
                                         uint32_t pins, struct grant_use *use)
{
    uint32_t word = 0;
    enum rule_id rule = begin(gt, ref, version, act, pins, use, &word);

    if (unlikely(rule != RULE_NONE))
        return rule;
    if (pins == 0)
        read_entry(gt, ref, version, word, act);
    if ((version != 1 || pins != 0) && act->transitive)
        return RULE_LEADS_ON;
    rule = get_references(d, use, MFN(act->frame));
    if (unlikely(rule != RULE_NONE)) {
        unmark(gt, ref, pins, use->write);
        return rule;
    }
    add_pins(gt, act, pins, use);
    return RULE_NONE;
}

/* ---- Transitive entries ---- */

static enum rule_id give_up(struct domain *d, grant_ref_t ref, const struct grant_use *use,
                            enum rule_id rule)
{
    spin_lock(&d->grant->lock);
    unmark(d->grant, ref, grant_active(d->grant, ref)->pins, use->write);
    spin_unlock(&d->grant->lock);
    return rule;
}

/* Whether the entry is as it was when its lock was dropped. lock held. */
static bool unchanged(const struct grant_table *gt, grant_ref_t ref,
                      const struct grant_active *before, const struct grant_use *led)
{
    const struct grant_active *act = grant_active(gt, ref);

    if (gt->version != 2 || act->pins != before->pins)
        return false;
    return act->pins == 0 ||
           (act->user == before->user && act->transitive && act->next_ref == before->next_ref &&
            act->next_granter == before->next_granter && act->frame == led->mfn.n &&
            act->start == led->start && act->size == led->size);
}

/* The entry leads to one of a third domain, which permits this one to use it. Its table's lock is
 * not held beside that of the third. */
static enum rule_id pin_transitive(struct domain *d, grant_ref_t ref, struct grant_use *use,
                                   const struct grant_active *before)
{
    struct grant_table *gt = d->grant;
    struct grant_use led = *use;
    struct grant_active *act;
    struct domain *next;
    enum rule_id rule;
    uint32_t word;
    bool same;

    if (use->led || !options.gnttab.transitive || before->next_granter == d->id)
        return give_up(d, ref, use, RULE_GRANT_20);
    next = domain_get(before->next_granter);
    if (next == NULL)
        return give_up(d, ref, use, RULE_GRANT_20);
    led.user_id = d->id;
    led.led = true;
    rule = grant_pin(next, before->next_ref, &led);
    if (rule != RULE_NONE) {
        domain_put(next);
        return give_up(d, ref, use, rule);
    }

    spin_lock(&gt->lock);
    act = grant_active(gt, ref);
    /* Marked once more: another attempt that was given up meanwhile has taken the marks away. */
    same = unchanged(gt, ref, before, &led) &&
           begin(gt, ref, 2, act, act->pins, use, &word) == RULE_NONE;
    if (same) {
        *act = *before;
        act->frame = (uint32_t)led.mfn.n;
        act->start = led.start;
        act->size = led.size;
        add_pins(gt, act, before->pins, use);
        use->next = next;
        use->next_ref = before->next_ref;
    }
    spin_unlock(&gt->lock);
    if (same)
        return RULE_NONE;
    grant_end_use(next, before->next_ref, &led);
    domain_put(next);
    return give_up(d, ref, use, RULE_GRANT_AGAIN);
}

/* ---- Uses ---- */

/* Any use. Drops the lock. */
static NOINLINE enum rule_id pin_any(struct domain *d, grant_ref_t ref, struct grant_use *use)
{
    struct grant_table *gt = d->grant;
    struct grant_active *act, before;
    enum rule_id rule = RULE_GRANT_3;

    if (ref < grant_entries(gt->version, gt->frames)) {
        act = grant_active(gt, ref);
        rule = pin_as(d, gt, ref, gt->version, act, act->pins, use);
        before = *act;
    }
    spin_unlock(&gt->lock);
    return rule == RULE_LEADS_ON ? pin_transitive(d, ref, use, &before) : rule;
}

enum rule_id grant_pin(struct domain *d, grant_ref_t ref, struct grant_use *use)
{
    struct grant_table *gt = d->grant;
    struct grant_active *act;
    enum rule_id rule;

    use->next = NULL;
    spin_lock(&gt->lock);
    if (unlikely(gt->version != 1 || ref >= grant_entries(1, gt->frames)))
        return pin_any(d, ref, use);
    act = grant_active(gt, ref);
    if (unlikely(act->pins != 0))
        return pin_any(d, ref, use);
    rule = pin_as(d, gt, ref, 1, act, 0, use);
    spin_unlock(&gt->lock);
    return rule;
}

static inline void unpin(struct grant_table *gt, grant_ref_t ref, uint32_t pins, bool write)
{
    struct grant_active *act;
    uint32_t left;

    spin_lock(&gt->lock);
    act = grant_active(gt, ref);
    ASSERT(grant_pins_contain(act->pins, pins));
    left = act->pins - pins;
    act->pins = left;
    gt->pinned -= left == 0;
    unmark(gt, ref, left, write);
    spin_unlock(&gt->lock);
}

void grant_unpin(struct domain *d, grant_ref_t ref, uint32_t pins, bool write)
{
    unpin(d->grant, ref, pins, write);
}

static NOINLINE void end_next(const struct grant_use *use)
{
    unpin(use->next->grant, use->next_ref, use->pins, use->write);
    domain_put(use->next);
}

void grant_end_use(struct domain *d, grant_ref_t ref, const struct grant_use *use)
{
    domain_put_frame_for(use->user, use->mfn, use->write);
    if (unlikely((use->pins & (use->pins - 1)) != 0))
        domain_put_frame_for(use->user, use->mfn, use->write);
    unpin(d->grant, ref, use->pins, use->write);
    if (unlikely(use->next != NULL))
        end_next(use);
}

/* ---- Transfers ---- */

bool grant_awaits_frame(struct domain *d, grant_ref_t ref, const struct domain *from)
{
    struct grant_table *gt = d->grant;
    bool awaits = false;
    uint32_t marked;

    spin_lock(&gt->lock);
    if (ref < grant_entries(gt->version, gt->frames)) {
        uint32_t word = READ_ONCE(*grant_first_word(gt, ref));

        awaits = grant_use_transfer(word, from->id, &marked) == RULE_NONE;
    }
    spin_unlock(&gt->lock);
    return awaits;
}

enum rule_id grant_begin_transfer(struct domain *d, grant_ref_t ref, const struct domain *from,
                                  uint64_t *gfn)
{
    struct grant_table *gt = d->grant;
    enum rule_id rule = RULE_GRANT_26;

    spin_lock(&gt->lock);
    if (ref < grant_entries(gt->version, gt->frames)) {
        uint32_t *word = grant_first_word(gt, ref);
        uint32_t old = READ_ONCE(*word), new;
        bool done = false;

        for (unsigned int i = 0; i < ATTEMPTS && !done; i++) {
            rule = grant_use_transfer(old, from->id, &new);
            if (rule != RULE_NONE)
                break;
            done = atomic_cmpxchg(word, &old, new);
        }
        if (rule == RULE_NONE && !done)
            rule = RULE_GRANT_6;
        *gfn = gt->version == 1 ? READ_ONCE(grant_v1(gt, ref)->frame)
                                : READ_ONCE(grant_v2(gt, ref)->full_page.frame);
    }
    spin_unlock(&gt->lock);
    return rule;
}

void grant_end_transfer(struct domain *d, grant_ref_t ref, mfn_t mfn)
{
    struct grant_table *gt = d->grant;

    spin_lock(&gt->lock);
    /* The format may have changed, and the entry gone. */
    if (ref < grant_entries(gt->version, gt->frames)) {
        if (gt->version == 1)
            WRITE_ONCE(grant_v1(gt, ref)->frame, (uint32_t)mfn.n);
        else
            WRITE_ONCE(grant_v2(gt, ref)->full_page.frame, mfn.n);
        /* After the frame's number: the receiver waits for this. */
        atomic_or((uint16_t *)grant_first_word(gt, ref), GTF_transfer_completed);
    }
    spin_unlock(&gt->lock);
}
