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

enum rule_id mmu_page_get(struct mmu *m, uint64_t entry)
{
    struct frame *f = domain_frame_get(m->d, pte_mfn(entry));
    enum rule_id rule;

    if (unlikely(f == NULL)) {
        if ((entry & PTE_ADDRESS) >> features.address_bits)
            return RULE_MMU_2;
        return frame_find(pte_mfn(entry)) == NULL ? RULE_MMU_13 : RULE_MMU_5;
    }
    if (!(entry & PTE_WRITABLE))
        return RULE_NONE;
    rule = frame_get_type(m->d, f, FRAME_WRITABLE);
    if (unlikely(rule != RULE_NONE))
        domain_frame_put(m->d, f);
    return rule;
}

void mmu_page_put(struct mmu *m, uint64_t entry)
{
    struct frame *f = frame_of(pte_mfn(entry));

    frame_unmapped(f);
    if (entry & PTE_WRITABLE)
        (void)frame_put_type(f);
    domain_frame_put(m->d, f);
}

static enum rule_id entry_get(struct mmu *m, uint64_t entry, unsigned int level)
{
    return level == 1 ? mmu_page_get(m, entry) : mmu_table_get(m, pte_mfn(entry), level - 1);
}

static void entry_put(struct mmu *m, uint64_t entry, unsigned int level)
{
    if (!pte_is_present(entry))
        return;
    if (level == 1)
        mmu_page_put(m, entry);
    else
        mmu_table_put(m, pte_mfn(entry));
}

/* How the new entry is put in place of the old one. */
struct how {
    bool keep_ad;             /* accessed and dirty bits that are set stay set */
    const uint64_t *expected; /* not null: only if the old one is this */
};

/* Writes the entry; *old is the one that was there. False: it was not as expected. */
static bool exchange(uint64_t *slot, uint64_t entry, const struct how *how, uint64_t *old)
{
    uint64_t new;

    if (how->expected != NULL) {
        *old = *how->expected;
        return atomic_cmpxchg(slot, old, entry);
    }
    if (!how->keep_ad) {
        *old = atomic_exchange(slot, entry);
        return true;
    }
    *old = READ_ONCE(*slot);
    do
        new = entry | (*old & (PTE_ACCESSED | PTE_DIRTY));
    while (!atomic_cmpxchg(slot, old, new));
    return true;
}

/* The change of an entry whose bits are right. */
static enum rule_id change(struct mmu *m, uint64_t *slot, unsigned int level, uint64_t entry,
                           const struct how *how)
{
    uint64_t old = READ_ONCE(*slot);
    enum rule_id rule;

    if (!pte_is_present(entry)) {
        if (!exchange(slot, entry, how, &old))
            return RULE_AGAIN;
        entry_put(m, old, level);
        return RULE_NONE;
    }
    if (pte_is_present(old) && pte_same_reference(old, entry))
        return exchange(slot, pte_adjust(entry, level), how, &old) ? RULE_NONE : RULE_AGAIN;

    rule = entry_get(m, entry, level);
    if (unlikely(rule != RULE_NONE))
        return rule;
    if (unlikely(!exchange(slot, pte_adjust(entry, level), how, &old))) {
        entry_put(m, entry, level);
        return RULE_AGAIN;
    }
    entry_put(m, old, level);
    return RULE_NONE;
}

static enum rule_id write_entry(struct mmu *m, mfn_t table, unsigned int index, uint64_t entry,
                                const struct how *how)
{
    uint64_t *slot = (uint64_t *)mfn_to_virt(table) + index;
    unsigned int level = frame_type_of(frame_of(table)->type);
    enum rule_id rule = RULE_NONE;

    m->table = INVALID_MFN;
    if (unlikely(!pte_slot_is_guests(index, level)))
        rule = RULE_MMU_12;
    else if (pte_is_present(entry))
        rule = pte_check_bits(entry, level);
    if (likely(rule == RULE_NONE))
        rule = change(m, slot, level, entry, how);
    /* A table that was refused for one of its own entries has noted that one. */
    if (unlikely(rule != RULE_NONE && !mfn_is_valid(m->table)))
        note(m, table, index, entry);
    return rule;
}

enum rule_id mmu_write_entry(struct mmu *m, mfn_t table, unsigned int index, uint64_t entry,
                             bool keep_ad)
{
    const struct how how = { .keep_ad = keep_ad };

    return write_entry(m, table, index, entry, &how);
}

enum rule_id mmu_replace_entry(struct mmu *m, mfn_t table, unsigned int index, uint64_t expected,
                               uint64_t entry)
{
    const struct how how = { .expected = &expected };

    return write_entry(m, table, index, entry, &how);
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
    m->table = INVALID_MFN;
    type = atomic_load(&f->type);
    if (likely((type & FRAME_VALIDATED) && frame_type_is_table(frame_type_of(type))))
        rule = mmu_write_entry(m, mfn, index, value, keep_ad);
    else
        rule = write_plain(m, f, (uint64_t *)mfn_to_virt(mfn) + index, value);
    if (unlikely(rule == RULE_MMU_27))
        note(m, INVALID_MFN, 0, address);
    domain_frame_put(m->d, f);
    return rule;
}

mfn_t mmu_walk(const struct vcpu *v, gva_t address, unsigned int *index)
{
    mfn_t table = v->pv->kernel_table;

    if (unlikely(!guest_address_ok(address.n)))
        return INVALID_MFN;
    for (unsigned int level = 4; level > 1; level--) {
        const uint64_t *entries = mfn_to_virt(table);
        uint64_t entry = READ_ONCE(entries[pte_index(address.n, level)]);

        if (unlikely(!pte_is_present(entry)))
            return INVALID_MFN;
        table = pte_mfn(entry);
    }
    *index = pte_index(address.n, 1);
    return table;
}
