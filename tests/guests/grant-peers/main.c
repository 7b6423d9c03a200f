/* SPDX-License-Identifier: MIT */
/*
 * Claim: two domains lend each other pages: what one writes the other reads, by mapping and by
 *     copy, in both formats, also passed on by a transitive entry; a frame that is given away
 *     arrives with its contents; a page that is mapped stays when its owner has ended or given it
 *     back, and is nobody else's until it is unmapped; it cannot be exchanged; who takes a
 *     permission back while no mark is set can use the page for a secret at once.
 * Rule: GRANT-2, GRANT-4, GRANT-5, GRANT-14, GRANT-15, GRANT-20, GRANT-25, GRANT-26, GRANT-32,
 *     MEM-7
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * "peer=N" on the command line names the other domain, which runs the same
 * (tests/qemu/test_grants.py). Alone it is its own peer, for the first part. In step by two words
 * in a page that each grants to the other, by an entry that stays when the format changes.
 */
#include "tests/guests/grant-peers/peers.h"
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define PATIENCE 60000000000ull /* ns */
#define SPARE    4              /* frames */

#define REF_REF (GNTCOPY_source_gref | GNTCOPY_dest_gref)

domid_t self, peer;
struct control *mine, *theirs;
uint32_t step;
static char *data, *at;
static uint64_t deadline;

static void in_time(const char *what)
{
    CALL(sched_op, SCHEDOP_yield);
    if (system_time() > deadline)
        failure("%s: the other domain does not come", what);
}

void meet(const char *what)
{
    mine->step = ++step;
    while (theirs->step < step)
        in_time(what);
}

static void begin(void)
{
    struct gnttab_map_grant_ref op;

    mine = page_new();
    theirs = page_new();
    grant_page(CONTROL, peer, mine, GTF_permit_access);
    /* Nobody is there yet, or has granted anything. */
    while (grant_map(&op, peer, CONTROL, (unsigned long)theirs, GNTMAP_host_map) != GNTST_okay)
        in_time("the first page");
    meet("begin");
}

void fill(char *page, char seed)
{
    for (unsigned i = 0; i < 4096; i++)
        page[i] = (char)(seed + i * 3);
}

long wrong_bytes(const char *page, char seed)
{
    long wrong = 0;

    for (unsigned i = 0; i < 4096; i++)
        wrong += ((const volatile char *)page)[i] != (char)(seed + i * 3);
    return wrong;
}

static void mapped(void)
{
    grant_handle_t handle, readonly;

    fill(data, (char)self);
    grant_page(DATA, peer, data, GTF_permit_access);
    grant_page(READONLY, peer, data, GTF_permit_access | GTF_readonly);
    grant_page(TABLE, (domid_t)(peer + 100), data, GTF_permit_access);
    meet("granted");
    expect(grant_map_at(peer, READONLY, at, 0, &handle), GNTST_general_error, "to write");
    expect(grant_map_at(peer, TABLE, at, 0, &handle), GNTST_general_error, "another's");
    expect(grant_map_at(peer, READONLY, at + 4096, GNTMAP_readonly, &readonly), GNTST_okay,
           "to read");
    expect(wrong_bytes(at + 4096, (char)peer), 0, "the peer's page");
    meet("read");
    expect(grant_map_at(peer, DATA, at, 0, &handle), GNTST_okay, "map the page to write");
    if (peer != self)
        expect(map(at, *entry_of(at, 1) ^ PTE_WRITE), -XEN_EBUSY, "its entry in another way");
    fill(at, (char)(peer + 1));
    meet("written");
    expect(wrong_bytes(data, (char)(self + 1)), 0, "what the peer wrote");
    expect(grant_v1(DATA)->flags, GTF_permit_access | GTF_reading | GTF_writing, "the marks");
    meet("seen");
    expect(grant_unmap_at(handle, at), GNTST_okay, "unmap");
    expect(grant_unmap_at(readonly, at), GNTST_general_error, "where the other was");
    expect(grant_unmap_at(readonly, at + 4096), GNTST_okay, "unmap the other");
    meet("unmapped");
    expect(grant_v1(DATA)->flags, GTF_permit_access, "no marks");
}

/* An entry that is overwritten loses its page. A handle is undone where another has mapped the
 * same; so one of them is never undone, and its pin stays: on one of the entries that are allowed
 * to be in use when the format changes. */
