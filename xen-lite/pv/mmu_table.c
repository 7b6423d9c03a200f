/* SPDX-License-Identifier: MIT */
/*
 * Frames as page tables: validating them and taking them down, in steps. See
 * docs/memory-types.md, "Validation in steps".
 *
 * Both directions walk a tree that is at most four deep, since an entry of a level-N table needs a
 * table of level N-1 and a frame has one type at a time; no recursion is needed. mmu_lock is held
 * throughout, so a table's type word has no other writer while its contents are being worked on.
 */
#include "pv/mmu.h"

/* Leaves a table that has become partial to mmu_settle(). The stack has room for all that one call
 * can leave; a frame that found none would stay partial, to no harm but its own use. */
static void push_half(struct mmu *m, struct frame *f)
{
    if (m->half->count < HALF_TABLES)
        m->half->table[m->half->count++] = frame_mfn(f);
}

/* What looking at a table costs apart from its present entries. */
#define TABLE_COST 64

static uint64_t *table_of(const struct frame *f)
{
    return mfn_to_virt(frame_mfn(f));
}

static enum frame_type type_of(const struct frame *f)
{
    return frame_type_of(f->type);
}

static bool spend(struct mmu *m, unsigned int cost)
{
    if (m->budget < cost) {
        m->budget = 0;
        return false;
    }
    m->budget -= cost;
    return true;
}

/* The first present entry at i or above, or PT_ENTRIES. Most tables are nearly empty: four at once.
 */
static unsigned int next_present(const uint64_t *table, unsigned int i)
{
    while (i % 4 != 0 && i < PT_ENTRIES && !pte_is_present(table[i]))
        i++;
    if (i % 4 == 0)
        while (i < PT_ENTRIES &&
               !pte_is_present(table[i] | table[i + 1] | table[i + 2] | table[i + 3]))
            i += 4;
    while (i < PT_ENTRIES && !pte_is_present(table[i]))
        i++;
    return i;
}

/* One above the last present entry below i, or 0. */
static unsigned int last_present(const uint64_t *table, unsigned int i)
{
    while (i % 4 != 0 && !pte_is_present(table[i - 1]))
        i--;
    if (i % 4 == 0)
        while (i != 0 && !pte_is_present(table[i - 1] | table[i - 2] | table[i - 3] | table[i - 4]))
            i -= 4;
    while (i != 0 && !pte_is_present(table[i - 1]))
        i--;
    return i;
}

/* ---- Up ---- */

/* Both references to a frame as a table; *child is set if it is to be validated by the caller. */
static enum rule_id take_table(struct mmu *m, mfn_t mfn, enum frame_type type, struct frame **child)
{
    struct frame *f = domain_frame_get(m->d, mfn);
    enum rule_id rule;
    bool partial;

    if (f == NULL)
        return RULE_MMU_6;
    partial = atomic_load(&f->type) & FRAME_PARTIAL;
    rule = frame_type_is_single(atomic_load(&f->type), type) ? RULE_MMU_37
                                                             : frame_get_type(m->d, f, type);
    if (rule != RULE_NONE) {
        domain_frame_put(m->d, f);
        return rule;
    }
    /* The state's own reference; its type reference has just become the caller's. Not the last. */
    if (partial)
        domain_frame_put(m->d, f);
    if (!(f->type & FRAME_VALIDATED))
        *child = f;
    return RULE_NONE;
}

static enum rule_id take_entry(struct mmu *m, uint64_t entry, unsigned int i, enum frame_type type,
                               struct frame **child)
{
    enum rule_id rule = pte_check_bits(m->format, type, entry);

    if (rule != RULE_NONE)
        return rule;
    if (type == FRAME_L1)
        return mmu_page_get(m, entry);
    return take_table(m, pte_mfn(entry), pte_child(m->format, type, i), child);
}

static void set_index(struct frame *f, unsigned int i)
{
    WRITE_ONCE(f->type, (f->type & ~FRAME_INDEX_MASK) | (uint64_t)i << FRAME_INDEX_SHIFT);
}

/* All of the guest's entries have been looked at: what else has to hold, and the hypervisor's own
 * entries. */
static enum rule_id complete(struct mmu *m, enum frame_type type, uint64_t *table, unsigned int *i)
{
    const struct pte_table *t = &m->format->table[type];

    if (t->fixed != PT_ENTRIES && !pte_is_present(table[t->fixed])) {
        *i = t->fixed;
        return RULE_MMU_36;
    }
    if (t->hv_first != PT_ENTRIES)
        m->d->pv->width->fill_table(m->d, type, table);
    return RULE_NONE;
}

/*
 * Goes on validating f from its index. RULE_NONE: done, and marked so, or *child is to be validated
 * first; the index is then one above the child's entry. Otherwise the index is the entry that was
 * refused or not looked at.
 */
static enum rule_id validate_entries(struct mmu *m, struct frame *f, struct frame **child)
{
    uint64_t *table = table_of(f);
    enum frame_type type = type_of(f);
    unsigned int i = frame_type_index(f->type);
    enum rule_id rule = spend(m, TABLE_COST) ? RULE_NONE : RULE_AGAIN;

    while (rule == RULE_NONE && (i = next_present(table, i)) < PT_ENTRIES) {
        if (!pte_slot_is_guests(m->format, type, i)) {
            i = m->format->table[type].hv_end;
            continue;
        }
        rule = spend(m, 1) ? take_entry(m, table[i], i, type, child) : RULE_AGAIN;
        if (rule != RULE_NONE)
            break;
        table[i] = pte_adjust(m->format, type, table[i]);
        i++;
        if (*child != NULL)
            break;
    }
    if (rule == RULE_NONE && *child == NULL)
        rule = complete(m, type, table, &i);
    set_index(f, i);
    if (rule != RULE_NONE) {
        m->table = frame_mfn(f);
        m->index = i;
        m->entry = table[i % PT_ENTRIES];
    } else if (*child == NULL) {
        WRITE_ONCE(f->type, frame_type_validated(f->type));
    }
    return rule;
}

