/* SPDX-License-Identifier: MIT */
/*
 * Claim: what one domain puts into a ring of granted pages the other takes out, byte for byte, by
 *     copies and by mappings, each waking the other by an event channel when it has slept.
 * Rule: Xen's public grant_table.h and event_channel.h
 * Runs on: xen-lite, xen-domu
 * Ends: poweroff
 *
 * "peer=N" names the other domain, which runs the same; the one with the lower number sends
 * (tests/qemu/test_grants.py). "mib=N": so many MiB in each of the two ways. Alone it has nobody to
 * send to, and only makes its ring.
 */
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define PATIENCE 60000000000ull /* ns without any progress */
#define RING     8              /* the ring's own reference */
#define FIRST    20             /* of the first data page */
#define SLOTS    32
#define BATCH    8
#define WORDS    (4096 / sizeof(uint32_t))

/* The sender's page. Each index is written by one side; they count pages and wrap at 2^32. */
struct ring {
    volatile uint32_t ready, port;
    volatile uint32_t sent, taken;
    volatile uint32_t sender_sleeps, taker_sleeps;
};

static domid_t self, peer;
static struct ring *ring;
static unsigned port;
static char *pages[SLOTS], *windows[BATCH];

/* A notice from the other side, if *sleeps says that it is asked for: set, then look again. */
static void nap(volatile uint32_t *sleeps, const volatile uint32_t *word, uint32_t old)
{
    evtchn_port_t ports = port;
    struct sched_poll poll = { .ports = (unsigned long)&ports,
                               .nr_ports = 1,
                               .timeout = system_time() + PATIENCE };

    *sleeps = 1;
    __sync_synchronize();
    if (*word == old)
        expect(CALL(sched_op, SCHEDOP_poll, &poll), 0, "poll");
    *sleeps = 0;
    event_clear(port);
    if (*word == old && system_time() > poll.timeout)
        failure("nothing came in 60 s");
}

static void wake(const volatile uint32_t *sleeps)
{
    __sync_synchronize();
    if (*sleeps)
        event_send(port);
}

/* ---- The sender ---- */

static uint32_t fill(uint32_t *page, uint32_t state)
{
    for (unsigned i = 0; i < WORDS; i++) {
        page[i] = state;
        state = state * 1664525u + 1013904223u;
    }
    return state;
}

static void make_ring(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = peer };

    ring = page_new();
    for (unsigned i = 0; i < SLOTS; i++) {
        pages[i] = page_new();
        grant_page(FIRST + i, peer, pages[i], GTF_permit_access | GTF_readonly);
    }
    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), 0, "a port");
    port = alloc.port;
    event_mask(port);
    ring->port = port;
    ring->ready = 1;
    grant_page(RING, peer, ring, GTF_permit_access);
}

static void send_pages(uint32_t count, uint32_t *state)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t taken;

        while (ring->sent - (taken = ring->taken) == SLOTS)
            nap(&ring->sender_sleeps, &ring->taken, taken);
        *state = fill((uint32_t *)pages[ring->sent % SLOTS], *state);
        __sync_synchronize();
        ring->sent++;
        wake(&ring->taker_sleeps);
    }
}

static void wait_for_taker(uint32_t count)
{
    uint32_t taken;

    while ((taken = ring->taken) != count)
        nap(&ring->sender_sleeps, &ring->taken, taken);
}

/* ---- The taker ---- */

static void find_ring(void)
{
    struct evtchn_bind_interdomain bind = { .remote_dom = peer };
    uint64_t end = system_time() + PATIENCE;
    grant_handle_t handle;

    ring = page_new();
    while (grant_map_at(peer, RING, ring, 0, &handle) != GNTST_okay && system_time() < end)
        CALL(sched_op, SCHEDOP_yield);
    expect_true(ring->ready == 1, "the ring is ready");
    bind.remote_port = ring->port;
    expect(event_op(EVTCHNOP_bind_interdomain, &bind), 0, "bind to the sender's port");
    port = bind.local_port;
    event_mask(port);
}

