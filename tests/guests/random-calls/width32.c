/* SPDX-License-Identifier: MIT */
/* What only 32-bit guests have: page tables of three levels, of which each root needs a table for
 * the last gigabyte with the kernel's own entries; and code selectors of handlers. */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

/* The roots, and the tables for the kernel that they have: one each, it cannot be shared. */
#define ROOT_1   13
#define ROOT_2   14
#define KERNEL_1 15
#define KERNEL_2 16

const struct plan plan[TOYS] = {
    { WRITABLE, false, 0 },    { WRITABLE, false, 0 },  { WRITABLE, false, 0 },
    { READ_ONLY, false, 0 },   { READ_ONLY, false, 0 }, { UNMAPPED, false, 0 },
    { UNMAPPED, false, 0 },    { UNMAPPED, false, 0 },  { L1, true, 3 },
    { L1, false, 4 },          { L1, false, 3 },        { L2, true, 8 },
    { L2, false, 10 },         { L3, true, 11 },        { L3, false, 12 },
    { EMPTY, false, 0 },       { EMPTY, false, 0 },     { DESCRIPTORS, false, 0 },
    { DESCRIPTORS, false, 0 }, { EMPTY, false, 0 },     { EMPTY, false, 0 },
    { EMPTY, false, 0 },       { UNMAPPED, false, 0 },  { UNMAPPED, false, 0 },
};

const uint64_t bad_addresses[BAD_ADDRESSES] = {
    0,
    8,
    UNMAPPED_ADDRESS,
    HYPERVISOR_ADDRESS,
    HYPERVISOR_VIRT_START - 8,
    HYPERVISOR_VIRT_START - 4,
    MACH2PHYS_VIRT_END, /* Xen reads arguments in the M2P, too */
    HYPERVISOR_VIRT_START - 1,
    0x80000000,
    0x7fffffff,
    MACH2PHYS_VIRT_END + 16,
    HYPERVISOR_VIRT_START - 2,
    ~0ul - 7,
    ~0ul,
};

/* All addresses are taken: an NMI would find out. */
uint64_t refused_handler(void)
{
    return (unsigned long)vector_stubs + X_NMI * VECTOR_STUB_SIZE;
}

/* Where the range ends is looked at first, by Xen, too. */
bool crosses_end(uint64_t address)
{
    (void)address;
    return false;
}

/* Xen does not say what it gave when a later extent fails. */
const unsigned exchange_most = 1;

/* All I/O ports, a bit each. */
#define BITMAP_SIZE 8192

/* Refused at the end, but Xen has looked at sizes and lists first. */
static bool is_odd_exchange(const struct xen_memory_exchange *x)
{
    return (x->in.extent_order | x->out.extent_order) != 0 || x->in.nr_extents > exchange_most ||
           x->nr_exchanged >= x->in.nr_extents || x->in.domid != x->out.domid;
}

/* Of two operations Xen reads the argument before it looks at the command's upper bits, which
 * cannot be right. */
static bool is_read_first(const struct call *call)
{
    switch (call->e.args[0] & 63) {
    case XENMEM_exchange: return is_odd_exchange((const void *)call->area);
    case XENMEM_add_to_physmap_batch:
    case XENMEM_claim_pages: return true;
    case XENMEM_remove_from_physmap:
    case XENMEM_get_vnumainfo: return call->e.args[0] >> 6 != 0;
    default: return false;
    }
}

/* Where there is room for the ports that it is for, but for no more. */
static bool is_bitmap_at_end(const struct call *call)
{
    const struct physdev_set_iobitmap *map = (const void *)call->area;

    return (uint32_t)call->e.args[0] == PHYSDEVOP_set_iobitmap &&
           map->bitmap > HYPERVISOR_VIRT_START - BITMAP_SIZE && map->bitmap < HYPERVISOR_VIRT_START;
}

/* Toys that were, or should have become, roots: of those that it refuses Xen clears the rights in
 * the entries and all that is behind the fourth. */
static bool was_root[TOYS] = { [ROOT_1] = true };

static void note_roots(const struct call *call)
{
    const struct mmuext_op *list = (const void *)call->area;

    for (unsigned i = 0; i < call->used * sizeof(long) / sizeof(*list); i++) {
        int toy = frame_name(list[i].arg1.mfn);

        if (list[i].cmd == MMUEXT_PIN_L3_TABLE && toy >= 0 && toy < TOYS)
            was_root[toy] = true;
    }
}

void forget_roots(void)
{
    memset(was_root, 0, sizeof(was_root));
    was_root[ROOT_1] = true;
}

/* Call gates: of them Xen takes some. */
uint64_t agreed_descriptor(uint64_t value)
{
    return (value >> 40 & 0x1f) == 0x0c ? 0 : value;
}

/* What is behind the fourth entry is gone then on Xen, even if the pin is refused: such toys have
 * nothing there. */
uint64_t agreed_l3(uint64_t mfn)
{
    static const unsigned roots[] = { ROOT_1, ROOT_2, 19, 20, 21 };
    unsigned other = roots[below(COUNT(roots))];
    int name = frame_name(mfn);

    return name >= 0 && name < TOYS ? toy_frame(other) : mfn;
}

/* Xen takes one in its own part. */
uint64_t agreed_ldt(uint64_t address)
{
    return address < HYPERVISOR_VIRT_START - 0x10000 ? address : UNMAPPED_ADDRESS;
}

uint64_t comparable(unsigned toy, unsigned index, uint64_t word)
{
    if (!was_root[toy])
        return word;
    return index < TOP_ENTRIES ? word & ~PTE_WRITE : 0;
}

void expect_by_width(struct call *call)
{
    if (call->e.op == __HYPERVISOR_mmuext_op)
        note_roots(call);
    if (call->e.op == __HYPERVISOR_mmuext_op && (call->e.args[1] & 0x7fffffff) == 0)
        call->expected = EMPTY_LIST;
    if (call->e.op == __HYPERVISOR_memory_op && is_read_first(call))
        call->expected = NARROW_LISTS;
    if (call->e.op == __HYPERVISOR_physdev_op && is_bitmap_at_end(call))
        call->expected = NARROW_BITMAP;
}

static void copy_kernel_entries(uint64_t *words)
{
    const volatile uint64_t *present = entry_of((void *)KERNEL_GIGABYTE, 2);

    for (unsigned i = 0; i < RESERVED_ENTRY; i++)
        words[i] = present[i];
}

void fill_kernel_part(unsigned toy, uint64_t *words)
{
    if (toy == ROOT_1 || toy == ROOT_2) {
        words[TOP_ENTRIES - 1] = table_entry(toys[toy - ROOT_1 + KERNEL_1], TOP_LEVEL);
        toy_name(toy - ROOT_1 + KERNEL_1);
    } else if (toy == KERNEL_1 || toy == KERNEL_2) {
        copy_kernel_entries(words);
    }
}

/* In a storm callbacks are called: the failsafe one, whose address is a good one then. */
static uint64_t code_selector(void)
{
    uint64_t strange = edge();

    return below(2) || in_storm() ? FLAT_KERNEL_CS : strange;
}

/* An NMI comes, and finds its handler. */
void set_address(struct callback_register *callback, uint64_t address)
{
    uint16_t selector = (uint16_t)code_selector();

    if (callback->type == CALLBACKTYPE_nmi)
        selector = FLAT_KERNEL_CS;
    callback->address = (struct xen_callback){ .cs = selector, .eip = (unsigned long)address };
}

void make_set_callbacks(struct call *call)
{
    set_call(call, __HYPERVISOR_set_callbacks, code_selector(), handler(), code_selector(),
             failsafe_handler());
}
