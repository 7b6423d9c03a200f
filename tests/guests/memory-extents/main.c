/* SPDX-License-Identifier: MIT */
/*
 * Claim: the calls that change a reservation return how many extents are done, whatever is wrong,
 *     and go on where the command's upper bits say; flags that cannot be met give none.
 * Rule: MEM-3, MEM-4, MEM-12, MEM-23, MEM-24; invariants B1, B2, B6
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define NO_FRAME   0xffffffful
#define GOES_ON(n) ((unsigned long)(n) << 6)
#define TOO_LARGE  25 /* an order that no domain here may have */

static const unsigned char operations[] = { XENMEM_increase_reservation,
                                            XENMEM_decrease_reservation, XENMEM_populate_physmap };

static long change(unsigned long command, void *list, unsigned long count, unsigned order,
                   unsigned flags, domid_t id)
{
    struct xen_memory_reservation r = {
        .extent_start = (unsigned long)list,
        .nr_extents = count,
        .extent_order = order,
        .mem_flags = flags,
        .domid = id,
    };

    return CALL(memory_op, command, &r);
}

/* Nothing can be done; the result is where the call was to go on. */
static void nothing_done(unsigned operation)
{
    static const unsigned long counts[] = { 0,
                                            1,
                                            2,
                                            1ul << 25,
                                            (1ul << 26) - 1,
                                            1ul << 26,
                                            1ul << (WORD_BITS / 2),
                                            1ul << (WORD_BITS - 3),
                                            1ul << (WORD_BITS - 1),
                                            ~0ul };
    /* The last is one more than a command of 32 bits has room for. */
    static const unsigned long starts[] = { 0, 1, 5, (1ul << 26) - (WORD_BITS == 32) };
    unsigned long list[2] = { NO_FRAME, NO_FRAME };

    for (unsigned c = 0; c < COUNT(counts); c++)
        for (unsigned s = 0; s < COUNT(starts); s++) {
            unsigned long command = operation | GOES_ON(starts[s]);

            expect(change(command, list, counts[c], TOO_LARGE, 0, DOMID_SELF), (long)starts[s],
                   "operation %u, %lx extents from %lx", operation, counts[c], starts[s]);
            expect(change(command, (void *)HYPERVISOR_ADDRESS, counts[c], TOO_LARGE, 0, DOMID_SELF),
                   (long)starts[s], "the same, of a bad list");
            expect(change(command, list, counts[c], 0, 0, 0x7000), (long)starts[s],
                   "the same, for nobody");
        }
    for (unsigned order = TOO_LARGE; order < 256; order += 7)
        expect(change(operation, list, 1, order, 0, DOMID_SELF), 0, "operation %u, order %u",
               operation, order);
}

static void flags(void)
{
    static const unsigned none[] = { 1,
                                     2,
                                     11,
                                     12,
                                     13,
                                     XENMEMF_node(4) | XENMEMF_exact_node_request,
                                     XENMEMF_node(254) | XENMEMF_exact_node_request };
    static const unsigned fine[] = {
        52, 63, 64, 255, XENMEMF_node(0), XENMEMF_node(1), XENMEMF_exact_node_request, 1u << 31
    };
    uint64_t *page = page_new();
    unsigned long pfn = ((uintptr_t)page - VIRT_BASE) / PAGE_SIZE;
    unsigned long frame = (unsigned long)mfn_of(page);

    map(page, 0);
    expect(change(XENMEM_decrease_reservation, &frame, 1, 0, ~0u, DOMID_SELF), 1,
           "decrease takes no notice of flags");
    for (unsigned i = 0; i < COUNT(none); i++) {
        expect(change(XENMEM_increase_reservation, &frame, 1, 0, none[i], DOMID_SELF), 0,
               "increase with flags %x", none[i]);
        expect(change(XENMEM_populate_physmap, &frame, 1, 0, none[i], DOMID_SELF), 0,
               "populate with flags %x", none[i]);
    }
    expect(change(XENMEM_populate_physmap, &frame, 1, 0, XENMEMF_populate_on_demand, DOMID_SELF), 0,
           "populate on demand");
    for (unsigned i = 0; i < COUNT(fine); i++) {
        frame = pfn;
        expect(change(XENMEM_populate_physmap, &frame, 1, 0, fine[i], DOMID_SELF), 1,
               "populate with flags %x", fine[i]);
        expect(change(XENMEM_decrease_reservation, &frame, 1, 0, 0, DOMID_SELF), 1, "and back");
    }
}

/* The second of three is bad: the first is gone, the third is not. */
static void batch(void)
{
    uint64_t *first = page_new(), *third = page_new();
    unsigned long list[3] = { (unsigned long)mfn_of(first), NO_FRAME,
                              (unsigned long)mfn_of(third) };
    unsigned long filled[3] = { 1, 2, ((uintptr_t)third - VIRT_BASE) / PAGE_SIZE };

    map(first, 0);
    map(third, 0);
    expect(change(XENMEM_decrease_reservation, list, 3, 0, 0, DOMID_SELF), 1, "good, bad, good");
    expect(change(XENMEM_decrease_reservation, &list[0], 1, 0, 0, DOMID_SELF), 0, "the first");
    expect(change(XENMEM_decrease_reservation | GOES_ON(2), list, 3, 0, 0, DOMID_SELF), 3,
           "the third, going on");
    expect(change(XENMEM_populate_physmap | GOES_ON(2), filled, 3, 0, 0, DOMID_SELF), 3,
           "populate the third, going on");
    expect_true(filled[0] == 1 && filled[1] == 2, "the others were left alone");
    expect(map(third, (uint64_t)filled[2] * PAGE_SIZE | PTE_RW), 0, "map the new third");
    expect(change(XENMEM_decrease_reservation, &filled[2], 1, 0, 0, DOMID_SELF), 1,
           "give it back while it is mapped");
    expect_no_fault(try_write(third, 5), "it is there until it is unmapped");
    map(third, 0);
    expect_true(map(third, (uint64_t)filled[2] * PAGE_SIZE | PTE_RO) < 0, "then it is gone");
}

void test_main(void)
{
    for (unsigned i = 0; i < COUNT(operations); i++)
        nothing_done(operations[i]);
    flags();
    batch();
}
