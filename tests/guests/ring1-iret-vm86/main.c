/* SPDX-License-Identifier: MIT */
/*
 * Claim: an iret hypercall to virtual 8086 mode, which a 64-bit hypervisor cannot offer, comes to
 *     the kernel as a general protection fault of that mode would: ten words on the stack of
 *     stack_switch, the frame with its four segment registers above an error code of 0.
 * Rule: invariants D1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because no 64-bit kernel would try
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define FLAGS 0x20202u /* VM, IF */

static void check(uint32_t frame_at, uint32_t stack)
{
    uint32_t frame[10] = { 7, 0x100, 0xf000, FLAGS, 0x200, 0x2000, 0xe5, 0xd5, 0xf5, 0x65 };
    struct raw_start start = raw_start(raw_int3, 1);
    struct raw_arrival a;

    expect(CALL(stack_switch, FLAT_KERNEL_SS, stack), 0, "stack_switch");
    memcpy((void *)frame_at, frame, sizeof(frame));
    a = raw_iret(start, 10, frame_at);
    expect((long)a.vector, X_GP, "vector");
    expect_hex(a.words[0], 0, "error code");
    for (unsigned i = 1; i < 10; i++)
        expect_hex(a.words[i], frame[i], "word %u", i);
    expect_hex(a.cs, FLAT_KERNEL_CS, "cs");
    expect_hex(a.ss, FLAT_KERNEL_SS, "ss");
    expect_hex(a.sp, stack - 40, "esp");
    expect_hex(a.flags & (FLAGS & ~0x202u), 0, "the handler's eflags");
}

void test_main(void)
{
    uint32_t page = (uint32_t)page_new();

    raw_begin();
    check(page + 0x100, page + 0x800);
    check(page + 0x800, page + 0x400);
    check(page + 0x400, page + 0x428); /* just where it is */
    check(page + 0x400, page + 0x430); /* both ways of overlapping */
    check(page + 0x400, page + 0x420);
    raw_end();
}
