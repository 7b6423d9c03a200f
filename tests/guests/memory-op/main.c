/* SPDX-License-Identifier: MIT */
/*
 * Claim: a domain can give frames back and get frames, never more than its maximum; a frame in use
 *     goes when its last use ends, foreign reservations are refused, and what it gets is zero.
 * Rule: MEM-2, MEM-3, HCALL-3, HCALL-8
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static domid_t self = DOMID_SELF;

static long memory(unsigned operation, uint64_t *frames, unsigned long count, unsigned order)
{
    struct xen_memory_reservation reservation = {
        .extent_start = (unsigned long)frames,
        .nr_extents = count,
        .extent_order = order,
        .domid = DOMID_SELF,
    };

    return CALL(memory_op, operation, &reservation);
}

/* A frame goes back only when nothing uses it; then another takes its place. */
static void give_and_take(void)
{
    uint64_t *page = page_new();
    uint64_t frame = mfn_of(page), pfn = ((uintptr_t)page - VIRT_BASE) / PAGE_SIZE;
    long before = CALL(memory_op, XENMEM_current_reservation, &self);

    page[7] = 0x1234;
    expect(map(page, 0), 0, "unmap the page");
    expect(memory(XENMEM_decrease_reservation, &frame, 1, 0), 1, "give it back");
    expect(CALL(memory_op, XENMEM_current_reservation, &self), before - 1, "frames left");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, frame), -XEN_EINVAL, "pin what was given back");
    expect(memory(XENMEM_decrease_reservation, &frame, 1, 0), 0, "give it back twice");
    expect_hex(((const unsigned long *)MACH2PHYS_VIRT_START)[frame], ~0ul, "its M2P entry");

    frame = pfn;
    expect(memory(XENMEM_populate_physmap, &frame, 1, 0), 1, "get another for that pfn");
    expect(CALL(memory_op, XENMEM_current_reservation, &self), before, "frames then");
    expect_hex(((const unsigned long *)MACH2PHYS_VIRT_START)[frame], pfn, "its M2P entry");
    expect(map(page, frame * PAGE_SIZE | PTE_RW), 0, "map it");
    if (is_xen_lite()) /* the real Xen gives a domain its own old contents back */
        expect_hex(page[7], 0, "a word of the new frame");
}

/* The pin keeps the frame; when it goes, the frame goes. */
static void frame_in_use(void)
{
    uint64_t *table = table_new(), frame = mfn_of(table);

    expect(mmuext(MMUEXT_PIN_L1_TABLE, frame), 0, "pin a table");
    map(table, 0);
    expect(memory(XENMEM_decrease_reservation, &frame, 1, 0), 1, "give the pinned table back");
    expect(mmuext(MMUEXT_UNPIN_TABLE, frame), 0, "unpin it");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, frame), -XEN_EINVAL, "pin it once more");
    expect_true(map(table, frame * PAGE_SIZE | PTE_RO) < 0, "it cannot be mapped either");
}

/* The initial domain may have all there is. */
static void never_above_the_maximum(void)
{
    long maximum = CALL(memory_op, XENMEM_maximum_reservation, &self);
    uint64_t *page = page_new(), frame = mfn_of(page);

    for (unsigned i = 0; i < 4096 && memory(XENMEM_increase_reservation, NULL, 1, 0) == 1; i++)
        continue;
    expect(CALL(memory_op, XENMEM_current_reservation, &self), maximum, "all that it may have");
    expect(memory(XENMEM_increase_reservation, NULL, 1, 0), 0, "one more");
    map(page, 0);
    expect(memory(XENMEM_decrease_reservation, &frame, 1, 0), 1, "one back");
    expect(memory(XENMEM_increase_reservation, NULL, 1, 1), 0, "two in one");
    expect(memory(XENMEM_increase_reservation, NULL, 2, 0), 1, "two, one after the other");
    expect(CALL(memory_op, XENMEM_current_reservation, &self), maximum, "the maximum again");
}

void test_main(void)
{
    domid_t nobody = 0x7000;
    uint64_t frame = 0;
    long current = CALL(memory_op, XENMEM_current_reservation, &self);

    expect_true(current >= (long)start_info->nr_pages, "the reservation covers nr_pages");
    expect_true(CALL(memory_op, XENMEM_maximum_reservation, &self) >= current,
                "the maximum is not below it");
    expect_true(CALL(memory_op, XENMEM_maximum_ram_page, NULL) > 0x1000, "there is RAM");
    expect(CALL(memory_op, XENMEM_current_reservation, &nobody), -XEN_ESRCH, "of nobody");
    give_and_take();
    frame_in_use();

    frame = 0xfffffff;
    expect(memory(XENMEM_decrease_reservation, &frame, 1, 0), 0, "give back no frame");
    expect(memory(XENMEM_decrease_reservation, &frame, 0, 0), 0, "give back nothing");
    expect(memory(XENMEM_increase_reservation, &frame, 1, 60), 0, "get 2^60 frames");
    expect(memory(XENMEM_increase_reservation, NULL, ~0ul, 0), 0, "get more than can be counted");
    expect(CALL(memory_op, 63, &self), -XEN_ENOSYS, "operation 63");
    if (!is_initial_domain())
        never_above_the_maximum();
}
