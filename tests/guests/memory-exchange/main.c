/* SPDX-License-Identifier: MIT */
/*
 * Claim: exchange gives other frames for as many, of the same or another extent size, enters them
 *     in the M2P and counts what it did; sizes that do not agree, frames in use, frames named twice
 *     and bad lists are refused, each with its own errno, and what was done before stays done.
 * Rule: MEM-5, MEM-6, MEM-7, MEM-8, MEM-13, HCALL-2, HCALL-8; invariants C3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define PAGES    8
#define NO_FRAME 0xffffffful

static uint64_t *pages[PAGES];
static unsigned long in[PAGES], out[PAGES], done;

static struct xen_memory_reservation side(unsigned long *list, unsigned long count, unsigned order)
{
    return (struct xen_memory_reservation){
        .extent_start = (unsigned long)list,
        .nr_extents = count,
        .extent_order = order,
        .domid = DOMID_SELF,
    };
}

static long swap(unsigned long *from, unsigned long count, unsigned order, unsigned long *to,
                 unsigned long to_count, unsigned to_order, unsigned long before)
{
    struct xen_memory_exchange x = { .in = side(from, count, order),
                                     .out = side(to, to_count, to_order),
                                     .nr_exchanged = before };
    long result = CALL(memory_op, XENMEM_exchange, &x);

    done = x.nr_exchanged;
    return result;
}

static unsigned long pfn_of(const void *page)
{
    return ((uintptr_t)page - VIRT_BASE) / PAGE_SIZE;
}

static void sizes(void)
{
    static const struct {
        unsigned long count, to_count, before;
        unsigned char order, to_order;
        long result;
    } cases[] = {
        { 0, 0, 0, 0, 0, 0 },
        { 1, 2, 0, 0, 0, -XEN_EINVAL },
        { 2, 1, 0, 0, 0, -XEN_EINVAL },
        { 1, 2, 5, 1, 0, -XEN_EINVAL },
        { 1, 1, 2, 0, 0, -XEN_EINVAL },
        { 1, 1, ~0ul, 0, 0, -XEN_EINVAL },
        { 1, 1, 1, 0, 0, 0 }, /* all done already */
        { 1ul << 31, 1ul << 31, 0, 1, 1, -XEN_EINVAL },
        { 1ul << (WORD_BITS - 1), 0, 0, 1, 0, -XEN_EINVAL },
        { 1, 1, 0, 63, 63, -XEN_EPERM },
        { 1, 1, 0, 64, 64, -XEN_EPERM },
        { 1, 1, 0, 128, 128, -XEN_EPERM },
    };

    for (unsigned i = 0; i < COUNT(cases); i++) {
        expect(swap(in, cases[i].count, cases[i].order, out, cases[i].to_count, cases[i].to_order,
                    cases[i].before),
               cases[i].result, "sizes, case %u", i);
        expect_hex(done, cases[i].before, "nr_exchanged, case %u", i);
    }
    /* As many would not fit into the address space of 32 bits. */
    if (WORD_BITS == 64)
        expect(swap(in, 1ul << (WORD_BITS / 2), 0, out, 1, 32, 0), -XEN_EPERM, "2^32 frames");
}

static void refusals(void)
{
    struct xen_memory_exchange x = { .in = side(in, 1, 0), .out = side(out, 1, 0) };

    expect(swap(in, 1, 0, out, 1, 0, 0), -XEN_EINVAL, "a frame that is mapped");
    in[7] = NO_FRAME;
    expect(swap(&in[7], 1, 0, out, 1, 0, 0), -XEN_EINVAL, "no frame");
    in[7] = (unsigned long)mfn_of(pages[7]);
    expect(swap((void *)UNMAPPED_ADDRESS, 1, 0, out, 1, 0, 0), -XEN_EFAULT, "list from nowhere");
    expect(swap((void *)HYPERVISOR_ADDRESS, 1, 0, out, 1, 0, 0), -XEN_EFAULT, "the hypervisor's");
    expect(swap(in, 1, 0, (void *)HYPERVISOR_ADDRESS, 1, 0, 0), -XEN_EFAULT, "list to there");
    x.in.domid = 0x7000;
    expect(CALL(memory_op, XENMEM_exchange, &x), -XEN_EINVAL, "two domains");
    x.out.domid = 0x7000;
    expect(CALL(memory_op, XENMEM_exchange, &x), -XEN_ESRCH, "a domain not there");
    x = (struct xen_memory_exchange){ .in = side(in, 1, 0), .out = side(out, 1, 0) };
    x.out.mem_flags = 12;
    map(pages[0], 0);
    expect(CALL(memory_op, XENMEM_exchange, &x), -XEN_ENOMEM, "a frame below 4 KiB");
    expect((long)x.nr_exchanged, 0, "how many");
    expect(map(pages[0], make_entry(pages[0], PTE_RW)), 0, "the frame is still there");
}

static void works(void)
{
    const unsigned long *m2p = (const unsigned long *)MACH2PHYS_VIRT_START;
    /* At 32 bits the real Xen says it or not when an error ends the call. */
    bool says_how_many = WORD_BITS == 64 || is_xen_lite();

    for (unsigned i = 0; i < PAGES; i++)
        map(pages[i], 0);
    expect(swap(in, 1, 0, out, 1, 0, 0), 0, "one for one");
    expect((long)done, 1, "how many");
    expect_hex(m2p[out[0]], pfn_of(pages[0]), "the new frame's M2P entry");
    expect_hex(m2p[in[0]], ~0ul, "the old frame's M2P entry");
    expect(map(pages[0], (uint64_t)out[0] * PAGE_SIZE | PTE_RW), 0, "map the new one");
    expect_true(map(pages[0], (uint64_t)in[0] * PAGE_SIZE | PTE_RW) < 0, "the old one is gone");
    map(pages[0], 0);

    in[2] = in[1];
    expect(swap(&in[1], 2, 0, &out[1], 2, 0, 0), -XEN_EINVAL, "one frame twice");
    if (says_how_many)
        expect((long)done, 1, "the first was done");
    in[2] = (unsigned long)mfn_of(pages[2]);
    in[3] = NO_FRAME;
    expect(swap(&in[2], 2, 0, &out[2], 2, 0, 0), -XEN_EINVAL, "a good and a bad one");
    if (says_how_many)
        expect((long)done, 1, "the good one was done");
    expect_hex(out[3], pfn_of(pages[3]), "the bad one's pfn");

    expect(swap(&in[4], 2, 0, &out[4], 1, 1, 0), 0, "two frames for a pair");
    expect((long)done, 2, "how many");
    expect((long)(out[4] % 2), 0, "the pair is aligned");
    in[6] = out[4];
    out[4] = pfn_of(pages[4]);
    expect(swap(&in[6], 1, 1, &out[4], 2, 0, 0), 0, "and back");
    expect_hex(m2p[out[5]], pfn_of(pages[5]), "the second one's M2P entry");
}

void test_main(void)
{
    for (unsigned i = 0; i < PAGES; i++) {
        pages[i] = page_new();
        in[i] = (unsigned long)mfn_of(pages[i]);
        out[i] = pfn_of(pages[i]);
    }
    sizes();
    refusals();
    works();
}
