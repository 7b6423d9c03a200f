/* SPDX-License-Identifier: MIT */
/*
 * Claim: set_debugreg and get_debugreg keep what the guest sets; breakpoints work, and cannot be
 *     set on the hypervisor; bad registers and reserved bits are refused.
 * Rule: DESC-8, DESC-9, DESC-10
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define DR7_FIXED    0x400
#define DR7_GENERAL  0x2000 /* catch accesses to the registers */
#define DR7_LOCAL0   0x1
#define DR7_WRITE0_4 0xd0000 /* breakpoint 0: writes, 4 bytes */
#define DR7_PORTS1   0x200000

static uint32_t watched;

/* All addresses that a 32-bit guest can name are below the hypervisor. */
static void upper_halves(void)
{
    expect(CALL(set_debugreg, 0, HYPERVISOR_ADDRESS), -XEN_EPERM, "DR0 in the hypervisor");
    expect(CALL(set_debugreg, 3, NONCANONICAL_ADDRESS), -XEN_EPERM, "DR3 at no address");
    expect(CALL(set_debugreg, 7, (unsigned long)(1ull << 32)), -XEN_EINVAL,
           "DR7 with an upper bit");
}

void test_main(void)
{
    expect(CALL(set_debugreg, 0, &watched), 0, "DR0");
    expect_hex((unsigned long)CALL(get_debugreg, 0), (unsigned long)&watched, "DR0 read back");
    expect(CALL(set_debugreg, 7, DR7_FIXED | DR7_LOCAL0 | DR7_WRITE0_4), 0, "DR7");
    expect_fault(TRY("movl $1, %0", : "=m"(watched)::"memory"), X_DB, 0, "a watched write");
    expect_hex((unsigned long)CALL(get_debugreg, 6) & 1, 1, "DR6 says which");
    expect(CALL(set_debugreg, 7, DR7_FIXED), 0, "DR7 off");
    expect_no_fault(TRY("movl $2, %0", : "=m"(watched)::"memory"), "a write that is not watched");

    expect(CALL(set_debugreg, 3, ~0ul), 0, "DR3 at the last address");
    if (WORD_BITS == 64)
        upper_halves();
    expect_hex((unsigned long)CALL(get_debugreg, 3), ~0ul, "DR3 after that");
    expect(CALL(set_debugreg, 4, 0), 0, "DR4, another name of DR6");
    expect(CALL(set_debugreg, 8, 0), -XEN_ENODEV, "DR8");
    expect(CALL(set_debugreg, 7, DR7_FIXED | DR7_GENERAL), -XEN_EPERM, "DR7 with GD");
    expect(CALL(set_debugreg, 7, DR7_FIXED | DR7_PORTS1), 0, "breakpoint 1 on ports, none on");
    expect(CALL(set_debugreg, 7, DR7_FIXED | DR7_PORTS1 | DR7_LOCAL0), -XEN_EPERM,
           "breakpoint 1 on ports, 0 on");
    expect(CALL(get_debugreg, 8), -XEN_ENODEV, "DR8 read");
}
