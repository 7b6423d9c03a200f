/* SPDX-License-Identifier: MIT */
/*
 * Claim: the line about a refused call names the functions that asked, also where the call went by
 *     way of the hypercall page, in which all calls of a number look the same; and one more with
 *     another stack pointer is no repetition of those before.
 * Rule: EVT-1
 * Runs on: xen-lite (it is about what xen-lite says)
 * Ends: poweroff, "hypercall_page+0x40", " < send_by_the_page+", " < first_sender+",
 *     " < other_sender+"
 */
#include "tests/guests/support/support.h"

static __attribute__((noinline)) long send_by_the_page(struct evtchn_send *send)
{
    long result;

    __asm__ volatile("call *%[stub]"
                     : "=a"(result)
                     : [stub] "a"(hypercall_page + 32 * __HYPERVISOR_event_channel_op),
                       ARGUMENT_1(EVTCHNOP_send), ARGUMENT_2(send)
                     : HYPERCALL_CLOBBERS);
    return result;
}

/* More often than one place is listened to. */
static __attribute__((noinline)) void first_sender(void)
{
    struct evtchn_send send = { .port = 0 };

    for (unsigned i = 0; i < 8; i++)
        expect(send_by_the_page(&send), -XEN_EINVAL, "send on port 0");
}

static __attribute__((noinline)) void other_sender(void)
{
    struct evtchn_send send[64] = { { .port = 0 } };

    expect(send_by_the_page(&send[63]), -XEN_EINVAL, "send on port 0 from elsewhere");
}

void test_main(void)
{
    first_sender();
    other_sender();
}