/* Leaves the tables of a path, root first, as partial ones. The references that were taken on the
 * way down to each become the partial state's own. */
static void abandon(struct mmu *m, struct frame **path, unsigned int depth, enum rule_id rule)
{
    for (unsigned int k = 0; k <= depth; k++) {
        unsigned int i = frame_type_index(path[k]->type);

        /* An entry whose table was still being looked at does not count as done. */
        if (k < depth)
            i--;
        WRITE_ONCE(path[k]->type, frame_type_partial(path[k]->type, i));
        if (rule != RULE_AGAIN)
            push_half(m, path[k]);
    }
}

static enum rule_id validate(struct mmu *m, struct frame *root)
{
    struct frame *path[TABLE_LEVELS] = { root };
    unsigned int depth = 0;

    for (;;) {
        struct frame *child = NULL;
        enum rule_id rule = validate_entries(m, path[depth], &child);

        if (rule != RULE_NONE) {
            abandon(m, path, depth, rule);
            return rule;
        }
        if (child != NULL)
            path[++depth] = child;
        else if (depth-- == 0)
            return RULE_NONE;
    }
}

enum rule_id mmu_table_get(struct mmu *m, mfn_t mfn, enum frame_type type)
{
    struct frame *child = NULL;
    enum rule_id rule = take_table(m, mfn, type, &child);

    if (likely(rule == RULE_NONE && child == NULL))
        return RULE_NONE;
    if (child != NULL)
        return validate(m, child);
    m->table = INVALID_MFN;
    m->entry = mfn_to_paddr(mfn);
    return rule;
}

/* ---- Down ---- */

void mmu_table_put(struct mmu *m, mfn_t mfn)
{
    struct frame *f = frame_of(mfn);

    frame_unmapped(f);
    if (frame_put_type(f) == FRAME_PUT_KEPT) {
        domain_frame_put(m->d, f);
        return;
    }
    /* Partial now, and both references are the state's. */
    push_half(m, f);
}

/* Drops the references of f's entries from its index downwards, until all are dropped (true), the
 * budget is spent, or a table below has to be taken down first. */
static bool take_down_entries(struct mmu *m, struct frame *f)
{
    uint64_t *table = table_of(f);
    enum frame_type type = type_of(f);
    uint64_t removed = m->format->table[type].removed;
    unsigned int i = frame_type_index(f->type);
    unsigned int others = m->half->count;

    if (!spend(m, TABLE_COST))
        return false;
    while ((i = last_present(table, i)) != 0 && m->half->count == others) {
        if (!pte_slot_is_guests(m->format, type, i - 1)) {
            i = m->format->table[type].hv_first;
            continue;
        }
        if (!spend(m, 1))
            break;
        i--;
        if (type == FRAME_L1)
            mmu_page_put(m, table[i]);
        else
            mmu_table_put(m, pte_mfn(table[i]));
        if (removed != 0)
            table[i] &= ~removed;
    }
    set_index(f, i);
    return i == 0 && m->half->count == others;
}

/* The frame on top of the stack if it is still what it was put there for. */
static struct frame *half_top(struct mmu *m)
{
    struct frame *f = frame_of(m->half->table[m->half->count - 1]);

    if (READ_ONCE(f->node.owner) != m->d->id || !(atomic_load(&f->type) & FRAME_PARTIAL))
        return NULL;
    return f;
}

bool mmu_settle_some(struct mmu *m)
{
    while (m->half->count != 0) {
        struct frame *f = half_top(m);
        unsigned int count = m->half->count;

        if (f != NULL && !take_down_entries(m, f)) {
            if (m->half->count == count)
                return false;
            continue;
        }
        m->half->count--;
        if (f == NULL)
            continue;
        WRITE_ONCE(f->type, frame_type_taken_down(f->type));
        domain_frame_put(m->d, f);
    }
    return true;
}

void mmu_abandoned(struct mmu *m, struct frame *f)
{
    push_half(m, f);
}

/* ---- Pins ---- */

enum rule_id mmu_pin(struct mmu *m, mfn_t mfn, enum frame_type type)
{
    enum rule_id rule = mmu_table_get(m, mfn, type);

    /* Of the frame itself, not of one that an entry names. */
    if (rule == RULE_MMU_6 && !mfn_is_valid(m->table))
        return RULE_MMU_15;
    if (rule != RULE_NONE)
        return rule;
    if (atomic_fetch_or(&frame_of(mfn)->type, FRAME_PINNED) & FRAME_PINNED) {
        mmu_table_put(m, mfn);
        m->table = INVALID_MFN;
        m->entry = mfn_to_paddr(mfn);
        return RULE_MMU_16;
    }
    return RULE_NONE;
}

enum rule_id mmu_unpin(struct mmu *m, mfn_t mfn)
{
    struct frame *f = domain_frame_get(m->d, mfn);
    bool pinned;

    m->table = INVALID_MFN;
    m->entry = mfn_to_paddr(mfn);
    if (f == NULL)
        return RULE_MMU_15;
    pinned = atomic_fetch_and(&f->type, ~FRAME_PINNED) & FRAME_PINNED;
    domain_frame_put(m->d, f);
    if (!pinned)
        return RULE_MMU_17;
    mmu_table_put(m, mfn);
    return RULE_NONE;
}
