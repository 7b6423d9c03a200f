/* SPDX-License-Identifier: MIT */
/*
 * Claim: mmuext_op's flushes, page operations and unknown operations: each flush makes a changed
 *     entry count, and works for any address; clear and copy work on own pages only, and a list
 *     stops at the first that is refused.
 * Rule: MMU-20, MMU-21, MMU-22, MMU-28, MMU-31, MMU-34, HCALL-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static const unsigned plain[] = { MMUEXT_TLB_FLUSH_LOCAL, MMUEXT_TLB_FLUSH_ALL, MMUEXT_INVLPG_LOCAL,
                                  MMUEXT_INVLPG_ALL };

static void flushes(void)
{
    uint64_t vcpus = 1;
    struct mmuext_op op = { .cmd = MMUEXT_TLB_FLUSH_MULTI, .arg2.vcpumask = (unsigned long)&vcpus };

    for (unsigned i = 0; i < COUNT(plain); i++) {
        expect(mmuext(plain[i], (unsigned long)&vcpus), 0, "operation %u", plain[i]);
        expect(mmuext(plain[i], HYPERVISOR_ADDRESS), 0, "operation %u there", plain[i]);
        expect(mmuext(plain[i], NONCANONICAL_ADDRESS), 0, "operation %u nowhere", plain[i]);
    }
    expect(CALL(mmuext_op, &op, 1, 0, DOMID_SELF), 0, "flush a set of vCPUs");
    op.arg2.vcpumask = UNMAPPED_ADDRESS;
    expect(CALL(mmuext_op, &op, 1, 0, DOMID_SELF), -XEN_EINVAL, "a set at a bad address");
}

static uint64_t *here, *there;

/* The page's address is read, so that its translation is known, and then mapped to the other. */
static void change_entry(void)
{
    expect(map(here, make_entry(here, PTE_RW)), 0, "map the page");
    expect((long)READ_ONCE(*here), 1, "the page before");
    expect(mmu_update(entry_machine(here, 1), make_entry(there, PTE_RW)), 0, "map the other");
}

/* After each of these the new entry counts. */
static void effects(void)
{
    static const unsigned long of_update[] = { UVMF_INVLPG, UVMF_TLB_FLUSH, UVMF_INVLPG | UVMF_ALL,
                                               UVMF_TLB_FLUSH | UVMF_ALL };
    uint64_t vcpus = 1;
    struct mmuext_op op = { .arg1.linear_addr = 0, .arg2.vcpumask = (unsigned long)&vcpus };

    here = page_new();
    there = page_new();
    *here = 1;
    *there = 2;
    for (unsigned cmd = MMUEXT_TLB_FLUSH_LOCAL; cmd <= MMUEXT_INVLPG_ALL; cmd++) {
        change_entry();
        op.cmd = cmd;
        op.arg1.linear_addr = (unsigned long)here;
        expect(CALL(mmuext_op, &op, 1, 0, DOMID_SELF), 0, "operation %u", cmd);
        expect((long)READ_ONCE(*here), 2, "what is read after operation %u", cmd);
    }
    change_entry();
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of((void *)start_info->pt_base)), 0, "the same root");
    expect((long)READ_ONCE(*here), 2, "what is read after the root was loaded");
    for (unsigned i = 0; i < COUNT(of_update); i++) {
        change_entry();
        expect(update_va_mapping(here, make_entry(there, PTE_RO), of_update[i]), 0,
               "update_va_mapping, flags %lx", of_update[i]);
        expect((long)READ_ONCE(*here), 2, "what is read after flags %lx", of_update[i]);
    }
}

