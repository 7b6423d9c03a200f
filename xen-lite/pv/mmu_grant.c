/* SPDX-License-Identifier: MIT */
/*
 * The entries of page tables that map grants.
 *
 * Such an entry is like any other L1 entry, but that its frame is another domain's; the reference
 * that it stands for was taken by who calls here (domain/grant_pin.c), since it comes from the
 * grant and not from owning the frame. It is given back by whoever takes the entry away.
 *
 * All of these work on v, the current vCPU, which has nothing half taken down, and take its
 * domain's mmu_lock themselves.
 */
#include "domain/grant.h"
#include "pv/mmu.h"
#include "x86/feature.h"

/* Where an entry is. */
struct slot {
    mfn_t table;
    unsigned int index;
    uint64_t *entry;
};

/* The entry at a machine address (is_entry), or that of a virtual address. False: there is none in
 * an L1 table of the caller's. */
static inline bool find_slot(struct mmu *m, const struct vcpu *v, uint64_t address, bool is_entry,
                             struct slot *slot)
{
    if (is_entry) {
        struct frame *f;

        if (address % sizeof(uint64_t) != 0)
            return false;
        slot->table = paddr_to_mfn(address);
        slot->index = address % PAGE_SIZE / sizeof(uint64_t);
        f = domain_frame_get(m->d, slot->table);
        if (f == NULL)
            return false;
        /* With the lock held it stays what it is, also without this reference. */
        is_entry = frame_type_is_valid(atomic_load(&f->type), FRAME_L1);
        domain_frame_put(m->d, f);
        if (!is_entry)
            return false;
    } else {
        slot->table = mmu_walk(v, GVA(address), &slot->index);
        if (!mfn_is_valid(slot->table))
            return false;
    }
    slot->entry = (uint64_t *)mfn_to_virt(slot->table) + slot->index;
    return true;
}

/* What an entry for a mapping with those GNTMAP_* flags is, before the width's adjustment. */
static uint64_t entry_for(mfn_t mfn, uint32_t flags)
{
    uint64_t entry = mfn_to_paddr(mfn) | PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY;

    if (features.nx)
        entry |= PTE_NX;
    if (flags & GNTMAP_application_map)
        entry |= PTE_USER;
    if (!(flags & GNTMAP_readonly))
        entry |= PTE_WRITABLE;
    /* Three of the sixteen bits have a place in the entry. */
    return entry | ((uint64_t)(flags >> 16) * (PTE_AVAILABLE & -PTE_AVAILABLE) & PTE_AVAILABLE);
}

enum rule_id mmu_map_grant(struct vcpu *v, uint64_t address, uint32_t flags, mfn_t mfn)
{
    enum rule_id rule = RULE_GRANT_11;
    struct slot slot;
    struct mmu m;

    mmu_begin(&m, v);
    if (find_slot(&m, v, address, flags & GNTMAP_contains_pte, &slot)) {
        uint64_t entry = pte_adjust(m.format, FRAME_L1, entry_for(mfn, flags));
        uint64_t old = atomic_exchange(slot.entry, entry);

        if (pte_is_present(old))
            mmu_page_put(&m, old);
        rule = RULE_NONE;
    }
    mmu_end(&m);
    return rule;
}

/* The entry maps the frame, and with no other rights than the flags say. */
static bool maps(uint64_t entry, mfn_t mfn, uint32_t flags)
{
    return pte_is_present(entry) && pte_mfn(entry).n == mfn.n &&
           !(entry & PTE_WRITABLE) == !!(flags & GNTMAP_readonly);
}

/* Takes the entry at new_address away, to put it elsewhere: *entry. False: there is none, or it is
 * the other one. */
static bool take_entry(struct mmu *m, const struct vcpu *v, uint64_t new_address,
                       const struct slot *other, uint64_t *entry)
{
    struct slot slot;

    if (!find_slot(m, v, new_address, false, &slot) || slot.entry == other->entry)
        return false;
    *entry = atomic_exchange(slot.entry, 0);
    return true;
}

enum rule_id mmu_unmap_grant(struct vcpu *v, uint64_t address, uint32_t flags, mfn_t mfn,
                             uint64_t new_address)
{
    bool is_entry = flags & GNTMAP_contains_pte;
    enum rule_id rule = RULE_NONE;
    uint64_t entry = 0;
    struct slot slot;
    struct mmu m;

    mmu_begin(&m, v);
    if (!find_slot(&m, v, address, is_entry, &slot))
        rule = RULE_GRANT_11;
    else if (!maps(READ_ONCE(*slot.entry), mfn, flags))
        rule = RULE_GRANT_14;
    else if (new_address != 0 && (is_entry || !take_entry(&m, v, new_address, &slot, &entry)))
        rule = RULE_GRANT_11;
    else
        /* Cannot be another meanwhile: the lock is held, and the CPU sets accessed and dirty bits
         * only. */
        (void)atomic_exchange(slot.entry, entry);
    mmu_end(&m);
    return rule;
}
