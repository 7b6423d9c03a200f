/* SPDX-License-Identifier: MIT */
/*
 * The audit: forgets all counts of frames and computes them anew from what can be seen.
 *
 * A frame's counts are right if each reference has an owner that can be named: the allocation, an
 * entry of a table, a pin, a base pointer, a descriptor window, the hypervisor's own use. All of
 * these belong to the frame's domain, so one domain is counted at a time, while no CPU runs it.
 *
 * A domain that has ended is audited in steps, while the others run: nothing of it changes any
 * more. What others hold of its frames by grant is taken from the frames' own word then. When all
 * stand still that is counted anew, too, from all domains' tables and mapping tracks at once, and
 * so are the pins of grant entries.
 *
 * The sums are kept in the frames' tlb_stamp, one pass for each of the two counts; all CPUs flush
 * before, so that the stamps have no meaning meanwhile.
 */
#include "domain/evtchn.h"
#include "domain/grant.h"
#include "domain/sched.h"
#include "hv/alloc.h"
#include "hv/m2p.h"
#include "hv/print.h"
#include "hv/work.h"
#include "pv/mmu.h"
#include "pv/vcpu.h"

/* Differences that are printed for one domain. */
#define PRINTED 10

static bool at_end;                  /* domains are audited when they end */
static unsigned long earlier;        /* differences found then */
static struct alloc_use used_before; /* when there was no domain yet */

/* One domain's audit: how far it is, and what is being counted. */
struct audit {
    struct domain *d;
    struct audit_progress *p;
    enum audit_pass { PASS_TOTAL, PASS_TYPE, PASS_LENT } pass;
    bool in_steps; /* stops when others want the CPU */
};

static void say(struct audit *a, mfn_t mfn, const char *what, uint64_t is, uint64_t expected)
{
    if (a->p->wrong++ < PRINTED)
        print(LOG_ERROR, "audit: domain %u mfn %lx: %s is %lx, found %lx\n", a->d->id, mfn.n, what,
              is, expected);
}