static void overwritten(void)
{
    grant_handle_t handle, second;
    char *own = page_new();

    grant_page(LOST, peer, data, GTF_permit_access);
    meet("one more granted");
    expect(grant_map_at(peer, LOST, at, 0, &handle), GNTST_okay, "map it");
    expect(map(at, make_entry(own, PTE_RW)), 0, "map an own page over it");
    expect(grant_unmap_at(handle, at), GNTST_general_error, "it is not there any more");
    expect(grant_map_at(peer, LOST, at, 0, &second), GNTST_okay, "map it once more");
    expect(grant_unmap_at(handle, at), GNTST_okay, "the first handle");
    expect(grant_map_at(peer, LOST, at, 0, &handle), GNTST_okay, "and for the second");
    expect(grant_unmap_at(second, at), GNTST_okay, "the second handle");
    expect(grant_map_at(peer, LOST, at, 0, &second), GNTST_okay, "and the third");
    expect(grant_unmap_at(handle, at), GNTST_okay, "the third handle");
    meet("overwritten");
    expect(map(at, 0), 0, "nothing");
    expect(grant_map_at(peer, LOST, at, 0, &handle), GNTST_okay, "for the last");
    expect(grant_unmap_at(second, at), GNTST_okay, "the last handle");
    expect(grant_map_at(peer, LOST, at, GNTMAP_readonly, &second), GNTST_okay, "to read");
    expect(grant_unmap_at(handle, at), GNTST_general_error, "undone as one to write");
    expect(grant_unmap_at(second, at), GNTST_okay, "undone as it is");
}

static void copied(void)
{
    char *own = page_new();

    fill(data, (char)(self + 7));
    meet("filled");
    expect(grant_copy(grant_end(peer, DATA, 0), page_end(own, 0), 4096, GNTCOPY_source_gref),
           GNTST_okay, "copy the peer's page");
    expect(wrong_bytes(own, (char)(peer + 7)), 0, "the copy");
    expect(grant_copy(page_end(own, 0), grant_end(peer, READONLY, 0), 16, GNTCOPY_dest_gref),
           GNTST_general_error, "to the read-only one");
    meet("copied");
    fill(own, (char)(peer + 9));
    expect(grant_copy(page_end(own, 0), grant_end(peer, DATA, 0), 4096, GNTCOPY_dest_gref),
           GNTST_okay, "copy to the peer's page");
    meet("copied back");
    expect(wrong_bytes(data, (char)(self + 9)), 0, "what came");
}

static void linger(unsigned long turns)
{
    while (turns-- > 0)
        __asm__ volatile("" ::: "memory");
}

/* By the rules: the permission is taken away only while no mark is set. What the entry names in
 * between, and what is written into the page, nobody else may see. */
static void flip(char *page, const char *secret)
{
    volatile struct grant_entry_v1 *entry = grant_v1(FLIPPED);
    uint32_t public = (uint32_t)mfn_of(page);
    unsigned long turns = 0;

    entry->domid = peer;
    while (theirs->step <= step || turns <= 10) {
        entry->frame = public;
        __atomic_store_n(&entry->flags, GTF_permit_access, __ATOMIC_RELEASE);
        linger(turns * 77 % 8192);
        while (!__sync_bool_compare_and_swap(&entry->flags, GTF_permit_access, GTF_invalid))
            continue;
        entry->frame = (uint32_t)mfn_of(secret);
        ((volatile char *)page)[0] = 'S';
        linger(turns % 512);
        ((volatile char *)page)[0] = 'p';
        turns++;
    }
}

static void watch(volatile char *own)
{
    uint64_t end = system_time() + 100000000;
    unsigned long seen = 0, secrets = 0;
    grant_handle_t handle;

    /* The other's CPU may stand still for longer. */
    while (system_time() < end || seen <= 10) {
        int status =
            grant_copy(grant_end(peer, FLIPPED, 0), page_end(own, 0), 1, GNTCOPY_source_gref);

        if (seen <= 10)
            in_time("what may be seen");
        seen += status == GNTST_okay;
        secrets += status == GNTST_okay && own[0] != 'p';
        if (grant_map_at(peer, FLIPPED, at, GNTMAP_readonly, &handle) != GNTST_okay)
            continue;
        secrets += *(volatile char *)at != 'p';
        expect(grant_unmap_at(handle, at), GNTST_okay, "unmap");
        seen++;
    }
    expect((long)secrets, 0, "secrets that were seen");
}

static void flipped(void)
{
    char *page = page_new(), *secret = page_new();

    page[0] = 'p';
    secret[0] = 's';
    meet("before flipping");
    if (self < peer)
        flip(page, secret);
    else
        watch(page);
    meet("flipped");
}

