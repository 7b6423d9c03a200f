/* SPDX-License-Identifier: MIT */
/*
 * Claim: whatever two domains do with each other's grants at the same time, while a second vCPU of
 *     each changes the entries at full speed, each call ends with one of its statuses, and no count
 *     is wrong afterwards; a domain may end in the middle of it.
 * Rule: GRANT-4, GRANT-5, GRANT-6, GRANT-7, GRANT-8, GRANT-9, GRANT-12, GRANT-14, GRANT-22,
 *     GRANT-24
 * Runs on: xen-lite
 * Ends: poweroff
 * Options: --vcpus 2
 *
 * "peer=N" names the other domain, which runs the same (tests/qemu/test_grants.py); alone it is its
 * own peer. "ms=N": for how long, "seed=N": with which numbers. What is wrong shows in the audit.
 * Not on the real Xen: its release build does not check its counts, and a refused transfer costs
 * the frame there.
 */
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define PAGES   8
#define REFS    16 /* that are used, from FIRST on */
#define FIRST   4
#define WINDOWS 4 /* addresses at which the peer's pages are mapped */
#define HANDLES 16

static domid_t self, peer;
static char *pages[PAGES], *windows[WINDOWS];
static grant_handle_t handles[HANDLES];
static struct gnttab_map_grant_ref maps[HANDLES];
static uint64_t random_state;
static volatile bool in_format_2;
static unsigned long calls, done;

static unsigned below(unsigned end)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)(random_state >> 33) % end;
}

/* The second vCPU: entries of either format are flipped between what makes sense and what does not.
 * What it writes while the format changes is for the wrong one, which is fine, too. */
static void flip(unsigned long seed)
{
    static const uint16_t flags[] = {
        GTF_permit_access,
        GTF_permit_access | GTF_readonly,
        GTF_invalid,
        GTF_permit_access,
        GTF_permit_access | GTF_sub_page,
        GTF_transitive,
        GTF_accept_transfer,
        GTF_permit_access,
    };
    uint32_t state = (uint32_t)seed | 1;

    for (;;) {
        grant_ref_t ref;

        state = state * 1664525u + 1013904223u;
        ref = FIRST + (state >> 20) % REFS;
        if (in_format_2) {
            volatile union grant_entry_v2 *entry = grant_v2(ref);

            entry->full_page.frame = mfn_of(pages[(state >> 8) % PAGES]);
            entry->hdr.domid = (state >> 12) % 8 == 0 ? self : peer;
            entry->hdr.flags = flags[(state >> 16) % COUNT(flags)];
        } else {
            grant_page(ref, (state >> 12) % 8 == 0 ? self : peer, pages[(state >> 8) % PAGES],
                       flags[(state >> 16) % COUNT(flags)]);
        }
    }
}

static grant_ref_t some_ref(void)
{
    return FIRST + below(REFS);
}

static domid_t somebody(void)
{
    return below(8) == 0 ? self : peer;
}

static void call(unsigned operation, void *argument, unsigned count, const int16_t *status)
{
    long result = CALL(grant_table_op, operation, argument, count);

    calls++;
    expect_true(result == 0 && *status <= 0 && *status >= GNTST_no_space,
                "operation %u: %ld, status %d", operation, result, *status);
    done += *status == GNTST_okay;
}

static void do_map(void)
{
    unsigned slot = below(HANDLES), window = below(WINDOWS);
    struct gnttab_map_grant_ref *op = &maps[slot];
    unsigned flags = below(3) == 0 ? GNTMAP_device_map : GNTMAP_host_map;

    if (below(4) == 0)
        flags = GNTMAP_device_map | GNTMAP_host_map;
    if (below(2))
        flags |= GNTMAP_readonly;
    *op = (struct gnttab_map_grant_ref){ .host_addr = (unsigned long)windows[window],
                                         .flags = flags,
                                         .ref = some_ref(),
                                         .dom = somebody(),
                                         .status = 1 };
    if (below(4) == 0) {
        op->host_addr = entry_machine(windows[window], 1);
        op->flags |= GNTMAP_contains_pte;
    }
    call(GNTTABOP_map_grant_ref, op, 1, &op->status);
    if (op->status == GNTST_okay)
        handles[slot] = op->handle;
}

