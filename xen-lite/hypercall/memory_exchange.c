/* SPDX-License-Identifier: MIT */
/*
 * memory_op: exchange. The guest gives frames and gets as many others, of another extent size or in
 * lower memory.
 *
 * The work is done a chunk at a time: as many extents as make one of the larger of the two sizes. A
 * chunk is done whole or not at all: its frames are taken from the domain, the new ones allocated,
 * and only then are the old ones freed.
 */
#include "domain/guest_struct.h"
#include "domain/memory.h"
#include "hv/alloc.h"
#include "hv/work.h"
#include "hypercall/memory_extents.h"
#include "lib/types.h"

typedef struct xen_memory_exchange_64 exchange_t;

/* One chunk, all of whose frames are the hypervisor's while it is under way: taken from the domain,
 * or not given yet. Old frames, and the first frames of the new extents, are linked by .node.next,
 * newest first. */
struct chunk {
    struct vcpu *v;
    const exchange_t *x;
    unsigned int order; /* of the whole chunk */
    uint64_t below;
    uint32_t taken; /* heads of the two lists, PAGE_LIST_END: empty */
    uint32_t made;
};

/* Frames of each side. Xen's limit is the same; it keeps the shifts below from running over. */
#define LIST_MAX UINT32_MAX

/* Both sides have as many frames and are about the same domain, and no more was done than there is.
 */
static bool sizes_agree(const exchange_t *x)
{
    return x->nr_exchanged <= x->in.nr_extents && x->in.domid == x->out.domid &&
           x->in.nr_extents <= LIST_MAX >> x->in.extent_order &&
           x->out.nr_extents <= LIST_MAX >> x->out.extent_order &&
           x->in.nr_extents << x->in.extent_order == x->out.nr_extents << x->out.extent_order;
}

/* The two lists of a chunk. They use .node.next, which the page list does not need while a frame is
 * in no domain, and cost no memory: there is none to fail for. */
static void push(uint32_t *list, struct frame *f)
{
    f->node.next = *list;
    *list = (uint32_t)frame_mfn(f).n;
}

static struct frame *pop(uint32_t *list)
{
    struct frame *f = &frame_table()[*list];

    if (*list == PAGE_LIST_END)
        return NULL;
    *list = f->node.next;
    return f;
}

/* Nothing of the chunk has happened. A frame goes back with the M2P entry that it has. */
static void undo(struct chunk *c)
{
    struct frame *f;

    while ((f = pop(&c->made)) != NULL)
        pages_free(frame_mfn(f), c->x->out.extent_order);
    while ((f = pop(&c->taken)) != NULL)
        domain_return_page(c->v->domain, f);
}

/* The domain loses the frame if only its allocation and our look hold it: a mapping, a pin or a use
 * by the hypervisor forbids it (-EINVAL, MEM-7). */
static long take_frame(struct chunk *c, mfn_t mfn)
{
    struct domain *d = c->v->domain;
    struct frame *f = domain_frame_get(d, mfn);

    if (f == NULL)
        return refuse(c->v, RULE_MEM_7, "mfn %lx is not the domain's", mfn.n);
    if (!domain_steal_page(d, f)) {
        domain_frame_put(d, f);
        return refuse(c->v, RULE_MEM_7, "mfn %lx is in use", mfn.n);
    }
    push(&c->taken, f);
    return 0;
}

/* Takes the frames of input extent n. */
static long take_extent(struct chunk *c, uint64_t n)
{
    uint64_t mfn;

    if (guest_words_in(c->v, &mfn, guest_word_at(c->v, GVA(c->x->in.extent_start), n), 1) != 0)
        return refuse(c->v, RULE_HCALL_2, "input extent %lu", n);
    for (unsigned long i = 0; i < 1UL << c->x->in.extent_order; i++) {
        long result = take_frame(c, mfn_add(MFN(mfn), i));

        if (result != 0)
            return result;
    }
    return 0;
}

/* False: there is no memory of that size and place; undo() gives back what was made. */
static bool make_extents(struct chunk *c, unsigned int count)
{
    for (unsigned int k = 0; k < count; k++) {
        mfn_t mfn = pages_alloc(c->x->out.extent_order, domain_memory_end(c->v->domain, c->below));

        if (!mfn_is_valid(mfn))
            return false;
        push(&c->made, frame_of(mfn));
    }
    return true;
}

/* Output extent n is at mfn: the domain gets its frames, with their M2P entries, and is told. */
static long publish(struct chunk *c, uint64_t n, mfn_t mfn)
{
    gva_t where = guest_word_at(c->v, GVA(c->x->out.extent_start), n);
    uint64_t gfn;
    long result = guest_words_in(c->v, &gfn, where, 1);

    for (unsigned long i = 0; i < 1UL << c->x->out.extent_order; i++) {
        m2p_set(mfn_add(mfn, i), result == 0 ? gfn + i : M2P_INVALID);
        domain_return_page(c->v->domain, frame_of(mfn_add(mfn, i)));
    }
    return result == 0 ? guest_words_out(c->v, where, &mfn.n, 1) : result;
}

