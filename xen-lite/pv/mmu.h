/* SPDX-License-Identifier: MIT */
/*
 * Direct paging: the guest's page tables are the CPU's, and every change is checked here.
 *
 * docs/memory-types.md tells the rules and how long work is cut up. In short: all functions that
 * take a struct mmu run under the domain's mmu_lock, which mmu_begin() takes and mmu_end() drops,
 * and spend its budget; one that runs out says RULE_AGAIN, and is called again, with the same
 * arguments, after mmu_end() and mmu_begin().
 */
#ifndef XEN_LITE_PV_MMU_H
#define XEN_LITE_PV_MMU_H

#include "core/frame_type.h"
#include "core/pte_format.h"
#include "domain/memory.h"
#include "pv/pv.h"

/* Not done and nothing refused: go on later. Never seen by a guest. */
#define RULE_AGAIN ((enum rule_id)RULE_COUNT)

/* Entries that one hold of the lock looks at: about half a millisecond. */
#define MMU_BUDGET 4096

/* One hold of a domain's mmu_lock. */
struct mmu {
    struct domain *d;
    const struct pte_format *format; /* of d's tables */
    struct half_tables *half;
    unsigned int budget;
    /* What the last refusal was about: an entry of a table (or no table: the frame in .entry
     * alone). */
    mfn_t table;
    unsigned int index;
    uint64_t entry;
};

static inline void mmu_begin_with(struct mmu *m, struct domain *d, struct half_tables *half)
{
    spin_lock(&d->mmu_lock);
    m->d = d;
    m->format = d->pv->width->format;
    m->half = half;
    m->budget = MMU_BUDGET;
    m->table = INVALID_MFN;
    m->entry = 0;
}

/* v: whose call it is; any vCPU of the domain while it is being built. */
static inline void mmu_begin(struct mmu *m, struct vcpu *v)
{
    mmu_begin_with(m, v->domain, &v->pv->half);
}

/* d is being taken apart: it has no call and no vCPU runs. */
static inline void mmu_begin_dying(struct mmu *m, struct domain *d)
{
    mmu_begin_with(m, d, &d->pv->half);
}

static inline void mmu_end(struct mmu *m)
{
    spin_unlock(&m->d->mmu_lock);
}

/* Between two holds of the lock for one operation: lets others have it. False: the operation is to
 * be left, and continued later, because something else waits for this CPU. */
bool mmu_go_on(void);

bool mmu_settle_some(struct mmu *m);

/* Goes on taking down what earlier calls left. False: the budget is spent before all is done.
 * Before any operation that depends on types of frames. */
static inline bool mmu_settle(struct mmu *m)
{
    return likely(m->half->count == 0) || mmu_settle_some(m);
}

/* refuse() with the table, the entry and the frame that it names in words. Lock dropped before. */
long mmu_refuse(struct mmu *m, struct vcpu *v, enum rule_id rule);

/* ---- mmu_table.c: frames as tables ---- */

/* One more use of mfn as a table of that type, validated if it is none yet: both references.
 * RULE_NONE, a rule, or RULE_AGAIN; the last two leave the caller without references. */
enum rule_id mmu_table_get(struct mmu *m, mfn_t mfn, enum frame_type type);

/* One use less. What then nobody uses is left to mmu_settle(). */
void mmu_table_put(struct mmu *m, mfn_t mfn);

/* Leaves a partial table that was left by a call that never came back to mmu_settle(). */
void mmu_abandoned(struct mmu *m, struct frame *f);

/* A pin is one use that the guest holds. */
enum rule_id mmu_pin(struct mmu *m, mfn_t mfn, enum frame_type type);
enum rule_id mmu_unpin(struct mmu *m, mfn_t mfn);

/* ---- mmu_entry.c: entries ---- */

/* Which rule an L1 entry breaks that names a frame which is not the domain's. */
enum rule_id mmu_no_page_rule(uint64_t entry);

/* The reference that a present L1 entry stands for, and back. */
enum rule_id mmu_page_get(struct mmu *m, uint64_t entry);
void mmu_page_put(struct mmu *m, uint64_t entry);

/* Changes entry `index` of the validated L1 table at `table`. RULE_NONE, or a rule and nothing has
 * changed. */
enum rule_id mmu_write_l1_entry(struct mmu *m, mfn_t table, unsigned int index, uint64_t entry);

/* The same if the entry is still the expected one; RULE_AGAIN if it is not. */
enum rule_id mmu_replace_l1_entry(struct mmu *m, mfn_t table, unsigned int index, uint64_t expected,
                                  uint64_t entry);

/* mmu_update's change of 8 bytes at a machine address, in a table or in plain memory of the guest.
 * keep_ad: accessed and dirty bits that are set stay set. RULE_NONE, a rule, or RULE_AGAIN; nothing
 * has changed unless RULE_NONE. */