static void do_unmap(void)
{
    unsigned slot = below(HANDLES);
    struct gnttab_unmap_grant_ref op = { .host_addr = below(4) ? maps[slot].host_addr : 0,
                                         .dev_bus_addr = below(4) ? maps[slot].dev_bus_addr : 0,
                                         .handle = below(8) ? handles[slot] : below(40),
                                         .status = 1 };

    call(GNTTABOP_unmap_grant_ref, &op, 1, &op.status);
}

static void do_replace(void)
{
    unsigned slot = below(HANDLES);
    struct gnttab_unmap_and_replace op = { .host_addr = maps[slot].host_addr,
                                           .new_addr = (unsigned long)windows[below(WINDOWS)],
                                           .handle = handles[slot],
                                           .status = 1 };

    call(GNTTABOP_unmap_and_replace, &op, 1, &op.status);
}

static void do_copy(void)
{
    struct gnttab_copy op = { .source = below(2) ? grant_end(somebody(), some_ref(), below(64))
                                                 : page_end(pages[below(PAGES)], below(64)),
                              .len = (uint16_t)below(4096),
                              .status = 1 };

    op.flags = op.source.domid != DOMID_SELF ? GNTCOPY_source_gref : 0;
    op.dest = grant_end(somebody(), some_ref(), below(64));
    op.flags |= GNTCOPY_dest_gref;
    call(GNTTABOP_copy, &op, 1, &op.status);
}

/* Frames that go away one by one would leave none: what is given has an empty address of its own.
 */
static void do_transfer(void)
{
    struct gnttab_transfer op = { .mfn = (unsigned long)mfn_of(pages[below(PAGES)]),
                                  .domid = peer,
                                  .ref = some_ref(),
                                  .status = 1 };

    call(GNTTABOP_transfer, &op, 1, &op.status);
}

static void do_swap(void)
{
    struct gnttab_swap_grant_ref op = { .ref_a = some_ref(), .ref_b = some_ref(), .status = 1 };

    call(GNTTABOP_swap_grant_ref, &op, 1, &op.status);
}

static void do_version(void)
{
    struct gnttab_set_version op = { .version = 1 + below(2) };
    long result = CALL(grant_table_op, GNTTABOP_set_version, &op, 1);

    calls++;
    expect_true(result == 0 || result == -XEN_EBUSY || result == -XEN_ERANGE, "set_version: %ld",
                result);
    in_format_2 = op.version == 2;
}

static void do_setup(void)
{
    unsigned long list[GRANT_FRAMES];
    struct gnttab_setup_table op = { .dom = DOMID_SELF,
                                     .nr_frames = below(GRANT_FRAMES),
                                     .status = 1,
                                     .frame_list = (unsigned long)list };

    call(GNTTABOP_setup_table, &op, 1, &op.status);
}

/* The kernel's own change of what a grant has mapped. */
static void do_overwrite(void)
{
    char *window = windows[below(WINDOWS)];
    char *page = pages[below(PAGES)];

    (void)map(window, below(2) ? 0 : make_entry(page, below(2) ? PTE_RW : PTE_RO));
}

static void run(uint64_t end)
{
    static void (*const acts[])(void) = {
        do_map,  do_map,      do_map,  do_unmap,   do_unmap, do_unmap,     do_replace,
        do_copy, do_transfer, do_swap, do_version, do_setup, do_overwrite,
    };

    while (system_time() < end)
        for (unsigned i = 0; i < 100; i++)
            acts[below(COUNT(acts))]();
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    self = own_domain();
    peer = (domid_t)option_number("peer=", self);
    random_state = option_number("seed=", 1) * 0x9e3779b97f4a7c15ull + self;
    grant_setup(1);
    for (unsigned i = 0; i < PAGES; i++)
        pages[i] = page_new();
    for (unsigned i = 0; i < WINDOWS; i++)
        windows[i] = page_new();
    vcpu_start(flip, self);
    run(system_time() + option_number("ms=", 500) * 1000000);
    print("%lu calls, %lu of them done\n", calls, done);
    expect_true(done > calls / 50, "some were done: %lu of %lu", done, calls);
}
