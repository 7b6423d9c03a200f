/* SPDX-License-Identifier: MIT */
/*
 * memory_op: increase_reservation, decrease_reservation and populate_physmap.
 *
 * All three work through a list of extents and return how many they did, also when something was
 * wrong: then that is fewer than the list has. The guest finds why on its log.
 *
 * A balloon driver lives on these: it gives frames back when its domain has too many, and gets
 * others later, never more than the domain's maximum. Frames that a guest gets are zeroed.
 *
 * Argument: struct xen_memory_reservation, with a list of numbers of frames, one an extent: mfns
 * going out for increase and populate, mfns coming in for decrease; populate finds there the pfn of
 * each extent and writes the mfn over it. Rules that end the call early: MEM-2, -3, -4, -12, -23,
 * -24. Source: Xen's public memory.h.
 */
#include "domain/guest_struct.h"
#include "domain/memory.h"
#include "hv/alloc.h"
#include "hv/work.h"
#include "hypercall/memory_extents.h"
#include "lib/types.h"

typedef struct xen_memory_reservation_64 reservation_t;

/* What XENMEMF_get_node makes of flags that name no node. */
#define NODE_ANY 0xff

/* A call as read. Its list is read and written extent by extent, as the guest may change it
 * meanwhile: that harms only itself, since each number that is used was read once. */
struct change {
    struct vcpu *v;
    gva_t list;         /* 0: nobody wants to know (increase only) */
    uint64_t i;         /* extents done, those of earlier rounds included */
    uint64_t count;     /* extents in all */
    unsigned int order; /* of each, at most MEMORY_MAX_ORDER */
    uint64_t below;     /* limit of physical addresses, 0: none */
};

bool memory_address_limit(uint32_t mem_flags, uint64_t *below)
{
    unsigned int bits = XENMEMF_get_address_bits(mem_flags);

    *below = bits != 0 && bits < 52 ? 1UL << bits : 0;
    return bits == 0 || bits > PAGE_SHIFT;
}

static gva_t extent(const struct change *c)
{
    return guest_word_at(c->v, c->list, c->i);
}

/* Takes one extent and tells the guest where it is. gfn: its first M2P entry, or M2P_INVALID. */
static bool add_extent(const struct change *c, uint64_t gfn)
{
    mfn_t mfn = domain_alloc_pages(c->v->domain, c->order, c->below, gfn);

    if (!mfn_is_valid(mfn)) {
        (void)refuse(c->v, RULE_MEM_2, "extent %lu of 2^%u frames: %u frames now, at most %u", c->i,
                     c->order, c->v->domain->pages, c->v->domain->max_pages);
        return false;
    }
    return c->list.n == 0 || guest_words_out(c->v, extent(c), &mfn.n, 1) == 0;
}

/* The three below do one extent. False: it could not be done, which was said, and the call ends. */
static bool increase(const struct change *c)
{
    return add_extent(c, M2P_INVALID);
}

static bool populate(const struct change *c)
{
    uint64_t gfn;

    return guest_words_in(c->v, &gfn, extent(c), 1) == 0 && add_extent(c, gfn);
}

/* Gives up one frame. It is freed when the last mapping of it goes; until then, giving it up once
 * more changes nothing. */
static bool remove_frame(const struct change *c, mfn_t mfn)
{
    struct domain *d = c->v->domain;
    struct frame *f = domain_frame_get(d, mfn);

    if (f == NULL) {
        (void)refuse(c->v, RULE_MEM_3, "extent %lu: mfn %lx is not the domain's", c->i, mfn.n);
        return false;
    }
    (void)domain_release_page(d, f);
    domain_frame_put(d, f);
    return true;
}

/* If one of its frames is refused, those before it are gone already, though the extent is not
 * counted: as on Xen. */
static bool decrease(const struct change *c)
{
    uint64_t mfn;

    if (guest_words_in(c->v, &mfn, extent(c), 1) != 0)
        return false;
    for (unsigned long i = 0; i < 1UL << c->order; i++)
        if (!remove_frame(c, mfn_add(MFN(mfn), i)))
            return false;
    return true;
}

/* Flags other than the limit of addresses are hints, but for two. decrease takes no notice. */
static bool flags_ok(struct vcpu *v, unsigned long op, uint32_t flags)
{
    unsigned int node = XENMEMF_get_node(flags);

    if (op == XENMEM_decrease_reservation)
        return true;
    if ((flags & XENMEMF_exact_node_request) && node != 0 && node != NODE_ANY) {
        (void)refuse(v, RULE_MEM_23, "node %u", node);
        return false;
    }
    if (op == XENMEM_populate_physmap && (flags & XENMEMF_populate_on_demand)) {
        (void)refuse(v, RULE_MEM_24, "flags %x", flags);
        return false;
    }
    return true;
}

/* Reads and checks the arguments. False: nothing is to be done, and c->i is the result: 0, or the
 * number that a call which the guest made up to look like a continued one claims. The upper limit
 * of .count is what fits into the command beside the operation. */
static bool read_change(struct hcall *h, struct change *c)
{
    unsigned long op = h->arg[0] & MEMORY_OP_MASK;
    reservation_t r;

    c->i = h->arg[0] >> MEMORY_OP_SHIFT;
    if (guest_struct_in(h->v, &xen_memory_reservation_forms, &r, GVA(h->arg[1])) != 0)
        return false;
    c->v = h->v;
    c->list = GVA(r.extent_start);
    c->count = r.nr_extents;
    c->order = r.extent_order;
    if (c->count > UINT32_MAX >> MEMORY_OP_SHIFT || c->i >= c->count)
        return false;
    if (r.domid != DOMID_SELF && r.domid != h->v->domain->id) {
        (void)refuse(h->v, RULE_MEM_12, "domain 0x%x", r.domid);
        return false;
    }
    if (!memory_address_limit(r.mem_flags, &c->below))
        return false;
    if (!flags_ok(h->v, op, r.mem_flags))
        return false;
    if (c->order > MEMORY_MAX_ORDER) {
        (void)refuse(h->v, RULE_MEM_4, "order %u", c->order);
        return false;
    }
    return (c->list.n == 0 && op == XENMEM_increase_reservation) ||
           guest_words_ok(h->v, c->list, c->count);
}

static bool do_extent(unsigned long op, const struct change *c)
{
    switch (op) {
    case XENMEM_increase_reservation: return increase(c);
    case XENMEM_decrease_reservation: return decrease(c);
    default: return populate(c);
    }
}

/* One step is one extent: 512 frames to be cleared at most. */
long memory_change_reservation(struct hcall *h)
{
    unsigned long op = h->arg[0] & MEMORY_OP_MASK;
    struct change c;

    if (!read_change(h, &c))
        return (long)c.i;

    while (c.i < c.count) {
        bool done = do_extent(op, &c), stop = preempt_wanted();

        if (!done)
            break;
        c.i++;
        if (stop && c.i < c.count) {
            h->arg[0] = op | c.i << MEMORY_OP_SHIFT;
            return HCALL_AGAIN;
        }
    }
    return (long)c.i;
}
