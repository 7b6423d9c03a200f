/* SPDX-License-Identifier: MIT */
/*
 * The frame table: one entry for each machine frame of RAM, found by index.
 *
 * A frame is at any time free, the hypervisor's, or a domain's. A domain's frame has two counts.
 * The *total* count holds one reference for the allocation (flag ALLOCATED), one for each PTE that
 * maps it, each pin, each use as a table. The *type* count holds the references that rely on what
 * the frame is at present: writable memory, a page table of one level, a descriptor page. The type
 * changes only while the type count is 0. Both words change by compare-and-swap, so that any CPU
 * may take or drop a reference without a lock; what the words may become is decided by pure
 * functions (core/frame_type.h).
 */
#ifndef XEN_LITE_HV_FRAME_H
#define XEN_LITE_HV_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buddy.h"
#include "core/frame_type.h"
#include "lib/types.h"
#include "x86/layout.h"

/* Owners that are not domains. Domain ids begin at 1. */
#define FRAME_OWNER_NONE 0      /* free */
#define FRAME_OWNER_HV   0x7ff2 /* the hypervisor's own (DOMID_XEN) */
#define FRAME_OWNER_HOLE 0x7ff1 /* far from any RAM: the entry is shared and read-only */

/*
 * Invariants: a frame with references is a domain's; with count 0 it is free, the hypervisor's, or
 * on its way from one to the other in the hands of one CPU. No type reference without a total
 * reference.
 *
 * Keys: a = atomic; b = the buddy's lock while free; p = the owner's page lock; o = written only
 * while no reference exists, read by anyone.
 */
struct frame {
    uint64_t count; /* a: total references and flags (core/frame_type.h) */
    uint64_t type;  /* a: type, flags, resume index and type count (core/frame_type.h) */
    /* b while free. While owned, p: .next and .prev link the owner's page list. o: .owner is the
     * domain id or FRAME_OWNER_*; a hole of that struct, not the buddy's. */
    struct buddy_node node;
    /* Value of the TLB clock when the last mapping, or use as a table, went away. Written by
     * whoever holds the reference that goes, before it goes; under the owner's mmu_lock, so that of
     * two the later stands. Writers without a lock in common would have to keep the larger. */
    uint32_t tlb_stamp;
};

_Static_assert(sizeof(struct frame) <= 32, "the frame table is 0.8 % of RAM");

/* Frames known to the table: indexes 0 .. frame_limit()-1; beyond are device memory and nothing.
 * Set by frame_table_init(), then constant. */
extern uint64_t frame_count;
static inline uint64_t frame_limit(void)
{
    return frame_count;
}

static inline struct frame *frame_table(void)
{
    return (struct frame *)FRAME_TABLE_BASE;
}

/* The entry of an mfn that the hypervisor knows to be RAM. */
static inline struct frame *frame_of(mfn_t mfn)
{
    return &frame_table()[mfn.n];
}

/* The frame's entry, or null if there is none: beyond the end of RAM, or in a hole. Frames that are
 * not RAM but close to it have an entry like a free frame's, for ever. */
static inline struct frame *frame_find(mfn_t mfn)
{
    struct frame *f;

    if (mfn.n >= frame_count)
        return NULL;
    f = frame_of(mfn);
    return f->node.owner == FRAME_OWNER_HOLE ? NULL : f;
}

static inline mfn_t frame_mfn(const struct frame *f)
{
    return MFN((unsigned long)(f - frame_table()));
}

/* Direct-map address of a frame and back. */
static inline void *mfn_to_virt(mfn_t mfn)
{
    return (void *)(DIRECT_MAP_BASE + ((uint64_t)mfn.n << PAGE_SHIFT));
}

static inline mfn_t virt_to_mfn(const void *p)
{
    return MFN(((uintptr_t)p - DIRECT_MAP_BASE) >> PAGE_SHIFT);
}

/* M2P: what guest frame number a machine frame has. Never trusted by the hypervisor; guests see it
 * read-only. To be set by m2p_set() (hv/m2p.h). */
#define M2P_INVALID (~0UL)
static inline unsigned long *m2p_entry(mfn_t mfn)
{
    return (unsigned long *)M2P_RW_BASE + mfn.n;
}

/* Called once at boot, after paging_init(): maps table and M2P for all RAM. Free RAM is then given
 * to the buddy by alloc_init(). */
void frame_table_init(void);

/* The buddy over the frame table: for alloc.c. */
void frame_table_setup_buddy(struct buddy *buddy);

#endif