static void others_tables(void)
{
    struct gnttab_query_size size = { .dom = peer, .status = 1 };
    struct gnttab_setup_table setup = { .dom = peer, .nr_frames = 0, .status = 1 };
    struct gnttab_get_version version = { .dom = peer };

    expect(grant_op(GNTTABOP_query_size, &size), 0, "query_size");
    expect(size.status, GNTST_permission_denied, "the peer's size");
    expect(grant_op(GNTTABOP_setup_table, &setup), 0, "setup_table");
    expect(setup.status, GNTST_permission_denied, "the peer's table");
    expect(grant_op(GNTTABOP_get_version, &version), -XEN_EPERM, "the peer's version");
}

long memory(unsigned operation, unsigned long *frames, unsigned long count)
{
    struct xen_memory_reservation reservation = { .extent_start = (unsigned long)frames,
                                                  .nr_extents = count,
                                                  .domid = DOMID_SELF };

    return CALL(memory_op, operation, &reservation);
}

static long frames_held(void)
{
    domid_t us = DOMID_SELF;

    return CALL(memory_op, XENMEM_current_reservation, &us);
}

static unsigned long pfn_of(const void *page)
{
    return ((unsigned long)page - VIRT_BASE) / PAGE_SIZE;
}

static void cannot_exchange(unsigned long frame, unsigned long pfn)
{
    struct xen_memory_exchange exchange = {
        .in = { .extent_start = (unsigned long)&frame, .nr_extents = 1, .domid = DOMID_SELF },
        .out = { .extent_start = (unsigned long)&pfn, .nr_extents = 1, .domid = DOMID_SELF },
    };

    expect(CALL(memory_op, XENMEM_exchange, &exchange), -XEN_EINVAL,
           "exchange what the peer has mapped");
    expect((long)exchange.nr_exchanged, 0, "how many were exchanged");
}

/* Gives frames back and takes as many: none of them is one that somebody has mapped. What is
 * written to them is not seen there. */
static void get_others(char *const *spare, unsigned long given_up, unsigned long mapped_here)
{
    unsigned long frames[SPARE];

    for (unsigned i = 0; i < SPARE; i++) {
        frames[i] = (unsigned long)mfn_of(spare[i]);
        expect(map(spare[i], 0), 0, "unmap a spare page");
    }
    expect(memory(XENMEM_decrease_reservation, frames, SPARE), SPARE, "give some back");
    for (unsigned i = 0; i < SPARE; i++)
        frames[i] = pfn_of(spare[i]);
    expect(memory(XENMEM_populate_physmap, frames, SPARE), SPARE, "get as many");
    for (unsigned i = 0; i < SPARE; i++) {
        expect_true(frames[i] != given_up && frames[i] != mapped_here, "a frame that is mapped");
        expect(map(spare[i], (uint64_t)frames[i] * PAGE_SIZE | PTE_RW), 0, "map one");
        fill(spare[i], 'x');
    }
}

/* Each gives up a page that the other has mapped. It counts as the domain's until it is unmapped
 * there. */
static void given_up(void)
{
    char *page = page_new(), *spare[SPARE];
    unsigned long frame = (unsigned long)mfn_of(page), place = pfn_of(page);
    long held = frames_held();
    struct gnttab_map_grant_ref op;
    unsigned long here;

    for (unsigned i = 0; i < SPARE; i++)
        spare[i] = page_new();
    fill(page, (char)(self + 17));
    grant_page(GIVEN_UP, peer, page, GTF_permit_access);
    meet("a page to give up");
    expect(grant_map(&op, peer, GIVEN_UP, (unsigned long)at, GNTMAP_host_map), GNTST_okay, "map");
    here = (unsigned long)(op.dev_bus_addr / PAGE_SIZE);
    meet("mapped for a while");
    expect(map(page, 0), 0, "unmap the page");
    cannot_exchange(frame, place);
    meet("not exchanged");
    expect(memory(XENMEM_decrease_reservation, &frame, 1), 1, "give it up");
    expect(memory(XENMEM_decrease_reservation, &frame, 1), 1, "once more");
    expect(frames_held(), held, "frames while it is mapped");
    get_others(spare, frame, here);
    meet("given up");
    expect(wrong_bytes(at, (char)(peer + 17)), 0, "what the peer gave up");
    expect(grant_unmap_at(op.handle, at), GNTST_okay, "unmap it");
    meet("gone");
    expect(grant_v1(GIVEN_UP)->flags, GTF_permit_access, "marks of what is gone");
    expect(frames_held(), held - 1, "frames then");
    meet("no marks"); /* which an attempt sets for a moment */
    expect(grant_map_at(peer, GIVEN_UP, at, 0, &op.handle), GNTST_bad_page, "map it again");
    meet("not mapped");
    expect(memory(XENMEM_populate_physmap, &place, 1), 1, "another in its place");
    expect(frames_held(), held, "frames at last");
}

