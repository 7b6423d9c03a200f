/* SPDX-License-Identifier: MIT */
/* Calls about page tables and descriptors: mmu_update, mmuext_op, update_va_mapping and its
 * _otherdomain, set_gdt, update_descriptor. */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define MAX_COUNT  0x7fffffff
#define LIST_MAX   5
#define DONE_WORD  120 /* of the area: how many of a list were done */
#define CACHE_BITS (1ul << 3 | 1ul << 4 | PTE_PSE)

static uint64_t done_pointer(const struct call *call)
{
    uint64_t bad = bad_address();

    if (once_in(16))
        return bad;
    return below(2) ? (unsigned long)&call->area[DONE_WORD] : 0;
}

/* The domain whose frames are named, and in the upper half the one whose tables they are for. */
static uint64_t two_domains(struct call *call)
{
    uint64_t id = domain(call), tables = domain(call);

    return once_in(16) ? id | (tables + 1) << 16 : id;
}

/* A list of n of which count are to be done. One that would not end before the address space does
 * is one that does not begin either. In a mass what lies behind it was made for something else. */
static uint64_t list_of(struct call *call, unsigned n, size_t size, uint64_t count)
{
    uint64_t at = place(call, WORDS(n * size));

    if ((count & MAX_COUNT) <= (in_mass() ? n : MAX_COUNT / 32))
        return at;
    call->expected = WHOLE_RANGE;
    return (unsigned long)call->slot->nothing;
}

/* What a list of one gives says more than what one of several does. */
static unsigned list_length(void)
{
    unsigned some = 1 + (unsigned)below(LIST_MAX);

    return once_in(3) ? 1 : some;
}

/* A change of the live tables would be one of the guest's own ground. So would one of the shared
 * page, which says that events are masked. */
bool is_live(uint64_t mfn)
{
    return mfn == other_frame(FRAME_ROOT) || mfn == other_frame(FRAME_TABLE) ||
           mfn == other_frame(FRAME_SHARED);
}

/* Of the live tables the toys' own entries are changed. */
static uint64_t update_pointer(void)
{
    uint64_t command = once_in(8) ? below(8) : 0, mfn = frame(), index = below(4);
    uint64_t far = below(512), toy = below(TOYS);

    /* The hypervisor's slots and the end of the table are met, too. */
    if (once_in(4))
        index = far;
    if (once_in(4))
        return toy_entry((unsigned)toy) | command;
    if (is_live(mfn) && (command & 3) != MMU_MACHPHYS_UPDATE)
        mfn = toy_frame((unsigned)toy);
    return mfn * PAGE_SIZE + index * 8 + command;
}

void make_mmu_update(struct call *call)
{
    struct mmu_update *list = (struct mmu_update *)call->area;
    unsigned n = list_length();
    uint64_t at, count = or_edge(n);

    for (unsigned i = 0; i < n; i++) {
        uint64_t pointer = update_pointer();

        list[i] = (struct mmu_update){ .ptr = pointer, .val = entry(call) };
    }
    at = list_of(call, n, sizeof(*list), count);
    set_call(call, __HYPERVISOR_mmu_update, at, count, done_pointer(call), two_domains(call));
}

/* ---- mmuext_op ---- */

/* The guest would come to run on another root, and know nobody there. */
static uint64_t harmless_root(void)
{
    static const uint64_t bad[] = { 1ull << 40, ~0ull };
    uint64_t which = below(6), strange = bad[below(COUNT(bad))];

    return which < OTHER_FRAMES ? other_frame((unsigned)which) : strange;
}