/* Cannot fail but for telling the guest what it got. after_out: one above the chunk's last output
 * extent, which is the newest. */
static long finish(struct chunk *c, uint64_t after_out)
{
    struct frame *f;
    long result = 0;

    while ((f = pop(&c->taken)) != NULL) {
        m2p_set(frame_mfn(f), M2P_INVALID);
        pages_free(frame_mfn(f), 0);
    }
    while ((f = pop(&c->made)) != NULL)
        if (publish(c, --after_out, frame_mfn(f)) != 0)
            result = refuse(c->v, RULE_HCALL_2, "output extent %lu", after_out);
    return result;
}

/* 0, or a refusal with nothing done; or with all done, if the guest could not be told. One step of
 * the call: at most 512 frames to be taken, cleared and published. */
static long run_chunk(struct chunk *c, uint64_t n)
{
    unsigned int in = c->order - c->x->in.extent_order, out = c->order - c->x->out.extent_order;
    long result = 0;

    c->taken = PAGE_LIST_END;
    c->made = PAGE_LIST_END;
    for (uint64_t i = 0; i < 1UL << in && result == 0; i++)
        result = take_extent(c, (n << in) + i);
    if (result == 0 && !make_extents(c, 1U << out))
        result = refuse(c->v, RULE_MEM_13, "2^%u frames", c->x->out.extent_order);
    if (result != 0) {
        undo(c);
        return result;
    }
    return finish(c, (n + 1) << out);
}

/* From where .nr_exchanged says on. It counts input extents and is copied out at the end of each
 * round, so that it is the continuation's state as well as the guest's answer. */
static long run_chunks(exchange_t *x, struct chunk *c)
{
    unsigned int in = c->order - x->in.extent_order;
    uint64_t n = x->nr_exchanged >> in;

    for (; n < x->in.nr_extents >> in; n++) {
        long result = run_chunk(c, n);
        bool stop = preempt_wanted();

        x->nr_exchanged = (result == 0 ? n + 1 : n) << in;
        if (result != 0)
            return result;
        if (stop && x->nr_exchanged < x->in.nr_extents)
            return HCALL_AGAIN;
    }
    x->nr_exchanged = x->in.nr_extents;
    return 0;
}

/* What can be refused before anything is looked at: orders (-EPERM, MEM-8), sizes (-EINVAL, MEM-5,
 * -6). */
static long check_sizes(struct hcall *h, const exchange_t *x)
{
    if (max(x->in.extent_order, x->out.extent_order) > MEMORY_MAX_ORDER)
        return refuse(h->v, RULE_MEM_8, "orders %u and %u", x->in.extent_order,
                      x->out.extent_order);
    if (!sizes_agree(x))
        return refuse(h->v, x->nr_exchanged > x->in.nr_extents ? RULE_MEM_6 : RULE_MEM_5,
                      "%lu extents of order %u for %lu of order %u", x->in.nr_extents,
                      x->in.extent_order, x->out.nr_extents, x->out.extent_order);
    return 0;
}

/* Lists and domain. */
static long check_lists(struct hcall *h, const exchange_t *x)
{
    if (!guest_words_ok(h->v, GVA(x->in.extent_start), x->in.nr_extents) ||
        !guest_words_ok(h->v, GVA(x->out.extent_start), x->out.nr_extents))
        return refuse(h->v, RULE_HCALL_2, "lists at %lx and %lx", x->in.extent_start,
                      x->out.extent_start);
    return memory_check_domain(h->v, x->in.domid);
}

/* IN/OUT: struct xen_memory_exchange. Besides what the checks refuse: -EINVAL (MEM-7) for a frame
 * that is not the guest's or in use, -ENOMEM (MEM-13). What was done before stays done,
 * .nr_exchanged tells. */
long memory_exchange(struct hcall *h)
{
    gva_t where = guest_member_at(h->v, &xen_memory_exchange_forms,
                                  xen_memory_exchange_forms.count - 1, GVA(h->arg[1]));
    struct chunk c = { .v = h->v };
    exchange_t x;
    long result;

    if (guest_struct_in(h->v, &xen_memory_exchange_forms, &x, GVA(h->arg[1])) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct xen_memory_exchange at %lx", h->arg[1]);
    result = check_sizes(h, &x);
    /* Nothing is left to be done: then it is not asked where and for whom. */
    if (result == 0 && x.nr_exchanged == x.in.nr_extents)
        return 0;
    if (result == 0)
        result = check_lists(h, &x);
    if (result == 0) {
        c.x = &x;
        c.order = max(x.in.extent_order, x.out.extent_order);
        if (!memory_address_limit(x.out.mem_flags, &c.below))
            c.below = PAGE_SIZE;
        result = run_chunks(&x, &c);
    }
    if (guest_words_out(h->v, where, &x.nr_exchanged, 1) != 0)
        return refuse(h->v, RULE_HCALL_2, "nr_exchanged at %lx", where.n);
    return result;
}
