/* SPDX-License-Identifier: MIT */
/*
 * Giving back all frames of a domain that has ended. No CPU has it loaded, and nobody takes new
 * references.
 *
 * The state of this long work is in what it works on: each step takes what it finds and undoes it.
 * First the references of vCPUs and of the hypervisor go, then each frame on the list is unpinned
 * and loses its allocation; those that something still holds move to the end of the list and go
 * when the table that names them is taken down.
 *
 * Another domain's CPU may still hold a frame that was that domain's when it began to look
 * (frame_put_stranger): for some instructions, but those may take long on a virtual machine. So a
 * frame that is being freed is left to who does it, and at the end all are waited for.
 */
#include "domain/grant.h"
#include "hv/print.h"
#include "hv/work.h"
#include "pv/mmu.h"
#include "pv/vcpu.h"

/* Taking one frame off the list and scrubbing it costs about as much as so many entries. */
#define FRAME_COST 32

/* The end is looked at so many times, which takes seconds (domain/destroy.c), before it is said
 * that somebody has forgotten a reference. */
#define LOOKS_AT_END 10000

/* Drops one L4 table of a vCPU and takes it down. False: not finished. */
static bool drop_table(struct mmu *m, mfn_t *table)
{
    mfn_t mfn = *table;

    *table = INVALID_MFN;
    if (mfn_is_valid(mfn))
        mmu_table_put(m, mfn);
    return mmu_settle(m);
}

/* The vCPU's information goes back to the shared page, which stays as long as the domain's struct.
 */
static void drop_info(struct mmu *m, struct vcpu *v)
{
    mfn_t frame = v->info_frame;

    if (!mfn_is_valid(frame))
        return;
    spin_lock(&m->d->event_lock);
    v->info_frame = INVALID_MFN;
    atomic_store(&v->info, vcpu_first_info(v));
    spin_unlock(&m->d->event_lock);
    domain_put_writable(m->d, frame);
}

static bool drop_vcpu(struct mmu *m, struct vcpu *v)
{
    struct pv_vcpu *pv = v->pv;

    (void)mmu_set_gdt(m, v, NULL, 0);
    mmu_empty_ldt_window(m, v);
    drop_info(m, v);
    return drop_table(m, &pv->kernel_table) && drop_table(m, &pv->user_table);
}

static bool drop_vcpus(struct mmu *m)
{
    for (unsigned int id = 0; id < MAX_VCPUS; id++) {
        struct vcpu *v = m->d->vcpu[id];

        if (v != NULL && v->pv != NULL && !drop_vcpu(m, v))
            return false;
    }
    return true;
}

static void drop_writable(struct mmu *m, mfn_t *held)
{
    mfn_t frame = *held;

    *held = INVALID_MFN;
    if (mfn_is_valid(frame))
        domain_put_writable(m->d, frame);
}

/* The first frame of the list, which was not met before. False: not finished. */
static bool drop_frame(struct mmu *m, struct frame *f)
{
    if (m->budget < FRAME_COST)
        return false;
    m->budget -= FRAME_COST;
    if (f->type & FRAME_PINNED)
        (void)mmu_unpin(m, frame_mfn(f));
    else if (f->type & FRAME_PARTIAL)
        mmu_abandoned(m, f);
    return mmu_settle(m);
}

/* The list is walked by moving its first frame to the end, until that is one that was met. */
static bool drop_frames(struct mmu *m)
{
    struct frame *f;

    while ((f = domain_first_frame(m->d)) != NULL && !(f->count & FRAME_SEEN)) {
        /* So that it is still there when its table was taken down. */
        if (domain_frame_get(m->d, frame_mfn(f)) == NULL)
            return false;
        if (!drop_frame(m, f)) {
            domain_frame_put(m->d, f);
            return false;
        }
        atomic_or(&f->count, FRAME_SEEN);
        domain_rotate_frames(m->d);
        (void)domain_release_page(m->d, f);
        domain_frame_put(m->d, f);
    }
    return true;
}

/* One hold of the lock. */
static bool step(struct domain *d)
{
    struct mmu m;
    bool done;

    mmu_begin_dying(&m, d);
    done = mmu_settle(&m) && drop_vcpus(&m);
    if (done) {
        drop_writable(&m, &d->pv->console_frame);
        drop_writable(&m, &d->pv->eoi_frame);
        done = drop_frames(&m);
    }
    mmu_end(&m);
    return done;
}

/* What is left of d when all its own references have gone: true if that is nothing. Frames that
 * others have mapped by grant stay until they are unmapped, however long that takes. */
static bool nothing_left(struct domain *d)
{
    const struct frame *first;

    if (domain_frames(d) == 0) {
        d->held = !domain_unshare_page(d, d->shared_mfn) || !grant_unshare(d);
        return !d->held;
    }
    /* With others behind it, all that the guest may have given away are looked at in turn. */
    domain_rotate_frames(d);
    first = domain_first_frame(d);
    d->held = first != NULL && frame_foreign_count(atomic_load(&first->count), false) != 0;
    if (d->held)
        d->pv->looks_at_end = 0;
    if (d->held || d->pv->looks_at_end++ < LOOKS_AT_END)
        return false;
    print(LOG_ERROR, "domain %u: %u frames are still in use after its end\n", d->id,
          domain_frames(d));
    return true;
}

bool pv_relinquish(struct domain *d)
{
    /* It failed to be built before it had any memory. */
    if (d->pv == NULL)
        return true;

    /* Who gives d a frame just now does it with this lock, or has seen that d is dying. */
    spin_lock(&d->page_lock);
    spin_unlock(&d->page_lock);
    if (!audit_dying_domain(d))
        return false;
    while (!step(d))
        if (preempt_wanted())
            return false;
    /* Behind the page tables: while there is a pin its granter knows that the page is in use. */
    if (!grant_release_track(d) || !nothing_left(d))
        return false;
    pv_domain_destroy(d);
    return true;
}
