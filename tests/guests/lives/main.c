/* SPDX-License-Identifier: MIT */
/*
 * Claim: a domain finds its memory as its image has it, and the rest zero, in each of its lives.
 * Rule: docs/domain-life.md; invariant E2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * "ends=rcw" on the command line: how its lives end, the first letter for domain 1, and so on; then
 * and without it by poweroff. p is poweroff, r reboot, s suspend, c crash, w watchdog, o soft
 * reset, u a reason that there is not, e an exception without a handler. A domain that is restarted
 * has a new id; nothing else tells lives apart. Before each end it leaves traces all over.
 *
 * "hear=N": offers ports to domain N, which dies and comes again as others, until one has that id
 * again. "say=N": its lives with the id of domain 1's offer bind to it, the others cannot; all but
 * the last end by r. Both have FIFO events. The first of those has a page of its mapped by domain
 * 1, which forgets that; the last finds that nobody uses its page when domain 1 has ended.
 *
 * "spoil=N": answers domain N, a teaching kernel that offers a page ("Another machine" in
 * docs/teaching-kernel.md), and then writes anything to that page for "ms=N".
 *
 * "lend=N": its first life ends when domain N has mapped a page of it, and the others when domain N
 * has ended. "keep=N": maps that page of domain N's, and lets it go when there is domain "next=N".
 *
 * "lends=N": each life lends its page to domain N and ends by r, as long as there is a domain N.
 * "hoard=N": maps that page of N lives, of domain 1 and those behind its own number, and keeps
 * them: then no other comes before one is let go of.
 *
 * "take=N": takes all memory that the machine has, and that of domain N, which it lets end; then it
 * lets the next one end, and takes memory again when that one is being built again, as domain
 * "next=N".
 */
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define TRACE 0x5ca1ab1e0ddba11ull
#define LENT  8 /* reference */
#define WORDS (4 * PAGE_SIZE / sizeof(uint64_t))

static uint64_t data[WORDS] = { 1, 2, 3 };
static uint64_t nothing[WORDS];
static uint64_t lent[PAGE_SIZE / sizeof(uint64_t)] __attribute__((aligned(4096)));

static void look_for_traces(void)
{
    unsigned long found = 0;

    for (unsigned i = 0; i < WORDS; i++)
        found += nothing[i] != 0 || data[i] != (i < 3 ? i + 1 : 0);
    expect((long)found, 0, "words that are not as in the image");
}

static void leave_traces(void)
{
    for (unsigned i = 0; i < WORDS; i++)
        nothing[i] = data[i] = TRACE;
    for (unsigned i = 0; i < COUNT(lent); i++)
        lent[i] = TRACE;
}

static const char *ends(void)
{
    const char *line = (const char *)start_info->cmd_line;

    for (; *line; line++)
        if (memcmp(line, "ends=", 5) == 0)
            return line + 5;
    return "";
}

static void end_by(char letter)
{
    static const char letters[] = "prscwou";

    for (unsigned reason = 0; reason < sizeof(letters) - 1; reason++)
        if (letters[reason] == letter)
            shut_down(reason);
    if (letter == 'e') {
        CALL(set_trap_table, NULL);
        __asm__ volatile("ud2");
    }
}

static bool exists(domid_t id)
{
    struct gnttab_get_version version = { .dom = id };

    return grant_op(GNTTABOP_get_version, &version) != -XEN_ESRCH;
}

static void sleep(uint64_t ns)
{
    struct sched_poll poll = { .timeout = system_time() + ns };

    expect(CALL(sched_op, SCHEDOP_poll, &poll), 0, "poll");
}

/* ---- A page that is lent ---- */

/* Waits until it is used, or was: a teaching kernel that finds no port writes to the page and is
 * gone again. */
static void lend(domid_t peer)
{
    grant_setup(1);
    grant_page(LENT, peer, lent, GTF_permit_access);
    while (!(grant_v1(LENT)->flags & GTF_reading) && READ_ONCE(lent[0]) == TRACE)
        CALL(sched_op, SCHEDOP_yield);
}

static grant_handle_t map_lent_at(domid_t peer, void *at)
{
    grant_handle_t handle;

    expect(map(at, 0), 0, "nothing there");
    while (grant_map_at(peer, LENT, at, GNTMAP_host_map, &handle) != GNTST_okay)
        CALL(sched_op, SCHEDOP_yield);
    return handle;
}

