/* SPDX-License-Identifier: MIT */
/*
 * memory_op. Frames that come and go must not be lost, or one block would depend on those before:
 *
 *   - What increase_reservation and populate_physmap give is given back at once; their list lies
 *     where it can be written, or where it is refused before anything is done.
 *   - decrease_reservation names toys only, and single frames: the next ones in the machine may be
 *     the guest's own ground. A toy that goes stays away until the reset.
 *   - exchange tells the new frames in the same way, and toys get them.
 */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define LIST_WORD 16 /* of the area: the list of an operation */
#define OUT_WORD  24 /* the list of what an exchange gives */
#define LIST_MAX  4

static unsigned long list_address(const struct call *call, unsigned word)
{
    unsigned long refused = HYPERVISOR_ADDRESS + (unsigned long)below(64);

    return once_in(24) ? refused : (unsigned long)&call->area[word];
}

/* Orders beyond what anybody gets. */
static uint32_t order(void)
{
    static const uint32_t orders[] = { 19, 20, 31, 32, 51, 52, 63, 64, 255, 1u << 31, ~0u };
    uint32_t other = orders[below(COUNT(orders))];

    return once_in(12) ? other : 0;
}

static uint32_t memory_flags(void)
{
    static const uint32_t flags[] = { XENMEMF_address_bits(64),  XENMEMF_address_bits(36),
                                      XENMEMF_address_bits(12),  XENMEMF_address_bits(1),
                                      XENMEMF_node(0),           XENMEMF_vnode,
                                      XENMEMF_exact_node_request };
    uint32_t other = flags[below(COUNT(flags))];

    return once_in(8) ? other : 0;
}

static unsigned long pfn_of_toy(unsigned toy)
{
    return ((uintptr_t)toys[toy] - VIRT_BASE) / PAGE_SIZE;
}

/* A toy that no entry names, by preference one that nothing maps; TOYS if there is none, or at
 * times. */
static unsigned free_toy(void)
{
    static const unsigned unmapped[] = { 5, 6, 7, 22, 23 };
    unsigned toy = unmapped[below(COUNT(unmapped))], any = (unsigned)below(TOYS);

    if (once_in(16))
        return TOYS;
    if (toy_is_named(toy) || once_in(4))
        toy = any;
    return toy_is_named(toy) ? TOYS : toy;
}

/* Its frame, or one that does not exist. */
static unsigned long frame_of(unsigned toy)
{
    return toy < TOYS ? (unsigned long)toy_frame(toy) : 2 * NO_FRAME;
}

/* ---- Changes of the reservation ---- */

static void give_back(struct call *call)
{
    long first = (long)(call->e.args[0] >> 6), end = (long)call->e.result;
    struct xen_memory_reservation back = {
        .extent_start = (unsigned long)&call->area[LIST_WORD + first],
        .nr_extents = (unsigned long)(end - first),
        .domid = DOMID_SELF,
    };

    if (first < end && end < AREA_WORDS - LIST_WORD)
        record("give back", (unsigned long)CALL(memory_op, XENMEM_decrease_reservation, &back));
}

static struct xen_memory_reservation *fill_reservation(struct call *call, uint64_t count)
{
    struct xen_memory_reservation *r = (struct xen_memory_reservation *)call->area;

    *r = (struct xen_memory_reservation){
        .extent_start = list_address(call, LIST_WORD),
        .nr_extents = (unsigned long)count,
        .extent_order = order(),
        .mem_flags = memory_flags(),
        .domid = (domid_t)domain(call),
    };
    if (r->extent_order != 0)
        call->expected = BIG_EXTENTS;
    return r;
}

static void make_increase(struct call *call, uint64_t op)
{
    uint64_t n = 1 + below(LIST_MAX), command = op | (once_in(16) ? edge() << 6 : 0);
    struct xen_memory_reservation *r;

    for (unsigned i = 0; i < n; i++)
        call->area[LIST_WORD + i] = pfn_of_toy((unsigned)below(TOYS));
    r = fill_reservation(call, or_edge(n));
    /* As many as there is room for would be given, and nobody told which they are. */
    if (r->nr_extents > LIST_MAX)
        r->extent_start = HYPERVISOR_ADDRESS;
    call->output_is_machines = true;
    call->after = give_back;
    if (toys_linger()) {
        command = XENMEM_maximum_ram_page;
        call->result_is_machines = true;
        call->after = NULL;
    }
    set_call(call, __HYPERVISOR_memory_op, command, place(call, LIST_WORD + LIST_MAX), 0, 0);
}

