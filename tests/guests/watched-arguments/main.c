/* SPDX-License-Identifier: MIT */
/*
 * Claim: a breakpoint on memory that a hypercall reads or writes changes nothing about the call,
 *     and no debug exception comes of it.
 * Rule: invariants D3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define DR7_FIXED   0x400ul
#define DR7_ALL     0x55ul
#define READ_WRITE4 0xfffful /* each breakpoint: reads and writes, 4 bytes */

static char text[4096] __attribute__((aligned(4096)));
static struct physdev_set_iopl iopl __attribute__((aligned(8)));
static struct multicall_entry batch[4] __attribute__((aligned(64)));

/* Breakpoints on the four words from at on. */
static void watch(const void *at)
{
    for (unsigned n = 0; n < 4; n++)
        expect(CALL(set_debugreg, n, (unsigned long)at + 4 * n), 0, "DR%u", n);
    expect(CALL(set_debugreg, 7, DR7_FIXED | DR7_ALL | READ_WRITE4 << 16), 0, "DR7");
}

static void done(const char *what)
{
    expect(CALL(set_debugreg, 7, DR7_FIXED), 0, "DR7 off");
    expect_hex((unsigned long)CALL(get_debugreg, 6), 0xffff0ff0, "%s: DR6", what);
}

void test_main(void)
{
    struct fault f;
    long result;

    watch(text);
    result = CALL(xen_version, XENVER_extraversion, text);
    done("a long string written");
    expect(result, 0, "xen_version");
    expect_true(text[0] != 0, "it was written");

    iopl.iopl = 1;
    watch(&iopl);
    result = CALL(physdev_op, PHYSDEVOP_set_iopl, &iopl);
    done("an argument read");
    expect(result, 0, "set_iopl");

    for (unsigned i = 0; i < COUNT(batch); i++)
        batch[i] = (struct multicall_entry){ .op = __HYPERVISOR_xen_version,
                                             .args = { XENVER_version, 0 } };
    watch(&batch[1].result);
    result = CALL(multicall, batch, COUNT(batch));
    done("a batch");
    expect(result, 0, "multicall");
    for (unsigned i = 0; i < COUNT(batch); i++)
        expect_hex((uint64_t)batch[i].result, (uint64_t)batch[0].result, "entry %u", i);

    watch(&batch[0]);
    f = TRY("insb", : : "D"(&batch[0]), "d"(0xed) : "memory");
    done("an emulated instruction");
    expect_no_fault(f, "insb into watched memory");
}