static grant_handle_t map_lent(domid_t peer)
{
    return map_lent_at(peer, lent);
}

static void let_go(grant_handle_t handle)
{
    expect_hex(lent[1], TRACE, "what the owner had written");
    print("lets go\n");
    expect(grant_unmap_at(handle, lent), GNTST_okay, "unmap");
}

static void keep(domid_t peer, domid_t next)
{
    grant_handle_t handle = map_lent(peer);

    while (!exists(next))
        sleep(1000000);
    let_go(handle);
}

/* ---- Pages of all lives ---- */

#define HOARD_MAX 8

static void lend_until_gone(domid_t peer)
{
    grant_setup(1);
    grant_page(LENT, peer, lent, GTF_permit_access);
    while (exists(peer)) {
        if (grant_v1(LENT)->flags & GTF_reading)
            end_by('r');
        CALL(sched_op, SCHEDOP_yield);
    }
}

static void hoard(unsigned count)
{
    grant_handle_t handles[HOARD_MAX];
    void *pages[HOARD_MAX];
    domid_t id = 1;

    for (unsigned i = 0; i < count; i++, id = id == 1 ? own_domain() + 1 : id + 1) {
        pages[i] = page_new();
        handles[i] = map_lent_at(id, pages[i]);
    }
    sleep(200000000);
    expect(exists(id), false, "domain %u", id);
    expect(grant_unmap_at(handles[count / 2], pages[count / 2]), GNTST_okay, "let one go");
    while (!exists(id))
        sleep(1000000);
}

/* ---- Taking all memory ---- */

/* So many looks, a millisecond apart, find nothing: no more comes back. It is as looks that they
 * count, as the machine may stand still for longer. */
#define LOOKS 150

/* How many pages. */
static long take_all(void)
{
    struct xen_memory_reservation r = { .nr_extents = 1u << 20, .domid = DOMID_SELF };

    return CALL(memory_op, XENMEM_increase_reservation, &r);
}

/* It ends of having lent its page. */
static void let_end(domid_t owner)
{
    grant_handle_t handle = map_lent(owner);

    while (exists(owner))
        CALL(sched_op, SCHEDOP_yield);
    let_go(handle);
}

static void take_what_comes(void)
{
    for (unsigned looks = 0; looks < LOOKS; looks++) {
        sleep(1000000);
        if (take_all() != 0)
            looks = 0;
    }
}

static void take(domid_t owner, domid_t next)
{
    /* The first mapping takes a page for the mapping track: later there is none. */
    grant_setup(1);
    grant_page(LENT, own_domain(), lent, GTF_permit_access);
    let_go(map_lent(own_domain()));
    expect_true(take_all() > 0, "there was memory");
    let_end(owner);
    take_what_comes();
    let_end(owner + 1);
    while (!exists(next))
        sleep(200000);
    expect_true(take_all() > 0, "there was memory while it is built");
}

/* ---- A page that is forgotten ---- */

/* Maps a page of that domain, and then an own one over it: the pin is all that is left. */
static void map_and_forget(domid_t peer)
{
    uint64_t own = make_entry(lent, PTE_RW);
    grant_handle_t handle;

    expect(map(lent, 0), 0, "nothing there");
    expect(grant_map_at(peer, LENT, lent, GNTMAP_host_map, &handle), GNTST_okay, "map its page");
    expect(map(lent, own), 0, "an own page over it");
}

/* After its user has ended: the calls tell of that a little before it has given everything back. */
static void expect_unused(domid_t user)
{
    struct gnttab_set_version version = { .version = 2 };

    while (exists(user))
        CALL(sched_op, SCHEDOP_yield);
    sleep(100000000);
    expect(grant_v1(LENT)->flags, GTF_permit_access, "no marks");
    expect(CALL(grant_table_op, GNTTABOP_set_version, &version, 1), 0, "nothing is in use");
}

/* ---- A channel to an id ---- */

#define REMOTE_PORTS 8 /* the offered ones are among the first */

static long bind_to(evtchn_port_t remote, evtchn_port_t *port)
{
    struct evtchn_bind_interdomain bind = { .remote_dom = 1, .remote_port = remote };
    long result = event_op(EVTCHNOP_bind_interdomain, &bind);

    *port = bind.local_port;
    return result;
}

static evtchn_port_t offer(domid_t peer)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = peer };

    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), 0, "alloc_unbound");
    event_mask(alloc.port);
    return alloc.port;
}