static void fill_operation(struct call *call, struct mmuext_op *op)
{
    uint64_t cmd = below(22), mfn = frame(), source = frame(), where = address(), n = below(8193);

    /* Seldom used by anybody, so not so often tried. */
    if (cmd > MMUEXT_UNPIN_TABLE && below(2))
        cmd %= 5;
    if (is_live(mfn) && (cmd == MMUEXT_CLEAR_PAGE || cmd == MMUEXT_COPY_PAGE))
        mfn = toy_frame((unsigned)n % TOYS);
    *op = (struct mmuext_op){ .cmd = (unsigned)(once_in(32) ? edge() : cmd), .arg1.mfn = mfn };
    switch (op->cmd) {
    case MMUEXT_PIN_L3_TABLE: op->arg1.mfn = (unsigned long)agreed_l3(mfn); break;
    case MMUEXT_NEW_BASEPTR: op->arg1.mfn = harmless_root(); break;
    case MMUEXT_SET_LDT:
        op->arg1.linear_addr =
            (unsigned long)agreed_ldt(once_in(3) ? where : (unsigned long)toys[17 + n % 2]);
        op->arg2.nr_ents = (uint32_t)or_edge(n);
        break;
    case MMUEXT_COPY_PAGE: op->arg2.src_mfn = is_live(source) ? mfn : source; break;
    case MMUEXT_TLB_FLUSH_MULTI:
    case MMUEXT_INVLPG_MULTI:
        op->arg1.linear_addr = where;
        op->arg2.vcpumask = once_in(3) ? address() : (unsigned long)&call->area[DONE_WORD];
        break;
    case MMUEXT_INVLPG_LOCAL:
    case MMUEXT_INVLPG_ALL: op->arg1.linear_addr = where; break;
    case MMUEXT_FLUSH_CACHE:
    case MMUEXT_FLUSH_CACHE_GLOBAL: call->expected = CACHE_FLUSH; break;
    default: break;
    }
}

void make_mmuext_op(struct call *call)
{
    struct mmuext_op *list = (struct mmuext_op *)call->area;
    unsigned n = list_length();
    uint64_t at, count;

    /* What ends otherwise is the last: one that went on would leave another world. */
    for (unsigned i = 0; i < n; i++) {
        fill_operation(call, &list[i]);
        if (call->expected == CACHE_FLUSH)
            n = i + 1;
    }
    count = or_edge(n);
    at = list_of(call, n, sizeof(*list), count);
    set_call(call, __HYPERVISOR_mmuext_op, at, count, done_pointer(call), domain(call));
}

/* ---- One entry by its address, descriptors ---- */

void make_update_va(struct call *call)
{
    uint64_t toy = (unsigned long)toys[below(TOYS)] + (once_in(4) ? below(PAGE_SIZE) : 0);
    uint64_t where = bad_address(), flags = below(8), mask = address() & ~7ul, value = entry(call);

    if (!once_in(16))
        where = toy;
    if (once_in(4))
        flags |= mask;
    bool of_others = !below(3);
    unsigned next;

    set_call(call,
             of_others ? __HYPERVISOR_update_va_mapping_otherdomain
                       : __HYPERVISOR_update_va_mapping,
             where, 0, 0, 0);
    next = put_wide(call, 1, value);
    call->e.args[next] = (unsigned long)flags;
    if (of_others)
        call->e.args[next + 1] = (unsigned long)domain(call);
}

/* A descriptor, seldom a bad one. None looks like a page-table entry that is present, and none is
 * made to by a longer limit, which 32-bit guests get for one that ends where they may go: what that
 * might map would depend on the machine. */
static uint64_t descriptor(void)
{
    static const uint64_t good[] = { 0, 0x00c3fa000000fffe, 0x00c3f2000000fffe,
                                     0x00a3fa000000fffe };
    uint64_t value = good[below(COUNT(good))], bit = 1ull << below(64), type = below(256) << 40;

    switch (below(4)) {
    case 0: return (value ^ bit) & ~1ull;
    case 1: return (value & ~(0xffull << 40)) | type;
    default: return value;
    }
}

static uint64_t descriptor_frame(void)
{
    uint64_t any = frame();

    /* There it could say that events are not masked. */
    if (in_mass() && is_live(any))
        any = toy_frame(0);
    return below(2) ? toy_frame(17 + (unsigned)below(2)) : any;
}

void make_descriptor(struct call *call)
{
    uint64_t n = below(4), at, offset = below(512) * 8, odd = below(PAGE_SIZE);

    if (below(2)) {
        for (unsigned i = 0; i < 14; i++)
            call->area[i] = (unsigned long)descriptor_frame();
        at = place(call, 14);
        set_call(call, __HYPERVISOR_set_gdt, at, or_edge(n * 512 - below(2) * n), 0, 0);
    } else {
        set_call(call, __HYPERVISOR_update_descriptor, 0, 0, 0, 0);
        at = descriptor_frame() * PAGE_SIZE + (once_in(8) ? odd : offset);
        put_wide(call, put_wide(call, 0, at), agreed_descriptor(descriptor()));
    }
}