/* The peer's entry leads to one of ours, which permits the peer to read. */
static void passed_on(void)
{
    struct gnttab_set_version version = { .version = 2 };
    char *own = page_new();

    meet("before format 2");
    expect(CALL(grant_table_op, GNTTABOP_set_version, &version, 1), 0, "format 2");
    expect(grant_v2(CONTROL)->hdr.flags, GTF_permit_access, "the first entries are kept");
    fill(data, (char)(self + 13));
    grant_v2(DATA)->full_page.frame = mfn_of(data);
    grant_v2(DATA)->hdr.domid = peer;
    grant_v2(DATA)->hdr.flags = GTF_permit_access | GTF_readonly;
    grant_v2(PASSED)->transitive.trans_domid = peer;
    grant_v2(PASSED)->transitive.gref = DATA;
    grant_v2(PASSED)->hdr.domid = peer;
    grant_v2(PASSED)->hdr.flags = GTF_transitive;
    meet("in format 2");
    expect(grant_copy(grant_end(peer, PASSED, 0), page_end(own, 0), 4096, GNTCOPY_source_gref),
           GNTST_okay, "a copy that is led on");
    expect(wrong_bytes(own, (char)(self + 13)), 0, "comes from here");
    expect(grant_copy(page_end(own, 0), grant_end(peer, PASSED, 0), 16, GNTCOPY_dest_gref),
           GNTST_general_error, "what is led to is read-only");
    meet("passed on");
    expect(grant_v2(PASSED)->hdr.flags, GTF_transitive, "the entry is as it was");
}

/* The other has ended with our page mapped: no sooner than that has been undone is the entry free.
 * So the page can be a table at once. On the real Xen the entry is free a little earlier. */
static void taken_back(void)
{
    struct gnttab_swap_grant_ref swap = { .ref_a = KEPT, .ref_b = FLIPPED };

    do {
        in_time("the page");
        expect(grant_op(GNTTABOP_swap_grant_ref, &swap), 0, "swap_grant_ref");
    } while (swap.status == GNTST_eagain);
    expect(pin_table(1, data), 0, "the page as a table");
}

/* The one with the lower number ends; the other still has its page. */
static void outlives(void)
{
    uint64_t end = system_time() + 3000000000ull;
    struct gnttab_map_grant_ref op;
    grant_handle_t handle;

    fill(data, (char)(self + 15));
    grant_v2(KEPT)->full_page.frame = mfn_of(data);
    grant_v2(KEPT)->hdr.domid = peer;
    grant_v2(KEPT)->hdr.flags = GTF_permit_access;
    meet("kept");
    expect(grant_map_at(peer, KEPT, at, GNTMAP_device_map, &handle), GNTST_okay, "map it");
    meet("the end");
    if (self <= peer)
        return;
    for (unsigned i = 0; i < 4096; i++)
        data[i] = 0;
    set_writable(data, false);
    /* Who looked it up just before it began to end finds that none of its pages can be had. */
    do {
        if (grant_map(&op, peer, KEPT, (unsigned long)at + 4096, GNTMAP_host_map) == GNTST_okay)
            expect(grant_unmap(op.handle, (unsigned long)at + 4096, op.dev_bus_addr), GNTST_okay,
                   "unmap the second");
        /* There the granter can be mapped as long as anything of it is left. */
        if (!is_xen_lite() && system_time() > end)
            break;
        in_time("the end of the other");
    } while (op.status == GNTST_okay || op.status == GNTST_bad_page);
    expect(op.status, is_xen_lite() ? GNTST_bad_domain : op.status, "the granter has ended");
    if (is_xen_lite())
        taken_back();
    expect(wrong_bytes(at, (char)(peer + 15)), 0, "its page");
    ((volatile char *)at)[0] = 1;
    expect(grant_unmap_at(handle, at), GNTST_okay, "unmap it");
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    deadline = system_time() + PATIENCE;
    self = own_domain();
    peer = (domid_t)option_number("peer=", self);
    grant_setup(1);
    data = page_new();
    at = page_new();
    (void)page_new();
    expect(map(at, 0), 0, "clear an address");
    expect(map(at + 4096, 0), 0, "and the next");
    begin();
    mapped();
    copied();
    if (peer == self)
        return;
    overwritten();
    flipped();
    others_tables();
    transferred();
    given_up();
    passed_on();
    outlives();
}