static void wait(const evtchn_port_t *ports, unsigned count)
{
    struct sched_poll poll = { .ports = (unsigned long)ports, .nr_ports = count };

    expect(CALL(sched_op, SCHEDOP_poll, &poll), 0, "poll");
}

static struct evtchn_status status_of(evtchn_port_t port)
{
    struct evtchn_status status = { .dom = DOMID_SELF, .port = port };

    expect(event_op(EVTCHNOP_status, &status), 0, "status");
    return status;
}

static void hear(domid_t peer)
{
    evtchn_port_t again, last;

    fifo_begin(1, 1);
    again = offer(peer);
    last = offer(peer);
    wait(&again, 1);
    expect_true(event_pending(again), "it has come");
    event_clear(again);
    map_and_forget(peer);
    event_send(again);
    while (status_of(again).status == EVTCHNSTAT_interdomain)
        CALL(sched_op, SCHEDOP_yield);
    expect((long)status_of(again).status, EVTCHNSTAT_unbound, "the peer has died");
    expect((long)status_of(last).u.unbound.dom, peer, "for whom the port waits");
    expect(event_pending(again), false, "nothing comes of that");
    event_send(again);

    wait(&again, 1);
    expect((long)status_of(again).u.interdomain.dom, peer, "the id has come again");
    event_send(last);
}

/* True: there is to be another life. */
static bool say(bool is_peer)
{
    evtchn_port_t bound[REMOTE_PORTS];
    unsigned count = 0;

    fifo_begin(1, 1);
    /* In its first life domain 1 may not have come to its offers yet. */
    do {
        for (evtchn_port_t remote = 0; remote < REMOTE_PORTS; remote++)
            count += bind_to(remote, &bound[count]) == 0;
    } while (is_peer && count < 2 && CALL(sched_op, SCHEDOP_yield) == 0);
    expect(count, is_peer ? 2 : 0, "offers");
    if (count != 2)
        return true;
    event_clear(bound[0]);
    event_clear(bound[1]);
    grant_setup(1);
    grant_page(LENT, 1, lent, GTF_permit_access);
    event_send(bound[0]);
    wait(bound, 2);
    if (event_pending(bound[0]))
        return true;
    expect_unused(1);
    return false;
}

/* ---- A kernel that is lent a page ---- */

static void spoil(domid_t peer, uint64_t ns)
{
    struct evtchn_bind_interdomain bind = { .remote_dom = peer };
    volatile uint32_t *page = page_new();
    uint32_t random = 1;
    grant_handle_t handle;

    expect(map((void *)page, 0), 0, "an empty window");
    while (grant_map_at(peer, LENT, page, 0, &handle) != GNTST_okay)
        CALL(sched_op, SCHEDOP_yield);
    bind.remote_port = page[0];
    expect(event_op(EVTCHNOP_bind_interdomain, &bind), 0, "bind to the port that the page names");
    for (uint64_t end = system_time() + ns; system_time() < end;) {
        random = random * 1664525u + 1013904223u;
        page[(random >> 16) % (PAGE_SIZE / sizeof(*page))] = random;
        event_send(bind.local_port);
    }
}

void test_main(void)
{
    unsigned listener = option_number("hear=", 0), speaker = option_number("say=", 0);
    const char *letters = ends();
    unsigned id = own_domain();
    domid_t reader = (domid_t)option_number("lend=", 0), owner = (domid_t)option_number("keep=", 0);
    domid_t victim = (domid_t)option_number("spoil=", 0), next = (domid_t)option_number("next=", 0);
    domid_t robbed = (domid_t)option_number("take=", 0);

    look_for_traces();
    leave_traces();
    if (reader && id < reader)
        lend(reader);
    while (reader && id > reader && exists(reader))
        sleep(1000000);
    if (owner)
        keep(owner, next);
    if (option_number("lends=", 0))
        lend_until_gone((domid_t)option_number("lends=", 0));
    if (option_number("hoard=", 0))
        hoard((unsigned)option_number("hoard=", 0));
    if (robbed)
        take(robbed, next);
    if (listener)
        hear((domid_t)listener);
    if (speaker && say(id == speaker))
        end_by('r');
    if (victim)
        spoil(victim, option_number("ms=", 0) * 1000000);
    if (id >= 1 && id <= strlen(letters)) {
        print("life %u ends: %c\n", id, letters[id - 1]);
        end_by(letters[id - 1]);
    }
}
