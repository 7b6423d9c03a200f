/* SPDX-License-Identifier: MIT */
/*
 * Claim: the guest's command line arrives as it was given.
 * Rule: start of day
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --extra "root=/dev/xvda -- quiet=1 key=value"
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    static const char wanted[] = "root=/dev/xvda -- quiet=1 key=value";
    const char *line = (const char *)start_info->cmd_line;

    print("\"%s\"\n", line);
    expect((long)strlen(line), sizeof(wanted) - 1, "length of cmd_line");
    expect(memcmp(line, wanted, sizeof(wanted)), 0, "cmd_line");
}