static void pages(void)
{
    uint64_t *from = page_new(), *to = page_new(), *table = table_new();
    struct mmuext_op copy = { .cmd = MMUEXT_COPY_PAGE,
                              .arg1.mfn = mfn_of(to),
                              .arg2.src_mfn = mfn_of(from) };

    from[511] = 0x1234;
    expect(CALL(mmuext_op, &copy, 1, 0, DOMID_SELF), 0, "copy a page");
    expect_hex(to[511], 0x1234, "its last word");
    expect(mmuext(MMUEXT_CLEAR_PAGE, mfn_of(to)), 0, "clear a page");
    expect_hex(to[511], 0, "its last word");
    expect(mmuext(MMUEXT_CLEAR_PAGE, 0xfffffff), -XEN_EINVAL, "clear no frame");
    copy.arg2.src_mfn = 0xfffffff;
    expect(CALL(mmuext_op, &copy, 1, 0, DOMID_SELF), -XEN_EINVAL, "copy from no frame");
    mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table));
    expect(mmuext(MMUEXT_CLEAR_PAGE, mfn_of(table)), -XEN_EINVAL, "clear a page table");
    copy = (struct mmuext_op){ .cmd = MMUEXT_COPY_PAGE,
                               .arg1.mfn = mfn_of(table),
                               .arg2.src_mfn = mfn_of(from) };
    expect(CALL(mmuext_op, &copy, 1, 0, DOMID_SELF), -XEN_EINVAL, "copy to a page table");
    expect_hex(table[511], 0, "its last word");
    copy = (struct mmuext_op){ .cmd = MMUEXT_COPY_PAGE,
                               .arg1.mfn = mfn_of(to),
                               .arg2.src_mfn = mfn_of(table) };
    expect(CALL(mmuext_op, &copy, 1, 0, DOMID_SELF), 0, "copy from a page table");
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(table)), 0, "unpin it");
    set_writable(table, true); /* no reference is left from all of these */
}

/* Before the next operation of a list what was unpinned is a table no more. */
static void pages_of_unpinned(void)
{
    uint64_t *from = page_new(), *table = table_new();
    struct mmuext_op list[] = {
        { .cmd = MMUEXT_PIN_L2_TABLE, .arg1.mfn = mfn_of(table) },
        { .cmd = MMUEXT_UNPIN_TABLE, .arg1.mfn = mfn_of(table) },
        { .cmd = MMUEXT_COPY_PAGE, .arg1.mfn = mfn_of(table), .arg2.src_mfn = mfn_of(from) },
        { .cmd = MMUEXT_CLEAR_PAGE, .arg1.mfn = mfn_of(table) },
    };

    from[3] = 0x1234;
    expect(CALL(mmuext_op, list, 3, NULL, DOMID_SELF), 0, "copy to a page that was a table");
    expect_hex(table[3], 0x1234, "what was copied");
    expect(CALL(mmuext_op, list + 3, 1, NULL, DOMID_SELF), 0, "clear it");
    list[2] = list[3];
    expect(CALL(mmuext_op, list, 3, NULL, DOMID_SELF), 0, "clear a page that was a table");
}

void test_main(void)
{
    struct mmuext_op list[3] = { { .cmd = MMUEXT_TLB_FLUSH_LOCAL },
                                 { .cmd = 99 },
                                 { .cmd = MMUEXT_TLB_FLUSH_LOCAL } };
    uint32_t done = 77;

    flushes();
    effects();
    pages();
    pages_of_unpinned();
    expect(CALL(mmuext_op, list, 3, &done, DOMID_SELF), -XEN_ENOSYS, "the second of three is bad");
    expect(done, 1, "how many were done");
    expect(CALL(mmuext_op, list, 1, &done, 0x7000), -XEN_ESRCH, "for a domain not there");
    expect(mmuext(MMUEXT_MARK_SUPER, 0), -XEN_EOPNOTSUPP, "MARK_SUPER");
    expect(mmuext(MMUEXT_UNMARK_SUPER, 0), -XEN_EOPNOTSUPP, "UNMARK_SUPER");
    if (!is_initial_domain()) { /* which has devices */
        expect(mmuext(MMUEXT_FLUSH_CACHE, 0), -XEN_EACCES, "flush the CPU's caches");
        expect(mmuext(MMUEXT_FLUSH_CACHE_GLOBAL, 0), -XEN_EINVAL, "flush all caches");
    }
}