enum rule_id mmu_update_one(struct mmu *m, uint64_t address, uint64_t value, bool keep_ad);

/* Where v's kernel tables have the L1 entry of an address. INVALID_MFN: they have none. */
mfn_t mmu_walk(const struct vcpu *v, gva_t address, unsigned int *index);

/* ---- mmu_grant.c: entries for grants ---- */

/* Writes v's entry for a frame, whose reference the caller has and the entry gets. address: a
 * virtual one, or, with GNTMAP_contains_pte, that of the entry. GRANT-11. */
enum rule_id mmu_map_grant(struct vcpu *v, uint64_t address, uint32_t flags, mfn_t mfn);
/* Takes it away, if it maps that frame with those rights; the caller flushes, and then gives the
 * reference back. new_address: if not 0, the entry of that address takes its place. GRANT-11, -14.
 */
enum rule_id mmu_unmap_grant(struct vcpu *v, uint64_t address, uint32_t flags, mfn_t mfn,
                             uint64_t new_address);

/* ---- mmu_base.c: base pointers ---- */

/* A use of the frame as root table. What is wrong with the frame itself is told as a base pointer's
 * rule, not as that of an entry that names it. */
enum rule_id mmu_root_get(struct mmu *m, mfn_t mfn);

/* Makes mfn the root of v's kernel (and loads it if v is the current vCPU). The old one is left to
 * mmu_settle(). That of its programs: pv_width.set_user_table(). */
enum rule_id mmu_set_kernel_table(struct mmu *m, struct vcpu *v, mfn_t mfn);

/* ---- root64.c, root32.c: what the two widths have instead of each other; by pv_width only ---- */

/* pv_width.use_root: v->pv->kernel_table has been set: makes kernel_l4 lead to it. */
void mmu_use_root_64(struct mmu *m, struct vcpu *v);
void mmu_use_root_32(struct mmu *m, struct vcpu *v);
/* pv_width.set_user_table. */
enum rule_id mmu_set_user_table_64(struct mmu *m, struct vcpu *v, mfn_t mfn);
enum rule_id mmu_set_user_table_32(struct mmu *m, struct vcpu *v, mfn_t mfn);
/* pv_width.fill_table. */
void mmu_fill_table_64(const struct domain *d, enum frame_type type, uint64_t *table);
void mmu_fill_table_32(const struct domain *d, enum frame_type type, uint64_t *table);
/* pv_width.create_top. */
int mmu_create_top_64(struct vcpu *v);
int mmu_create_top_32(struct vcpu *v);
/* pv_width.destroy_top. */
void mmu_destroy_top_64(struct vcpu *v);
void mmu_destroy_top_32(struct vcpu *v);
/* pv_width.cr3_of, .cr3_mfn. */
uint64_t mmu_cr3_of_64(mfn_t root);
uint64_t mmu_cr3_of_32(mfn_t root);
mfn_t mmu_cr3_mfn_64(uint64_t cr3);
mfn_t mmu_cr3_mfn_32(uint64_t cr3);

/* The same for the builder: pins the root table as well, as guests expect of their first one.
 * RULE_AGAIN: not finished, to be called again. */
enum rule_id pv_start_tables(struct vcpu *v, mfn_t root);

/* ---- descriptor_tables.c ---- */

/* Sets v's GDT: entries <= GDT_GUEST_ENTRIES, a frame for each 512 of them. The caller flushes. */
enum rule_id mmu_set_gdt(struct mmu *m, struct vcpu *v, const mfn_t *frames, unsigned int entries);
/* Sets v's LDT, whose pages are mapped when they are used; loads it if v is the current vCPU.
 * RULE_DESC_3 for a bad address or size. */
enum rule_id mmu_set_ldt(struct mmu *m, struct vcpu *v, gva_t base, unsigned int entries);
/* Takes all LDT pages out of the window. The caller flushes. */
void mmu_empty_ldt_window(struct mmu *m, struct vcpu *v);
/* Writes one descriptor at a machine address. */
enum rule_id mmu_update_descriptor(struct mmu *m, uint64_t address, uint64_t descriptor);

/* ---- relinquish.c ---- */

/* guest_ops.relinquish: one step of giving back all frames of a dying domain that no CPU has
 * loaded. True when there are none left. */
bool pv_relinquish(struct domain *d);

/* ---- audit.c ---- */

/* Before the first domain: each is audited when it ends, and after the last one all memory must be
 * back. audit_run() tells of what was found as well. */
void audit_domains_at_end(void);
/* One step of that; true when it is done. */
bool audit_dying_domain(struct domain *d);

#endif