/* One reference to mfn was found. typed: it counts for the type as well. */
static void found(struct audit *a, mfn_t mfn, bool typed)
{
    struct frame *f = frame_find(mfn);

    if (a->pass == PASS_LENT)
        return;
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

/* What others hold of a frame: all in one half of the sum, those to write in the other. */
#define LENT_TO_WRITE 0x10000U

/* One reference of a->d to another domain's frame. A dying one's sums are those of its own audit.
 */
static void found_lent(struct frame *f, bool write)
{
    const struct domain *owner = domain_peek(f->node.owner);

    if (owner != NULL && !atomic_load(&owner->dying))
        f->tlb_stamp += write ? 1 + LENT_TO_WRITE : 1;
}

/* A page that an L1 entry maps, or a device. Another domain's is a grant's. */
static void found_page(struct audit *a, mfn_t mfn, bool write)
{
    struct frame *f = frame_find(mfn);

    if (f == NULL || f->node.owner == a->d->id)
        found(a, mfn, write);
    else if (frame_foreign_count(f->count, false) == 0 ||
             (write && frame_foreign_count(f->count, true) == 0))
        say(a, mfn, "owner of a mapped frame", f->node.owner, a->d->id);
    else if (a->pass == PASS_LENT)
        found_lent(f, write);
}

static void count_entries(struct audit *a, struct frame *f)
{
    const uint64_t *table = mfn_to_virt(frame_mfn(f));
    const struct pte_format *format = a->d->pv->width->format;
    enum frame_type type = frame_type_of(f->type);
    unsigned int end = f->type & FRAME_PARTIAL ? frame_type_index(f->type) : PT_ENTRIES;

    for (unsigned int i = 0; i < end; i++)
        if (!pte_is_present(table[i]) || !pte_slot_is_guests(format, type, i))
            continue;
        else if (type == FRAME_L1)
            found_page(a, pte_mfn(table[i]), table[i] & PTE_WRITABLE);
        else
            found(a, pte_mfn(table[i]), true);
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

/* References but for those that other domains say they hold, and the audit's own. */
static uint64_t own_references(const struct audit *a, const struct frame *f)
{
    uint64_t count = atomic_load(&f->count);

    if (a->pass == PASS_TOTAL)
        return (count & FRAME_COUNT) - frame_foreign_count(count, false) - (f == a->p->at);
    return (atomic_load(&f->type) & FRAME_TYPE_COUNT) - frame_foreign_count(count, true);
}

/* Looks at a frame that another domain takes or drops just now: it counts in two words. */
#define LOOKS 100000

static void compare(struct audit *a, struct frame *f)
{
    uint64_t is = own_references(a, f);

    for (unsigned int i = 0; is != f->tlb_stamp && a->in_steps && i < LOOKS; i++) {
        cpu_relax();
        is = own_references(a, f);
    }
    if (is != f->tlb_stamp)
        say(a, frame_mfn(f), a->pass == PASS_TOTAL ? "references" : "type references", is,
            f->tlb_stamp);
}

static void clear(struct audit *a, struct frame *f)
{
    (void)a;
    f->tlb_stamp = 0;
}

static void stamp(struct audit *a, struct frame *f)
{
    (void)a;
    f->tlb_stamp = tlb_clock_tick();
}

static void found_for_events(void *a, mfn_t mfn)
{
    found(a, mfn, true);
}

static void found_device_map(void *a, mfn_t mfn, bool write)
{
    found_page(a, mfn, write);
}

/* Page `i` of those that the hypervisor shares with the domain; INVALID_MFN behind the last. */
static mfn_t shared_page(struct domain *d, unsigned int i)
{
    mfn_t mfn;

    if (i == 0 || d->grant == NULL)
        return i == 0 ? d->shared_mfn : INVALID_MFN;
    mfn = grant_frame(d, i - 1);
    return mfn_is_valid(mfn) ? mfn : grant_status_frame(d, i - 1 - d->grant->frames);
}

static void visit_shared(struct audit *a, void (*visit)(struct audit *a, struct frame *f))
{
    mfn_t mfn;

    for (unsigned int i = 0; mfn_is_valid(mfn = shared_page(a->d, i)); i++)
        if (frame_of(mfn)->node.owner == a->d->id)
            visit(a, frame_of(mfn));
}

static void found_shared(struct audit *a, struct frame *f)
{
    found(a, frame_mfn(f), true);
}

/* References that no frame holds, but for those of the mapping track. */
static void count_fixed_roots(struct audit *a)
{
    for (unsigned int id = 0; id < MAX_VCPUS; id++)
        if (a->d->vcpu[id] != NULL && a->d->vcpu[id]->pv != NULL)
            count_vcpu(a, a->d->vcpu[id]);
    found_if_valid(a, a->d->pv->console_frame);
    found_if_valid(a, a->d->pv->eoi_frame);
    evtchn_fifo_for_each_frame(a->d, found_for_events, a);
    visit_shared(a, found_shared);
}

/* Goes on through all that no frame holds. One step is a frame of the mapping track. False: not
 * finished. */
static bool count_roots(struct audit *a)
{
    if (a->p->handle == 0)
        count_fixed_roots(a);
    while (grant_for_some_device_maps(a->d, &a->p->handle, found_device_map, a))
        if (a->in_steps && preempt_wanted())
            return false;
    a->p->handle = 0;
    return true;
}

/* The frame, or else the first behind it, with a reference: so it stays, though other domains may
 * let go of what they hold of it. One that is just leaving the list is passed over. page_lock held.
 */
static struct frame *hold_from(struct audit *a, struct frame *f)
{
    while (f != NULL && domain_frame_get(a->d, frame_mfn(f)) == NULL)
        f = domain_next_frame(a->d, f);
    return f;
}

/* From the frame that the audit is at to the next, or to the first. */
static void advance(struct audit *a)
{
    struct frame *f = a->p->at;

    spin_lock(&a->d->page_lock);
    a->p->at = hold_from(a, f != NULL ? domain_next_frame(a->d, f) : domain_first_frame(a->d));
    spin_unlock(&a->d->page_lock);
    if (f != NULL)
        domain_frame_put(a->d, f);
}

/* Goes on through the domain's frames. One step is a frame: a table's 512 entries at most. False:
 * not finished. */
static bool visit_frames(struct audit *a, void (*visit)(struct audit *a, struct frame *f))
{
    if (a->p->at == NULL) {
        visit_shared(a, visit);
        advance(a);
    }
    while (a->p->at != NULL) {
        visit(a, a->p->at);
        advance(a);
        if (a->p->at != NULL && a->in_steps && preempt_wanted())
            return false;
    }
    return true;
}

/* visit: of each frame; null: what no frame holds. */
static const struct {
    enum audit_pass pass;
    void (*visit)(struct audit *a, struct frame *f);
} stages[] = {
    { PASS_TOTAL, clear },   { PASS_TOTAL, count_frame }, { PASS_TOTAL, NULL },
    { PASS_TOTAL, compare }, { PASS_TYPE, clear },        { PASS_TYPE, count_frame },
    { PASS_TYPE, NULL },     { PASS_TYPE, compare },      { PASS_TYPE, stamp },
};

/* True when the domain is done. */
static bool audit_domain(struct domain *d, struct audit_progress *p, bool in_steps)
{
    struct audit a = { .d = d, .p = p, .in_steps = in_steps };

    if (p->stage == 0 && p->at == NULL)
        tlb_flush(atomic_load(&d->cpus_loaded));
    for (; p->stage < ARRAY_SIZE(stages); p->stage++) {
        void (*visit)(struct audit * a, struct frame * f) = stages[p->stage].visit;

        a.pass = stages[p->stage].pass;
        if (visit != NULL ? !visit_frames(&a, visit) : !count_roots(&a))
            return false;
    }
    return true;
}

void audit_domains_at_end(void)
{
    used_before = alloc_in_use();
    at_end = true;
}

bool audit_dying_domain(struct domain *d)
{
    struct audit_progress *p = &d->pv->audit;

    if (!at_end || p->stage == ARRAY_SIZE(stages))
        return true;
    if (!audit_domain(d, p, true))
        return false;
    earlier += p->wrong;
    return true;
}

/* One that is dying, whose own audit may be under way, is not among them (domain_for_each). */
static void add_domain(struct domain *d, void *wrong)
{
    struct audit_progress progress = { .stage = 0 };

    if (d->pv == NULL)
        return;
    (void)audit_domain(d, &progress, false);
    *(unsigned long *)wrong += progress.wrong;
}

static void compare_lent(struct audit *a, struct frame *f)
{
    uint64_t count = atomic_load(&f->count);
    uint64_t is =
        frame_foreign_count(count, false) + frame_foreign_count(count, true) * LENT_TO_WRITE;

    if (is != f->tlb_stamp)
        say(a, frame_mfn(f), "references of other domains", is, f->tlb_stamp);
}

/* Looks at all frames of each domain: dying ones' only as what holds others' frames. */
static unsigned long visit_all(void (*visit)(struct audit *a, struct frame *f))
{
    unsigned long wrong = 0;

    for (uint16_t id = 1; id <= MAX_DOMAINS; id++) {
        struct audit_progress progress = { .stage = 0 };
        struct audit a = { .d = domain_peek(id), .p = &progress, .pass = PASS_LENT };

        if (a.d == NULL || a.d->pv == NULL || (visit != count_frame && atomic_load(&a.d->dying)))
            continue;
        (void)visit_frames(&a, visit);
        while (visit == count_frame &&
               grant_for_some_device_maps(a.d, &progress.handle, found_device_map, &a))
            continue;
        wrong += progress.wrong;
    }
    return wrong;
}

/* All stand still. */
static unsigned long audit_lent(void)
{
    unsigned long wrong = visit_all(clear) + visit_all(count_frame) + visit_all(compare_lent);

    return wrong + visit_all(stamp) + grant_audit_pins();
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

/* When the last domain has gone everything is as before the first. */
static unsigned long audit_used(void)
{
    struct alloc_use used = alloc_in_use();

    /* Made for the first 32-bit domain, for good. */
    used.frames -= m2p32_pages();
    if (!at_end || domain_count() != 0 ||
        (used.frames == used_before.frames && used.objects == used_before.objects))
        return 0;
    print(LOG_ERROR, "audit: %lu frames and %u objects in use, %lu and %u before\n", used.frames,
          used.objects, used_before.frames, used_before.objects);
    return 1;
}

unsigned long audit_run(void)
{
    unsigned long wrong = earlier, frames = 0;

    domain_for_each(add_domain, &wrong);
    wrong += audit_lent() + audit_unowned(&frames) + audit_used();
    alloc_report_failing();
    if (wrong == 0)
        print(LOG_INFO, "audit: ok, %lu frames\n", frames);
    else
        print(LOG_ERROR, "audit: failed, %lu differences\n", wrong);
    return wrong;
}
