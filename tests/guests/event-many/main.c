/* SPDX-License-Identifier: MIT */
/*
 * Claim: a guest can have every port up to the last of the two-level bitmaps, is refused the next,
 *     and gets a port again once one is closed.
 * Rule: EVT-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define MIDDLE (EVTCHN_2L_NR_CHANNELS / 2)

void test_main(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    struct evtchn_close close;
    unsigned count = 0, highest = 0;
    long result;

    while ((result = event_op(EVTCHNOP_alloc_unbound, &alloc)) == 0 && count < 10000) {
        count++;
        if (alloc.port > highest)
            highest = alloc.port;
    }
    expect(result, -XEN_ENOSPC, "the port after the last");
    expect((long)highest, EVTCHN_2L_NR_CHANNELS - 1, "the highest port");
    expect_true(count >= EVTCHN_2L_NR_CHANNELS - 96, "there were about that many (%u)", count);

    close.port = MIDDLE;
    expect(event_op(EVTCHNOP_close, &close), 0, "close a port");
    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), 0, "a port once more");
    expect((long)alloc.port, MIDDLE, "which");
    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), -XEN_ENOSPC, "and no other");
}
