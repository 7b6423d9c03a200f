/* SPDX-License-Identifier: MIT */
/*
 * Claim: while another vCPU takes away the right to write and gives it back, a store of the kernel
 *     ends in a page fault or is done, and one of the hypervisor's in EFAULT or is done: none is
 *     lost, and none goes on for ever.
 * Rule: HCALL-2; invariants A4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 */
#include "tests/guests/support/support.h"

#define ROUNDS   200
#define TIME_NS  1000000000ull  /* at most: on a busy host a change can take long */
#define LIMIT_NS 20000000000ull /* for one call to be done */

/* What is in the page whose rights change. */
struct contents {
    uint64_t word;
    struct xen_feature_info answer;
    struct multicall_entry call;
};

static struct contents *page;
static volatile unsigned changes, rounds;

static void change_rights(unsigned long unused)
{
    const uint64_t read_only = make_entry(page, PTE_RO), writable = make_entry(page, PTE_RW);

    (void)unused;
    for (;;) {
        unsigned before = rounds;

        update_va_mapping(page, read_only, UVMF_INVLPG | UVMF_ALL);
        update_va_mapping(page, writable, UVMF_NONE);
        changes++;
        /* Where a busy host runs the two in turn, vCPU 0 would hardly ever find it writable. */
        while (changes % 4 == 0 && rounds == before)
            __asm__ volatile("pause");
    }
}

/* Returns to the store, which is repeated. */
static void repeat_store(struct frame *frame)
{
    if (frame->vector != X_PF || frame->error != (PF_PRESENT | PF_WRITE))
        error("exception %lu, code 0x%lx", frame->vector, frame->error);
}

/* The hypervisor's stores: a structure, and one word. True if they were done. */
static bool ask(uint32_t index)
{
    struct xen_feature_info wanted = { .submap_idx = 0 };
    long result;

    expect(CALL(xen_version, XENVER_get_features, &wanted), 0, "features");
    page->answer = (struct xen_feature_info){ .submap_idx = 0 };
    result = CALL(xen_version, XENVER_get_features, &page->answer);
    if (result != 0 && result != -XEN_EFAULT)
        expect(result, 0, "features into the page");
    if (result == 0)
        expect_hex(page->answer.submap, wanted.submap, "what the call wrote");

    page->call =
        (struct multicall_entry){ .op = __HYPERVISOR_xen_version, .result = index + 1000000 };
    if (CALL(multicall, &page->call, 1) == 0)
        expect_hex(page->call.result, 0x40011, "what the list's call said");
    return result == 0;
}

void test_main(void)
{
    unsigned done = 0, before;
    uint64_t start;

    page = page_new();
    trap_hook = repeat_store;
    vcpu_start(change_rights, 0);
    if (!wait_for(&changes))
        error("vCPU 1 changes nothing");

    start = system_time();
    for (unsigned i = 0; i < ROUNDS; i++) {
        if (system_time() - start > (done > 0 ? TIME_NS : LIMIT_NS))
            break;
        before = changes;
        rounds++;
        WRITE_ONCE(page->word, i);
        if (READ_ONCE(page->word) != i)
            failure("store %u is lost", i);
        done += ask(i);
        /* Nor is it of use to go on where vCPU 1 does not run. */
        while (changes == before)
            __asm__ volatile("pause");
    }
    expect_true(done > 0, "some calls were done");
}
