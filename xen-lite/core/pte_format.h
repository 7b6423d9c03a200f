/* SPDX-License-Identifier: MIT */
/*
 * Page tables of guests: what the entries of each type of table may hold, and what the hypervisor
 * makes of them, as one constant table for each width of a guest.
 *
 * The hard idea of 64 bits: the guest's kernel runs in ring 3, so every present entry needs USER,
 * also the kernel's. The guest's own wish is kept in two other bits of an L1 entry, as the ABI has
 * it: GLOBAL says that the guest had set USER, bit 52 that it had not. Guests read these bits back.
 *
 * That of 32 bits: the guest has the three levels of PAE, and the CPU is in long mode. What a PAE
 * CPU would refuse in an L3 entry (RW, USER) this one needs, and it sees 512 entries where the
 * guest has four. The last of the four leads to the L2 table that holds the hypervisor's entries.
 */
#ifndef CORE_PTE_FORMAT_H
#define CORE_PTE_FORMAT_H

#include "core/frame_type.h"
#include "core/pte.h"
#include "core/rules.h"

/* Bits that no present L1 entry may have, at either width. All others are an address, have a
 * meaning that does no harm, or are the guest's own. */
#define PTE_REFUSED_L1 (PTE_PWT | PTE_PCD | PTE_PAT)

/* Of one type of table. */
struct pte_table {
    uint64_t refused; /* bits that no present entry may have; of L1 see above */
    uint64_t added;   /* that every present entry gets when the table becomes one; not of L1 */
    uint64_t removed; /* that it loses when the table is none any more */
    /* Entries [hv_first, hv_end) are not the guest's; slot_rule says so. Both PT_ENTRIES: all are
     * the guest's. */
    uint16_t hv_first, hv_end;
    uint16_t fixed;      /* must be present, and stays as it is; PT_ENTRIES: there is none */
    uint16_t slot_rule;  /* enum rule_id */
    uint8_t child;       /* what an entry's frame is: enum frame_type, FRAME_NONE for a page */
    uint8_t fixed_child; /* the same of the fixed entry */
};

struct pte_format {
    /* Addresses that the guest may map: below the first, and from the second on. */
    uint64_t low_end, high_start;
    bool marks_kernel; /* L1 entries say by bit 52 and GLOBAL what the guest had in USER */
    bool halves;       /* an L1 entry may be written in two halves, the upper one first */
    uint8_t root;      /* enum frame_type of a root table */
    struct pte_table table[FRAME_L2_LAST + 1];
};

extern const struct pte_format pte_format_32, pte_format_64;

/* Which rule a present entry breaks that has a refused bit. */
enum rule_id pte_bits_rule(const struct pte_format *f, enum frame_type type, uint64_t entry);

/* Whether a present entry of a table of that type has a bit that it may not have. */
static inline enum rule_id pte_check_bits(const struct pte_format *f, enum frame_type type,
                                          uint64_t entry)
{
    uint64_t refused = type == FRAME_L1 ? PTE_REFUSED_L1 : f->table[type].refused;

    if (likely((entry & refused) == 0))
        return RULE_NONE;
    return pte_bits_rule(f, type, entry);
}

/* What is written in place of a present entry that the guest asked for. */
static inline uint64_t pte_adjust(const struct pte_format *f, enum frame_type type, uint64_t entry)
{
    if (type != FRAME_L1)
        return entry | f->table[type].added;
    if (!f->marks_kernel)
        return entry;
    if (!(entry & PTE_USER))
        entry |= PTE_GUEST_KERNEL | PTE_USER;
    if (!(entry & PTE_GUEST_KERNEL))
        entry |= PTE_GLOBAL | PTE_USER;
    return entry;
}

/* False for the entries that are the hypervisor's. */
static inline bool pte_slot_is_guests(const struct pte_format *f, enum frame_type type,
                                      unsigned int index)
{
    return type == FRAME_L1 || index < f->table[type].hv_first || index >= f->table[type].hv_end;
}

/* Whether entry `index` of a table that is in use may be changed, whatever to. */
static inline enum rule_id pte_slot_rule(const struct pte_format *f, enum frame_type type,
                                         unsigned int index)
{
    if (likely(type == FRAME_L1 ||
               (pte_slot_is_guests(f, type, index) && index != f->table[type].fixed)))
        return RULE_NONE;
    return (enum rule_id)f->table[type].slot_rule;
}

/* What the frame must be that entry `index` names: a table of that type, or FRAME_NONE: a page. */
static inline enum frame_type pte_child(const struct pte_format *f, enum frame_type type,
                                        unsigned int index)
{
    const struct pte_table *t = &f->table[type];

    if (type == FRAME_L1)
        return FRAME_NONE;
    return (enum frame_type)(index == t->fixed ? t->fixed_child : t->child);
}

/* An address that the guest may map and use. */
static inline bool pte_address_ok(const struct pte_format *f, uint64_t address)
{
    return address < f->low_end || address >= f->high_start;
}

#endif
