/* SPDX-License-Identifier: MIT */
/*
 * The audit: forgets all counts of frames and computes them anew from what can be seen.
 *
 * A frame's counts are right if each reference has an owner that can be named: the allocation, an
 * entry of a table, a pin, a base pointer, a descriptor window, the hypervisor's own use. All of
 * these belong to the frame's domain, so one domain is counted at a time, while no CPU runs it.
 *
 * The sums are kept in the frames' tlb_stamp, one pass for each of the two counts; all CPUs flush
 * before, so that the stamps have no meaning meanwhile.
 */
#include "domain/sched.h"
#include "hv/print.h"
#include "pv/mmu.h"
#include "pv/vcpu.h"

/* Differences that are printed for one domain. */
#define PRINTED 10

enum pass { PASS_TOTAL, PASS_TYPE };

static bool at_end;           /* domains are audited when they end */
static unsigned long earlier; /* differences found then */

struct audit {
    struct domain *d;
    enum pass pass;
    unsigned long wrong;
};

static void say(struct audit *a, mfn_t mfn, const char *what, uint64_t is, uint64_t expected)
{
    if (a->wrong++ < PRINTED)
        print(LOG_ERROR, "audit: domain %u mfn %lx: %s is %lx, found %lx\n", a->d->id, mfn.n, what,
              is, expected);
}

/* One reference to mfn was found. typed: it counts for the type as well. */
static void found(struct audit *a, mfn_t mfn, bool typed)
{
    struct frame *f = frame_find(mfn);

    if (f == NULL || f->node.owner != a->d->id) {
        say(a, mfn, "owner of a used frame", f != NULL ? f->node.owner : FRAME_OWNER_NONE,
            a->d->id);
        return;
    }
    if (typed || a->pass == PASS_TOTAL)
        f->tlb_stamp++;
}

static void found_if_valid(struct audit *a, mfn_t mfn)
{
    if (mfn_is_valid(mfn))
        found(a, mfn, true);
}

static void count_entries(struct audit *a, struct frame *f)
{
    const uint64_t *table = mfn_to_virt(frame_mfn(f));
    unsigned int level = frame_type_of(f->type);
    unsigned int end = f->type & FRAME_PARTIAL ? frame_type_index(f->type) : PT_ENTRIES;

    for (unsigned int i = 0; i < end; i++)
        if (pte_is_present(table[i]) && pte_slot_is_guests(i, level))
            found(a, pte_mfn(table[i]), level != 1 || (table[i] & PTE_WRITABLE));
}

/* What the frame itself says, and what it holds. */
static void count_frame(struct audit *a, struct frame *f)
{
    if (f->count & FRAME_ALLOCATED)
        found(a, frame_mfn(f), false);
    if (f->type & FRAME_PINNED)
        found(a, frame_mfn(f), true);
    if (f->type & FRAME_PARTIAL)
        found(a, frame_mfn(f), true);
    if (frame_type_is_table(frame_type_of(f->type)) &&
        (f->type & (FRAME_VALIDATED | FRAME_PARTIAL)))
        count_entries(a, f);
}

static void count_vcpu(struct audit *a, const struct vcpu *v)
{
    found_if_valid(a, v->pv->kernel_table);
    found_if_valid(a, v->pv->user_table);
    found_if_valid(a, v->info_frame);
    for (unsigned int i = 0; i < GDT_GUEST_PAGES; i++)
        found_if_valid(a, v->pv->gdt_frame[i]);
    for (unsigned int i = 0; i < LDT_PAGES; i++)
        found_if_valid(a, v->pv->ldt_frame[i]);
}

static void compare(struct audit *a, struct frame *f)
{
    uint64_t is = a->pass == PASS_TOTAL ? f->count & FRAME_COUNT : f->type & FRAME_TYPE_COUNT;

    if (is != f->tlb_stamp)
        say(a, frame_mfn(f), a->pass == PASS_TOTAL ? "references" : "type references", is,
            f->tlb_stamp);
}

static void for_all_frames(struct audit *a, void (*f)(struct audit *a, struct frame *f))
{
    struct frame *shared = frame_of(a->d->shared_mfn);

    if (shared->node.owner == a->d->id)
        f(a, shared);
    for (struct frame *p = domain_first_frame(a->d); p != NULL; p = domain_next_frame(a->d, p))
        f(a, p);
}

static void clear(struct audit *a, struct frame *f)
{
    (void)a;
    f->tlb_stamp = 0;
}

static void stamp(struct audit *a, struct frame *f)
{
    (void)a;
    f->tlb_stamp = tlb_clock();
}

static void run_pass(struct audit *a, enum pass pass)
{
    a->pass = pass;
    for_all_frames(a, clear);
    for_all_frames(a, count_frame);
    for (unsigned int id = 0; id < MAX_VCPUS; id++)
        if (a->d->vcpu[id] != NULL && a->d->vcpu[id]->pv != NULL)
            count_vcpu(a, a->d->vcpu[id]);
    found_if_valid(a, a->d->pv->console_frame);
    found_if_valid(a, a->d->pv->eoi_frame);
    if (frame_of(a->d->shared_mfn)->node.owner == a->d->id)
        found(a, a->d->shared_mfn, true);
    for_all_frames(a, compare);
}

static unsigned long audit_domain(struct domain *d)
{
    struct audit a = { .d = d };

    if (d->pv == NULL)
        return 0;
    tlb_flush(atomic_load(&d->cpus_loaded));
    run_pass(&a, PASS_TOTAL);
    run_pass(&a, PASS_TYPE);
    for_all_frames(&a, stamp);
    return a.wrong;
}

void audit_domains_at_end(void)
{
    at_end = true;
}

void audit_dying_domain(struct domain *d)
{
    if (!at_end || d->pv->audited)
        return;
    d->pv->audited = true;
    earlier += audit_domain(d);
}

static void add_domain(struct domain *d, void *wrong)
{
    *(unsigned long *)wrong += audit_domain(d);
}

static bool is_domains(const struct frame *f)
{
    return f->node.owner != FRAME_OWNER_NONE && f->node.owner < DOMID_FIRST_RESERVED;
}

/* A frame without a domain has no references. */
static unsigned long audit_unowned(unsigned long *frames)
{
    unsigned long wrong = 0;

    for (uint64_t n = 0; n < frame_limit(); n++) {
        struct frame *f = frame_find(MFN(n));

        if (f == NULL)
            continue;
        ++*frames;
        /* .count of a frame in a free block is nobody's business but the allocator's to keep at 0.
         */
        if (is_domains(f) ? domain_peek(f->node.owner) == NULL
                          : (f->count | (f->type & FRAME_TYPE_COUNT)) != 0) {
            if (wrong++ < PRINTED)
                print(LOG_ERROR, "audit: mfn %lx: owner %x, count %lx, type %lx\n",
                      (unsigned long)n, f->node.owner, f->count, f->type);
        }
    }
    return wrong;
}

unsigned long audit_run(void)
{
    unsigned long wrong = earlier, frames = 0;

    domain_for_each(add_domain, &wrong);
    wrong += audit_unowned(&frames);
    if (wrong == 0)
        print(LOG_INFO, "audit: ok, %lu frames\n", frames);
    else
        print(LOG_ERROR, "audit: failed, %lu differences\n", wrong);
    return wrong;
}
