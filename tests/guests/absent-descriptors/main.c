/* SPDX-License-Identifier: MIT */
/*
 * Claim: a selector of a GDT page that the guest has not set is one without a descriptor: LAR, LSL,
 *     VERR and VERW say so by a flag, loading it is a protection fault with the selector.
 * Rule: none
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static void ask_all(uint16_t selector)
{
    bool good;
    unsigned long rights;
    struct fault f;

    f = TRY("lar %2, %0; setz %b1",
            : "=r"(rights), "=r"(good)
            : "r"((unsigned long)selector)
            : "memory", "cc");
    expect_true(!f.happened && !good, "LAR of 0x%x finds nothing", selector);
    f = TRY("lsl %2, %0; setz %b1",
            : "=r"(rights), "=r"(good)
            : "r"((unsigned long)selector)
            : "memory", "cc");
    expect_true(!f.happened && !good, "LSL of 0x%x finds nothing", selector);
    f = TRY("verr %w1; setz %b0", : "=r"(good) : "r"((unsigned long)selector) : "memory", "cc");
    expect_true(!f.happened && !good, "VERR of 0x%x finds nothing", selector);
    f = TRY("verw %w1; setz %b0", : "=r"(good) : "r"((unsigned long)selector) : "memory", "cc");
    expect_true(!f.happened && !good, "VERW of 0x%x finds nothing", selector);
    expect_fault(TRY("mov %w0, %%es",
                     :
                     : "r"((unsigned long)selector)
                     : "memory"),
                 X_GP, selector & 0xfff8u, "loading it");
}

void test_main(void)
{
    uint64_t *page = page_new();
    unsigned long frame = mfn_of(page);

    ask_all(0x0b);
    ask_all(0xe8);
    ask_all(0xdffb);

    page[2] = 0x00cff3000000fffful; /* 32-bit data, ring 3 */
    set_writable(page, false);
    expect(CALL(set_gdt, &frame, 512), 0, "a GDT of one page");
    ask_all(0x0b);
    ask_all(0x1003);
    expect_no_fault(TRY("mov %w0, %%es", : : "r"(0x13ul) : "memory"), "what the guest has set");
    /* A register that still had it would fail to be loaded whenever the vCPU is switched to. */
    expect_no_fault(TRY("mov %w0, %%es", : : "r"(0ul) : "memory"), "the null selector");
    expect(CALL(set_gdt, &frame, 0), 0, "no GDT");
    ask_all(0x13);
}