/* Whether the words are those that are expected. */
static uint32_t check(const volatile uint32_t *page, uint32_t state)
{
    uint32_t wrong = 0;

    for (unsigned i = 0; i < WORDS; i++) {
        wrong |= page[i] ^ state;
        state = state * 1664525u + 1013904223u;
    }
    expect_true(wrong == 0, "a page is as it was sent");
    return state;
}

static uint32_t take_copies(uint32_t first, uint32_t count, uint32_t state)
{
    static struct gnttab_copy list[BATCH];

    for (uint32_t i = 0; i < count; i++)
        list[i] = (struct gnttab_copy){ .source = grant_end(peer, FIRST + (first + i) % SLOTS, 0),
                                        .dest = page_end(pages[i], 0),
                                        .len = 4096,
                                        .flags = GNTCOPY_source_gref,
                                        .status = 1 };
    expect(CALL(grant_table_op, GNTTABOP_copy, list, count), 0, "copy");
    for (uint32_t i = 0; i < count; i++) {
        expect(list[i].status, GNTST_okay, "copy of a page");
        state = check((uint32_t *)pages[i], state);
    }
    return state;
}

static uint32_t take_maps(uint32_t first, uint32_t count, uint32_t state)
{
    static struct gnttab_map_grant_ref maps[BATCH];
    static struct gnttab_unmap_grant_ref unmaps[BATCH];

    for (uint32_t i = 0; i < count; i++)
        maps[i] = (struct gnttab_map_grant_ref){ .host_addr = (unsigned long)windows[i],
                                                 .flags = GNTMAP_host_map | GNTMAP_readonly,
                                                 .ref = FIRST + (first + i) % SLOTS,
                                                 .dom = peer,
                                                 .status = 1 };
    expect(CALL(grant_table_op, GNTTABOP_map_grant_ref, maps, count), 0, "map");
    for (uint32_t i = 0; i < count; i++) {
        expect(maps[i].status, GNTST_okay, "map a page");
        state = check((uint32_t *)windows[i], state);
        unmaps[i] = (struct gnttab_unmap_grant_ref){ .host_addr = (unsigned long)windows[i],
                                                     .handle = maps[i].handle };
    }
    expect(CALL(grant_table_op, GNTTABOP_unmap_grant_ref, unmaps, count), 0, "unmap");
    for (uint32_t i = 0; i < count; i++)
        expect(unmaps[i].status, GNTST_okay, "unmap a page");
    return state;
}

static void take_pages(uint32_t count, uint32_t *state,
                       uint32_t (*take)(uint32_t first, uint32_t count, uint32_t state))
{
    while (count != 0) {
        uint32_t sent, n;

        while ((sent = ring->sent) == ring->taken)
            nap(&ring->taker_sleeps, &ring->sent, sent);
        n = sent - ring->taken;
        n = n < BATCH ? n : BATCH;
        n = n < count ? n : count;
        *state = take(ring->taken, n, *state);
        __sync_synchronize();
        ring->taken += n;
        count -= n;
        wake(&ring->sender_sleeps);
    }
}

/* Where nothing is mapped, as a grant's mapping flushes nothing for who makes it. */
static void make_windows(void)
{
    for (unsigned i = 0; i < BATCH; i++) {
        pages[i] = page_new();
        windows[i] = page_new();
        expect(map(windows[i], 0), 0, "an empty window");
    }
}

void test_main(void)
{
    uint32_t count, state = 1;

    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    self = own_domain();
    peer = (domid_t)option_number("peer=", self);
    count = (uint32_t)option_number("mib=", 4) * 256;
    grant_setup(1);
    if (self <= peer) {
        make_ring();
        if (self == peer)
            return;
        send_pages(2 * count, &state);
        wait_for_taker(2 * count);
    } else {
        find_ring();
        make_windows();
        take_pages(count, &state, take_copies);
        take_pages(count, &state, take_maps);
        print("%u MiB by copy and as many by mapping\n", count / 256);
    }
}
