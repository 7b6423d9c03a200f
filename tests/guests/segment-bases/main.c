/* SPDX-License-Identifier: MIT */
/*
 * Claim: set_segment_base sets the bases of fs and gs for the kernel, and the user's apart from
 *     them; a base that is not canonical and an unknown one are refused; a selector for the user's
 *     gs is loaded if a program could load it.
 * Rule: DESC-11
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv64, because 32-bit guests have no such call
 */
#include "tests/guests/support/support.h"

static uint64_t words[3] = { 0x11, 0x22, 0x33 };

static void user_reads_gs(void)
{
    __asm__ volatile("mov %gs:0, %rax; mov %fs:0, %rbx; syscall");
}

static long set_base(unsigned which, uint64_t base)
{
    return CALL(set_segment_base, which, base);
}

/* A selector that cannot be loaded is none, and none is refused; the hypervisor's own segments are
 * not for guests, whatever ring the selector asks for. */
static void selectors(void)
{
    static const struct {
        uint64_t selector;
        unsigned gs;
    } cases[] = {
        { 0, 0 },
        { 3, 3 },
        { FLAT_RING3_DS64, FLAT_RING3_DS64 },
        { FLAT_RING3_DS64 & ~3ul, FLAT_RING3_DS64 },
        { 0x10000 + FLAT_RING3_DS64, FLAT_RING3_DS64 },
        { 0xe008, 0 },
        { 0xe010, 0 },
        { 7, 0 },
        { 0xffff, 0 },
    };

    for (unsigned i = 0; i < COUNT(cases); i++) {
        unsigned gs;

        expect(set_base(SEGBASE_GS_USER_SEL, cases[i].selector), 0, "selector 0x%llx",
               (unsigned long long)cases[i].selector);
        __asm__ volatile("mov %%gs, %0" : "=r"(gs));
        expect_hex(gs, cases[i].gs, "gs after selector 0x%llx",
                   (unsigned long long)cases[i].selector);
    }
}

void test_main(void)
{
    struct frame frame;
    uint64_t value;

    expect(set_base(SEGBASE_FS, (unsigned long)&words[0]), 0, "base of fs");
    expect(set_base(SEGBASE_GS_KERNEL, (unsigned long)&words[1]), 0, "base of the kernel's gs");
    expect(set_base(SEGBASE_GS_USER, (unsigned long)&words[2]), 0, "base of the user's gs");
    __asm__ volatile("mov %%fs:0, %0" : "=r"(value));
    expect_hex(value, 0x11, "through fs");
    __asm__ volatile("mov %%gs:0, %0" : "=r"(value));
    expect_hex(value, 0x22, "through the kernel's gs");
    frame = user_run(user_reads_gs);
    expect_hex(frame.ax, 0x33, "through the user's gs");
    expect_hex(frame.bx, 0x11, "through the user's fs");
    __asm__ volatile("mov %%gs:0, %0" : "=r"(value));
    expect_hex(value, 0x22, "through the kernel's gs again");

    expect(set_base(SEGBASE_FS, NONCANONICAL_ADDRESS), -XEN_EINVAL, "fs, not canonical");
    expect(set_base(SEGBASE_GS_USER, NONCANONICAL_ADDRESS), -XEN_EINVAL, "gs, not canonical");
    expect(set_base(4, 0), -XEN_EINVAL, "base 4");
    expect(set_base(~0u, 0), -XEN_EINVAL, "base -1");
    __asm__ volatile("mov %%fs:0, %0" : "=r"(value));
    expect_hex(value, 0x11, "through fs after the refusals");
    selectors();
}
