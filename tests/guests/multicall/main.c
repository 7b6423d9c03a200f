/* SPDX-License-Identifier: MIT */
/*
 * Claim: multicall does its calls in order, puts each result into its entry whether it failed or
 *     not, and refuses a multicall inside only for that entry.
 * Rule: HCALL-6
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define UNTOUCHED 0x7777

static char extra[16];

void test_main(void)
{
    struct multicall_entry calls[6] = {
        { .op = __HYPERVISOR_xen_version, .args = { XENVER_version } },
        { .op = 1000 },
        { .op = __HYPERVISOR_xen_version, .args = { XENVER_extraversion, (unsigned long)extra } },
        { .op = __HYPERVISOR_multicall, .args = { (unsigned long)calls, 1 } },
        { .op = __HYPERVISOR_xen_version, .args = { XENVER_extraversion, UNMAPPED_ADDRESS } },
        { .op = __HYPERVISOR_xen_version, .args = { XENVER_pagesize } },
    };

    for (unsigned i = 0; i < COUNT(calls); i++)
        calls[i].result = UNTOUCHED;
    expect(CALL(multicall, calls, 5), 0, "five calls");
    expect((long)calls[0].result, CALL(xen_version, XENVER_version), "the first: version");
    expect((long)calls[1].result, -XEN_ENOSYS, "the second: unknown");
    expect((long)calls[2].result, 0, "the third: extraversion");
    expect_true(extra[0] == '.', "it has filled the buffer");
    expect((long)calls[3].result, -XEN_EINVAL, "the fourth: a multicall");
    expect((long)calls[4].result, -XEN_EFAULT, "the fifth: a bad buffer");
    expect((long)calls[5].result, UNTOUCHED, "the sixth: not asked for");

    expect(CALL(multicall, calls, 0), 0, "no calls");
    expect(CALL(multicall, NULL, 0), 0, "no calls at no address");
    expect(CALL(multicall, NULL, 1), -XEN_EFAULT, "a call at no address");
    expect_true(CALL(multicall, calls, ~0ul) < 0, "more calls than fit anywhere");
}
