/* SPDX-License-Identifier: MIT */
/*
 * Changing single entries of page tables.
 *
 * Order in a change: the new entry's reference is taken, the entry is exchanged, the old entry's
 * reference is dropped. So whatever is mapped at any moment has its reference, and a refused change
 * has changed nothing. The exchange is atomic because the CPUs that walk the table set accessed and
 * dirty bits in it.
 */
#include "pv/mmu.h"

#include "x86/feature.h"

static void note(struct mmu *m, mfn_t table, unsigned int index, uint64_t entry)
{
    m->table = table;
    m->index = index;
    m->entry = entry;
}

/* ---- References ---- */

/* What is below 1 MiB belongs to the firmware and its devices, also where it is RAM. */
#define LOW_FRAMES (MIB / PAGE_SIZE)

#define FOREIGN_COST 64U

NOINLINE enum rule_id mmu_no_page_rule(uint64_t entry)
{
    if ((entry & PTE_ADDRESS) == PTE_ADDRESS)
        return RULE_MMU_33;
    if ((entry & PTE_ADDRESS) >> features.address_bits)
        return RULE_MMU_2;
    if (pte_mfn(entry).n < LOW_FRAMES || frame_find(pte_mfn(entry)) == NULL)
        return RULE_MMU_13;
    return RULE_MMU_5;
}

static inline enum rule_id page_get(struct mmu *m, uint64_t entry)
{
    struct frame *f = domain_frame_get(m->d, pte_mfn(entry));
    enum rule_id rule;

    if (unlikely(f == NULL))
        return mmu_no_page_rule(entry);
    if (!(entry & PTE_WRITABLE))
        return RULE_NONE;
    rule = frame_get_type(m->d, f, FRAME_WRITABLE);
    if (unlikely(rule != RULE_NONE))
        domain_frame_put(m->d, f);
    return rule;
}

static inline void page_put(struct mmu *m, uint64_t entry)
{
    struct frame *f = frame_of(pte_mfn(entry));

    if (unlikely(READ_ONCE(f->node.owner) != m->d->id)) {
        /* A grant's. Costs a flush: as much as some entries. */
        m->budget -= min(m->budget, FOREIGN_COST);
        domain_put_foreign_mapping(m->d, f, entry & PTE_WRITABLE);
        return;
    }
    frame_unmapped(f);
    if (entry & PTE_WRITABLE)
        (void)frame_put_type(f);
    domain_frame_put(m->d, f);
}

enum rule_id mmu_page_get(struct mmu *m, uint64_t entry)
{
    return page_get(m, entry);
}

void mmu_page_put(struct mmu *m, uint64_t entry)
{
    page_put(m, entry);
}

/* Of entry `index` of a table of that type. */
static inline enum rule_id entry_get(struct mmu *m, uint64_t entry, unsigned int index,
                                     enum frame_type type)
{
    if (likely(type == FRAME_L1))
        return page_get(m, entry);
    return mmu_table_get(m, pte_mfn(entry), pte_child(m->format, type, index));
}

static inline void entry_put(struct mmu *m, uint64_t entry, enum frame_type type)
{
    if (!pte_is_present(entry))
        return;
    if (likely(type == FRAME_L1))
        page_put(m, entry);
    else
        mmu_table_put(m, pte_mfn(entry));
}

/* ---- Changes ---- */

/* Writes the entry and returns the one that was there. */
static inline uint64_t exchange(uint64_t *slot, uint64_t entry, bool keep_ad)
{
    uint64_t old, new;

    if (!keep_ad)
        return atomic_exchange(slot, entry);
    old = READ_ONCE(*slot);
    do
        new = entry | (old & (PTE_ACCESSED | PTE_DIRTY));
    while (!atomic_cmpxchg(slot, &old, new));
    return old;
}

/* Whether the entry may stand there, and its reference if it needs one of its own: *same says that
 * the old one's will do. */
static inline enum rule_id accept(struct mmu *m, uint64_t old, unsigned int index,
                                  enum frame_type type, uint64_t entry, bool *same)
{
    enum rule_id rule = pte_slot_rule(m->format, type, index);

    *same = false;
    if (unlikely(rule != RULE_NONE))
        return rule;
    if (!pte_is_present(entry))
        return RULE_NONE;
    rule = pte_check_bits(m->format, type, entry);
    if (unlikely(rule != RULE_NONE))
        return rule;
    *same = pte_is_present(old) && pte_same_reference(old, entry);
    return *same ? RULE_NONE : entry_get(m, entry, index, type);
}

