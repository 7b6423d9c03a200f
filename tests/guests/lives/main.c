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
 */
#include "tests/guests/support/support.h"

#define TRACE 0x5ca1ab1e0ddba11ull
#define WORDS (4 * PAGE_SIZE / sizeof(uint64_t))

static uint64_t data[WORDS] = { 1, 2, 3 };
static uint64_t nothing[WORDS];

/* A port tells it: the one who may bind to it, if that is the domain itself. */
static unsigned own_id(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    struct evtchn_status status = { .dom = DOMID_SELF };
    struct evtchn_close close;

    expect(CALL(event_channel_op, EVTCHNOP_alloc_unbound, &alloc), 0, "a port of its own");
    close.port = status.port = alloc.port;
    expect(CALL(event_channel_op, EVTCHNOP_status, &status), 0, "its status");
    expect(CALL(event_channel_op, EVTCHNOP_close, &close), 0, "closing it");
    return status.u.unbound.dom;
}

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

void test_main(void)
{
    const char *letters = ends();
    unsigned id = own_id();

    look_for_traces();
    leave_traces();
    if (id >= 1 && id <= strlen(letters)) {
        print("life %u ends: %c\n", id, letters[id - 1]);
        end_by(letters[id - 1]);
    }
}
