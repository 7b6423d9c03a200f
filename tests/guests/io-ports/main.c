/* SPDX-License-Identifier: MIT */
/*
 * Claim: a domain without devices reaches no I/O port: each access is a general protection fault
 *     (io-privilege shows what I/O privilege changes).
 * Rule: IO-5, IO-3
 * Runs on: xen-lite
 * Ends: poweroff
 *
 * Not on the real Xen: there the test is the initial domain, which owns most ports.
 */
#include "tests/guests/support/support.h"

static void try_port(uint16_t port)
{
    struct fault f = TRY("in %%dx, %%al", : : "d"(port) : "rax", "memory");

    if (!f.happened || f.vector != X_GP || f.code != 0)
        expect_true(false, "reading port 0x%x is a protection fault", port);
    f = TRY("out %%eax, %%dx", : : "d"(port), "a"(0) : "memory");
    if (!f.happened || f.vector != X_GP || f.code != 0)
        expect_true(false, "writing port 0x%x is a protection fault", port);
}

static void try_all(void)
{
    /* Every port by steps, and those that would do most harm. */
    static const uint16_t sharp[] = { 0x20,  0x21,  0x43,  0x60,  0x64,  0x70,  0x71,
                                      0xcf8, 0xcf9, 0xcfc, 0x3f8, 0x604, 0x501, 0xffff };

    for (unsigned port = 0; port < 0x10000; port += 61)
        try_port((uint16_t)port);
    for (unsigned i = 0; i < COUNT(sharp); i++)
        try_port(sharp[i]);
}

void test_main(void)
{
    struct physdev_set_iopl iopl = { .iopl = 4 };

    try_all();
    expect_fault(TRY("outsb", : : "d"(0x3f8), "S"("x") : "memory"), X_GP, 0, "outs");

    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &iopl), -XEN_EINVAL, "set_iopl 4");
}