static void look_what_is_left(struct call *call)
{
    for (long i = 0; i < LIST_MAX && i < (long)call->e.result; i++) {
        int toy = frame_name(call->area[LIST_WORD + i]);

        if (toy >= 0 && toy < TOYS)
            toy_given_back((unsigned)toy);
    }
    if ((long)call->e.result != 0)
        toys_look();
}

static void make_decrease(struct call *call)
{
    uint64_t n = 1 + below(LIST_MAX), strange = edge();
    uint64_t command = XENMEM_decrease_reservation | (once_in(16) ? below(4) << 6 : 0);

    for (unsigned i = 0; i < n; i++)
        call->area[LIST_WORD + i] = frame_of(free_toy());
    if (once_in(8))
        call->area[LIST_WORD + below(n)] = 2 * NO_FRAME | (unsigned long)strange;
    fill_reservation(call, in_mass() ? n : or_edge(n));
    call->after = look_what_is_left;
    set_call(call, __HYPERVISOR_memory_op, command, place(call, LIST_WORD + LIST_MAX), 0, 0);
}

/* ---- exchange ---- */

/* In a mass the frame that a toy had when the call was made up may be another one's by now. */
static bool is_a_toys_pfn(unsigned long word)
{
    return word >= pfn_of_toy(0) && word < pfn_of_toy(TOYS);
}

/* The words of the second list that are no pfns any more are the frames that came for those of the
 * first. */
static void take_new_frames(struct call *call)
{
    const unsigned long *area = call->area;

    for (unsigned i = 0; i < LIST_MAX; i++) {
        int old = frame_name(area[LIST_WORD + i]);

        if (old < 0 || old >= TOYS || is_a_toys_pfn(area[OUT_WORD + i]))
            continue;
        toy_set_frame((unsigned)old, area[OUT_WORD + i]);
        mmuext(MMUEXT_CLEAR_PAGE, area[OUT_WORD + i]); /* Xen trusts the initial domain */
        call->is_spent = true;
        record("exchanged", (uint64_t)old);
    }
}

static void make_exchange(struct call *call)
{
    struct xen_memory_exchange *x = (struct xen_memory_exchange *)call->area;
    uint64_t n = 1 + below(LIST_MAX);
    unsigned long at;
    bool chosen[TOYS + 1] = { false };

    /* Twice the same would depend on which frame the first exchange gave. */
    for (unsigned i = 0; i < LIST_MAX; i++) {
        unsigned toy = free_toy();

        if (chosen[toy])
            toy = TOYS;
        chosen[toy] = true;
        call->area[LIST_WORD + i] = frame_of(toy);
        call->area[OUT_WORD + i] = toy < TOYS ? pfn_of_toy(toy) : 0;
    }
    fill_reservation(call, or_edge(n));
    x->out = x->in;
    x->out.extent_start = list_address(call, OUT_WORD);
    if (once_in(8))
        x->out.nr_extents = (unsigned long)or_edge(n + 1);
    x->out.extent_order = order();
    x->out.mem_flags = memory_flags();
    x->out.domid = (domid_t)(once_in(8) ? domain(call) : x->in.domid);
    /* Lists that would not end before the address space does are lists that cannot be read. */
    if ((x->in.nr_extents | x->out.nr_extents) >> 27 != 0) {
        x->in.extent_start = x->out.extent_start = UNMAPPED_ADDRESS;
        call->expected = WHOLE_RANGE;
    }
    if (x->in.nr_extents > (in_mass() ? LIST_MAX : exchange_most))
        x->in.extent_start = UNMAPPED_ADDRESS;
    x->nr_exchanged = once_in(12) ? (unsigned long)or_edge(1) : 0;
    if (x->out.extent_order != 0)
        call->expected = BIG_EXTENTS;
    call->output_is_machines = true;
    call->after = toys_linger() ? NULL : take_new_frames;
    call->result_is_machines = toys_linger();
    at = place(call, OUT_WORD + LIST_MAX);
    /* Interrupted before its end, it fails when it cannot note how far it came. */
    if (at == read_only_area(call))
        at = (unsigned long)call->area;
    set_call(call, __HYPERVISOR_memory_op,
             toys_linger() ? XENMEM_maximum_ram_page : XENMEM_exchange, at, 0, 0);
}

/* ---- Questions, and what others may ---- */

