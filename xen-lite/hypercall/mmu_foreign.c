/* SPDX-License-Identifier: MIT */
/*
 * mmu_update with a foreigndom argument other than DOMID_SELF. See mmu_update.c.
 *
 * The lower half names the domain whose frames the new entries name, the upper half, plus 1, the
 * one whose tables are changed. Without privilege no domain but the caller will do, and each
 * element is refused. What is left is DOMID_IO as the owner of frames: memory of devices, of which
 * no domain has any. So entries cannot be made present in its name; but what names no frame can be
 * written, and the order of the errors is the guest's to see.
 */
#include "core/pte.h"
#include "hv/work.h"
#include "hypercall/mmu_batch.h"
#include "pv/mmu.h"

/* What a call's argument means. */
struct foreign {
    bool tables;         /* the tables are those of another domain, which exists */
    enum rule_id frames; /* what forbids the domain that the frames belong to */
    bool devices;        /* that is DOMID_IO */
};

/* An entry in the name of DOMID_IO, with the lock held. Above L1 an entry names a table, and that
 * cannot be in a device (MMU-27). */
static enum rule_id write_device_entry(struct mmu *m, const struct mmu_update *u)
{
    uint64_t address = u->ptr & ~(sizeof(uint64_t) - 1);
    struct frame *f = domain_frame_get(m->d, paddr_to_mfn(address));
    enum rule_id rule = RULE_NONE;
    uint64_t type;

    if (f == NULL)
        return RULE_MMU_1;
    type = atomic_load(&f->type);
    domain_frame_put(m->d, f);

    if ((type & FRAME_VALIDATED) && frame_type_is_table(frame_type_of(type))) {
        if (frame_type_of(type) != FRAME_L1)
            return RULE_MMU_27;
        if (pte_is_present(u->val))
            rule = pte_check_bits(m->format, FRAME_L1, u->val);
        if (pte_is_present(u->val) && rule == RULE_NONE)
            rule = mmu_no_page_rule(u->val);
    }
    if (rule != RULE_NONE)
        return rule;
    return mmu_update_one(m, address, u->val, (u->ptr & ~address) == MMU_PT_UPDATE_PRESERVE_AD);
}

/* One element, with the lock held. The command is looked at before the domain is. */
static enum rule_id update(struct mmu *m, const struct foreign *foreign, const struct mmu_update *u)
{
    unsigned int command = u->ptr % sizeof(uint64_t);

    m->entry = u->val;
    if (command > MMU_PT_UPDATE_NO_TRANSLATE)
        return RULE_MMU_24;
    if (foreign->tables)
        return RULE_MMU_29;
    if (!foreign->devices)
        return foreign->frames;
    if (command == MMU_MACHPHYS_UPDATE)
        return RULE_MMU_23;
    return mmu_settle(m) ? write_device_entry(m, u) : RULE_AGAIN;
}

/* 0, a refusal, or HCALL_AGAIN. */
static long run_element(struct vcpu *v, struct mmu_batch *b, const struct foreign *foreign)
{
    gva_t from = guest_index(b->list, b->i, b->size);
    struct mmu_update u;
    enum rule_id rule;
    struct mmu m;

    mmu_batch_at(v, b);
    if (guest_copy_in(&u, from, sizeof(u)) != 0)
        return refuse(v, RULE_HCALL_2, "element at %lx", from.n);

    mmu_begin(&m, v);
    rule = update(&m, foreign, &u);
    mmu_end(&m);

    if (rule == RULE_AGAIN)
        return mmu_go_on() ? 0 : HCALL_AGAIN;
    if (rule != RULE_NONE)
        return mmu_refuse(&m, v, rule);
    b->i++;
    return b->i < b->count && preempt_wanted() ? HCALL_AGAIN : 0;
}

/* Whose tables, by the upper half: RULE_NONE and *others, or MMU-32 for nobody's. */
static enum rule_id find_tables(const struct vcpu *v, uint16_t upper, bool *others)
{
    struct domain *d;

    *others = false;
    if (upper == 0 || upper - 1 == v->domain->id)
        return RULE_NONE;
    d = domain_get((uint16_t)(upper - 1));
    if (d == NULL)
        return RULE_MMU_32;
    domain_put(d);
    *others = true;
    return RULE_NONE;
}

long mmu_update_foreign(struct hcall *h, struct mmu_batch *b, bool *self)
{
    uint32_t argument = (uint32_t)h->arg[3];
    struct foreign foreign;
    enum rule_id rule = find_tables(h->v, (uint16_t)(argument >> 16), &foreign.tables);
    long result = 0;

    *self = false;
    if (rule != RULE_NONE)
        return refuse(h->v, rule, "foreign domain argument %x", argument);
    foreign.frames = mmu_foreign_rule(h->v, (uint16_t)argument);
    foreign.devices = (uint16_t)argument == DOMID_IO;
    if (foreign.frames == RULE_MMU_28)
        return mmu_batch_end(h, b, refuse(h->v, RULE_MMU_28, "foreign domain 0x%x", argument));

    *self = !foreign.tables && foreign.frames == RULE_NONE;
    if (*self)
        return 0;
    while (b->i < b->count && result == 0)
        result = run_element(h->v, b, &foreign);
    return mmu_batch_end(h, b, result);
}