/* Remembers what was refused, unless a table below was refused for an entry of its own, and has
 * noted that. */
static NOINLINE enum rule_id refused(struct mmu *m, mfn_t table, unsigned int index, uint64_t entry,
                                     enum rule_id rule)
{
    if (frame_type_of(frame_of(table)->type) == FRAME_L1 || !mfn_is_valid(m->table))
        note(m, table, index, entry);
    return rule;
}

static inline uint64_t adjusted(const struct mmu *m, uint64_t entry, enum frame_type type)
{
    return pte_is_present(entry) ? pte_adjust(m->format, type, entry) : entry;
}

static ALWAYS_INLINE enum rule_id write_entry(struct mmu *m, mfn_t table, enum frame_type type,
                                              unsigned int index, uint64_t entry, bool keep_ad)
{
    uint64_t *slot = (uint64_t *)mfn_to_virt(table) + index;
    uint64_t old = READ_ONCE(*slot);
    enum rule_id rule;
    bool same;

    rule = accept(m, old, index, type, entry, &same);
    if (unlikely(rule != RULE_NONE))
        return refused(m, table, index, entry, rule);
    old = exchange(slot, adjusted(m, entry, type), keep_ad);
    if (!same)
        entry_put(m, old, type);
    return RULE_NONE;
}

enum rule_id mmu_write_l1_entry(struct mmu *m, mfn_t table, unsigned int index, uint64_t entry)
{
    return write_entry(m, table, FRAME_L1, index, entry, false);
}

enum rule_id mmu_replace_l1_entry(struct mmu *m, mfn_t table, unsigned int index, uint64_t expected,
                                  uint64_t entry)
{
    uint64_t *slot = (uint64_t *)mfn_to_virt(table) + index;
    enum rule_id rule;
    bool same;

    rule = accept(m, expected, index, FRAME_L1, entry, &same);
    if (unlikely(rule != RULE_NONE))
        return refused(m, table, index, entry, rule);
    if (unlikely(!atomic_cmpxchg(slot, &expected, adjusted(m, entry, FRAME_L1)))) {
        if (!same)
            entry_put(m, entry, FRAME_L1);
        return RULE_AGAIN;
    }
    if (!same)
        entry_put(m, expected, FRAME_L1);
    return RULE_NONE;
}

/* What is no table is plain memory: the guest could write it itself, and may have it done here. */
static enum rule_id write_plain(struct mmu *m, struct frame *f, uint64_t *slot, uint64_t value)
{
    if (frame_get_type(m->d, f, FRAME_WRITABLE) != RULE_NONE)
        return RULE_MMU_27;
    WRITE_ONCE(*slot, value);
    (void)frame_put_type(f);
    return RULE_NONE;
}

enum rule_id mmu_update_one(struct mmu *m, uint64_t address, uint64_t value, bool keep_ad)
{
    mfn_t mfn = paddr_to_mfn(address);
    unsigned int index = (address % PAGE_SIZE) / sizeof(uint64_t);
    struct frame *f = domain_frame_get(m->d, mfn);
    enum rule_id rule;
    uint64_t type;

    if (unlikely(f == NULL)) {
        note(m, INVALID_MFN, 0, address);
        return RULE_MMU_1;
    }
    type = atomic_load(&f->type);
    if (likely((type & FRAME_VALIDATED) && frame_type_is_table(frame_type_of(type))))
        rule = write_entry(m, mfn, frame_type_of(type), index, value, keep_ad);
    else
        rule = write_plain(m, f, (uint64_t *)mfn_to_virt(mfn) + index, value);
    if (unlikely(rule == RULE_MMU_27))
        note(m, INVALID_MFN, 0, address);
    domain_frame_put(m->d, f);
    return rule;
}

/* To the table that an entry of *table names. False: it names none. */
static inline bool descend(mfn_t *table, unsigned int index)
{
    uint64_t entry = READ_ONCE(((const uint64_t *)mfn_to_virt(*table))[index]);

    *table = pte_mfn(entry);
    return likely(pte_is_present(entry));
}

mfn_t mmu_walk(const struct vcpu *v, gva_t address, unsigned int *index)
{
    mfn_t table = v->pv->kernel_l4;

    if (unlikely(!pte_address_ok(v->pv->width->format, address.n)) ||
        !descend(&table, pte_index(address.n, 4)) || !descend(&table, pte_index(address.n, 3)) ||
        !descend(&table, pte_index(address.n, 2)))
        return INVALID_MFN;
    *index = pte_index(address.n, 1);
    return table;
}