static void expect_by_operation(struct call *call, uint64_t op)
{
    switch (op) {
    case XENMEM_maximum_ram_page:
    case XENMEM_current_reservation:
    case XENMEM_maximum_reservation:
    case XENMEM_maximum_gpfn: call->result_is_machines = true; break;
    case XENMEM_machphys_mapping:
    case XENMEM_machphys_mfn_list: call->output_is_machines = true; break;
    case XENMEM_memory_map:
    case XENMEM_set_memory_map: call->expected = MEMORY_MAP; break;
    case XENMEM_machine_memory_map: call->expected = PRIVILEGED_MEMORY; break;
    case XENMEM_set_pod_target:
    case XENMEM_get_pod_target:
    case XENMEM_access_op:
    case XENMEM_claim_pages:
    case XENMEM_acquire_resource: call->expected = PRIVILEGED_MEMORY; break;
    default: break;
    }
}

/* What the arguments of the rest look like: how many words; which of them is for the domain, and
 * where in it, or for the length of a list; and which for the list. */
static const struct {
    unsigned words, domain_word, domain_shift, length_word, list_word;
} shapes[32] = {
#define NOWHERE 16
#define ABOUT(type)                                                                  \
    {                                                                                \
        WORDS(sizeof(struct type)), WORD_AT(struct type, domid), 0, NOWHERE, NOWHERE \
    }
#define LIST(words, length_word)                          \
    {                                                     \
        words, NOWHERE, 0, length_word, (length_word) + 1 \
    }
    [XENMEM_current_reservation] = ABOUT(xen_memory_domain),
    [XENMEM_maximum_reservation] = ABOUT(xen_memory_domain),
    [XENMEM_machphys_mfn_list] = LIST(3, 0),
    [XENMEM_add_to_physmap] = ABOUT(xen_add_to_physmap),
    [XENMEM_memory_map] = LIST(2, 0),
    [XENMEM_machine_memory_map] = LIST(2, 0),
    [XENMEM_set_memory_map] = { 3, 0, 0, 1, 2 },
    [XENMEM_maximum_gpfn] = ABOUT(xen_memory_domain),
    [XENMEM_remove_from_physmap] = ABOUT(xen_remove_from_physmap),
    [XENMEM_set_pod_target] = ABOUT(xen_pod_target),
    [XENMEM_get_pod_target] = ABOUT(xen_pod_target),
    [XENMEM_access_op] = { 4, 0, 16, NOWHERE, NOWHERE },
    [XENMEM_add_to_physmap_batch] = ABOUT(xen_add_to_physmap_batch),
    [XENMEM_claim_pages] = ABOUT(xen_memory_reservation),
    [XENMEM_get_vnumainfo] = ABOUT(xen_vnuma_topology_info),
    [XENMEM_acquire_resource] = ABOUT(xen_mem_acquire_resource),
#undef ABOUT
#undef LIST
};

static void fill_other(struct call *call, uint64_t op)
{
    unsigned long id = (unsigned long)domain(call) << shapes[op].domain_shift;
    unsigned long length = (unsigned long)or_edge(below(3));
    unsigned long *area = call->area, list = list_address(call, LIST_WORD);
    bool garbage = once_in(3);

    /* What a former call left could be an address of ours. */
    if (in_mass())
        memset(area, 0, LIST_WORD * sizeof(*area));
    if (in_mass() && length > LIST_MAX)
        list = HYPERVISOR_ADDRESS;

    for (unsigned i = 0; i < shapes[op].words; i++) {
        if (!garbage)
            area[i] = 0;
        if (i == shapes[op].domain_word)
            area[i] = id;
        else if (i == shapes[op].length_word)
            area[i] = length;
        else if (i == shapes[op].list_word)
            area[i] = list;
    }
}

static void make_other(struct call *call)
{
    uint64_t op = below(32), command = op;

    if (op <= XENMEM_decrease_reservation || op == XENMEM_populate_physmap || op == XENMEM_exchange)
        op = command = XENMEM_current_reservation;
    if (once_in(16))
        command |= edge() << 6;
    fill_other(call, op);
    expect_by_operation(call, op);
    if ((op == XENMEM_add_to_physmap || op == XENMEM_add_to_physmap_batch) && command != op)
        call->expected = LATE_BATCH;
    set_call(call, __HYPERVISOR_memory_op, command,
             place(call, shapes[op].words ? shapes[op].words : 3), 0, 0);
}

void make_memory_op(struct call *call)
{
    switch (below(8)) {
    case 0: make_increase(call, XENMEM_increase_reservation); break;
    case 1: make_increase(call, XENMEM_populate_physmap); break;
    case 2: make_decrease(call); break;
    case 3:
    case 4: make_exchange(call); break;
    default: make_other(call); break;
    }
}
