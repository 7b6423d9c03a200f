/* SPDX-License-Identifier: MIT */
/*
 * Claim: a domain finds its memory as its image has it, and the rest zero, in each of its lives.
 * Rule: docs/domain-life.md; invariant E2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * "ends=rcw" on the command line: how its lives end, the first letter for domain 1, and so on; then
 * and without it by poweroff. p is poweroff, r reboot, s suspend, c crash, w watchdog, o soft
 * reset, e an exception without a handler. A domain that is restarted has a new id; nothing else
 * tells lives apart. Before each end it leaves traces all over.
 *
 * "lend=N": its first life ends when domain N has mapped a page of it. "keep=N": maps that page of
 * domain N's and lets it go after "ms=N".
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
    static const char letters[] = "prscwo";

    for (unsigned reason = 0; reason < sizeof(letters) - 1; reason++)
        if (letters[reason] == letter)
            shut_down(reason);
    if (letter == 'e') {
        CALL(set_trap_table, NULL);
        __asm__ volatile("ud2");
    }
}

/* Waits until it is used. */
static void lend(domid_t peer)
{
    grant_setup(1);
    grant_page(LENT, peer, lent, GTF_permit_access);
    while (!(grant_v1(LENT)->flags & GTF_reading))
        CALL(sched_op, SCHEDOP_yield);
}

static void keep(domid_t peer, uint64_t ns)
{
    grant_handle_t handle;

    while (grant_map_at(peer, LENT, lent, GNTMAP_host_map, &handle) != GNTST_okay)
        CALL(sched_op, SCHEDOP_yield);
    for (uint64_t end = system_time() + ns; system_time() < end;)
        CALL(sched_op, SCHEDOP_yield);
    expect_hex(lent[1], TRACE, "what the owner had written");
    print("lets go\n");
    expect(grant_unmap_at(handle, lent), GNTST_okay, "unmap");
}

void test_main(void)
{
    const char *letters = ends();
    unsigned id = own_domain();
    domid_t reader = (domid_t)option_number("lend=", 0), owner = (domid_t)option_number("keep=", 0);

    look_for_traces();
    leave_traces();
    if (reader && id < reader)
        lend(reader);
    if (owner)
        keep(owner, option_number("ms=", 0) * 1000000);
    if (id >= 1 && id <= strlen(letters)) {
        print("life %u ends: %c\n", id, letters[id - 1]);
        end_by(letters[id - 1]);
    }
}
