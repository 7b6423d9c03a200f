/* SPDX-License-Identifier: MIT */
/*
 * Claim: mmu_update, mmuext_op and update_va_mapping_otherdomain act for the caller only: a domain
 *     that does not exist is ESRCH, any other is EPERM, and DOMID_IO owns nothing that could be
 *     mapped; which error comes first and what *done says is as on Xen.
 * Rule: MMU-28, MMU-32, MMU-23, MMU-24, MMU-27, MMU-5, MMU-13, HCALL-9
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * The initial domain may act on Xen's own frames and on devices': those lines are left out there.
 */
#include "tests/guests/support/support.h"

#define NOBODY    0x7000u
#define TABLES(x) (((x) + 1) << 16 | DOMID_SELF) /* the domain whose tables are changed */
#define UNWRITTEN 77

static uint64_t *page, *l1, *l2;

/* One element for that foreigndom: the result, and *done. */
static void element(uint32_t foreign, uint64_t ptr, uint64_t val, long result, uint32_t done,
                    const char *what)
{
    struct mmu_update update = { .ptr = ptr, .val = val };
    uint32_t count = UNWRITTEN;

    expect(CALL(mmu_update, &update, 1, &count, foreign), result, "%s, foreigndom %x", what,
           foreign);
    expect(count, done, "*done of: %s, foreigndom %x", what, foreign);
}

static void nothing(uint32_t foreign, long result, uint32_t done)
{
    struct mmuext_op op = { .cmd = MMUEXT_TLB_FLUSH_LOCAL };
    uint32_t count = UNWRITTEN;

    expect(CALL(mmu_update, &op, 0, &count, foreign), result, "no element, foreigndom %x", foreign);
    expect(count, done, "*done of none, foreigndom %x", foreign);
}

static long extended(unsigned cmd, uint32_t foreign)
{
    struct mmuext_op op = { .cmd = cmd, .arg1.mfn = mfn_of(page) };

    return CALL(mmuext_op, &op, 1, NULL, foreign);
}

/* The frames' domain is looked for after the tables' domain, and then *done is written. */
static void nobody(void)
{
    static const uint32_t frames[] = { NOBODY, DOMID_COW, DOMID_INVALID, DOMID_IDLE, 0xffff };
    static const uint32_t tables[] = { TABLES(NOBODY),    TABLES(DOMID_SELF), TABLES(DOMID_IO),
                                       TABLES(DOMID_XEN), TABLES(0x7fffu),    TABLES(0xfffeu) };

    for (unsigned i = 0; i < COUNT(frames); i++) {
        element(frames[i], machine_of(page), 0, -XEN_ESRCH, 0, "a word");
        element(frames[i], machine_of(page) | 7, 0, -XEN_ESRCH, 0, "an unknown command");
        nothing(frames[i], -XEN_ESRCH, 0);
        expect(extended(MMUEXT_TLB_FLUSH_LOCAL, frames[i]), -XEN_ESRCH, "flush for %x", frames[i]);
        expect(extended(99, frames[i]), -XEN_ESRCH, "unknown operation for %x", frames[i]);
        expect(update_va_mapping_of(page, 0, 0, frames[i]), -XEN_ESRCH,
               "update_va_mapping_otherdomain for %x", frames[i]);
    }
    for (unsigned i = 0; i < COUNT(tables); i++) {
        element(tables[i], machine_of(page), 0, -XEN_ESRCH, UNWRITTEN, "a word");
        nothing(tables[i], -XEN_ESRCH, UNWRITTEN);
        /* mmuext_op has no use for the upper half. */
        expect(extended(MMUEXT_TLB_FLUSH_LOCAL, tables[i]), 0, "flush for %x", tables[i]);
    }
}

static void hypervisors_frames(void)
{
    element(DOMID_XEN, machine_of(page), 0, -XEN_EPERM, 0, "a word");
    element(DOMID_XEN, machine_of(page) | MMU_MACHPHYS_UPDATE, 0, -XEN_EPERM, 0, "an M2P entry");
    element(DOMID_XEN, machine_of(page) | 4, 0, -XEN_ENOSYS, 0, "an unknown command");
    nothing(DOMID_XEN, 0, 0);
    expect(extended(MMUEXT_TLB_FLUSH_LOCAL, DOMID_XEN), -XEN_EPERM, "flush for DOMID_XEN");
    expect(extended(99, DOMID_XEN), -XEN_EPERM, "unknown operation for DOMID_XEN");
    expect(extended(99, DOMID_IO), -XEN_EPERM, "unknown operation for DOMID_IO");
    expect(update_va_mapping_of(page, make_entry(page, PTE_RW), 0, DOMID_IO), -XEN_EPERM,
           "update_va_mapping_otherdomain for DOMID_IO");
}

/* In the name of DOMID_IO: what names no frame can be written. */
static void devices(void)
{
    uint64_t slot = machine_of(l1), upper = machine_of(l2);

    nothing(DOMID_IO, 0, 0);
    element(DOMID_IO, machine_of(page), 0x1234, 0, 1, "a word");
    expect_hex(*page, 0x1234, "that word");
    element(DOMID_IO, slot, 0, 0, 1, "an L1 entry, zero");
    element(DOMID_IO, slot | MMU_PT_UPDATE_PRESERVE_AD, 0x1230, 0, 1, "an L1 entry, not present");
    expect_hex(*l1, 0x1230, "that entry");
    element(DOMID_IO, slot, make_entry(page, PTE_RO), -XEN_EBUSY, 0, "an own frame");
    element(DOMID_IO, slot, 0xfffffff000ul | PTE_RO, -XEN_EPERM, 0, "no frame");
    element(DOMID_IO, slot, 0xb8000 | PTE_RO, -XEN_EPERM, 0, "the screen");
    element(DOMID_IO, upper, 0, -XEN_EINVAL, 0, "an L2 entry");
    element(DOMID_IO, slot | MMU_MACHPHYS_UPDATE, 0, -XEN_EINVAL, 0, "an M2P entry");
    element(DOMID_IO, slot | 4, 0, -XEN_ENOSYS, 0, "an unknown command");
    element(DOMID_IO, 0xfffffff000ul, 0, -XEN_EINVAL, 0, "an entry in no frame");
    expect_hex(*l1, 0x1230, "the entry in the end");
}

void test_main(void)
{
    page = page_new();
    l1 = table_new();
    l2 = table_new();
    if (mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(l1)) != 0 || mmuext(MMUEXT_PIN_L2_TABLE, mfn_of(l2)))
        error("cannot pin empty tables");
    nobody();
    if (is_initial_domain())
        return;
    hypervisors_frames();
    devices();
    mmu_update(machine_of(l1), 0);
}
