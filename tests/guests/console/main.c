/* SPDX-License-Identifier: MIT */
/*
 * Claim: console_io writes what it is given, reads without waiting, and refuses bad buffers and
 *     operations.
 * Rule: HCALL-2, HCALL-3
 * Runs on: xen-lite, xen-dom0
 * Ends: poweroff
 *
 * The real Xen has this call for its initial domain only. "flood=N" on the command line: then it
 * writes without end for N ms.
 */
#include "tests/guests/support/support.h"

static void flood(uint64_t end)
{
    static char lines[4096];

    memset(lines, '\n', sizeof(lines));
    while (system_time() < end)
        CALL(console_io, CONSOLEIO_write, sizeof(lines), lines);
}

void test_main(void)
{
    static const char text[] = "a line by console_io\n";
    char buffer[16];

    expect(CALL(console_io, CONSOLEIO_write, sizeof(text) - 1, text), 0, "write");
    expect(CALL(console_io, CONSOLEIO_write, 0, text), 0, "write nothing");
    expect(CALL(console_io, CONSOLEIO_write, 10, UNMAPPED_ADDRESS), -XEN_EFAULT,
           "write from nowhere");
    expect(CALL(console_io, CONSOLEIO_write, 10, HYPERVISOR_ADDRESS), -XEN_EFAULT,
           "write the hypervisor's memory");
    expect(CALL(console_io, CONSOLEIO_read, sizeof(buffer), buffer), 0, "read: nothing there");
    expect(CALL(console_io, 2, 1, text), -XEN_ENOSYS, "operation 2");
    flood(option_number("flood=", 0) * 1000000);
}
