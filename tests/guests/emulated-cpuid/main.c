/* SPDX-License-Identifier: MIT */
/*
 * Claim: CPUID behind the forced-emulation prefix is answered by the hypervisor: with its own
 *     leaves at 0x40000000, and without features that a PV guest cannot have. The prefix before
 *     another instruction is an invalid opcode.
 * Rule: abi/numbers.h, XEN_EMULATE_PREFIX
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define LEAF_XEN 0x40000000u

struct cpuid {
    uint32_t a, b, c, d;
};

static struct cpuid emulated(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid r;

    __asm__ volatile(XEN_CPUID
                     : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d)
                     : "0"(leaf), "2"(subleaf));
    return r;
}

void test_main(void)
{
    struct cpuid r = emulated(LEAF_XEN, 0);
    char name[12];

    memcpy(name, &r.b, 4);
    memcpy(name + 4, &r.c, 4);
    memcpy(name + 8, &r.d, 4);
    expect(memcmp(name, "XenVMMXenVMM", 12), 0, "signature");
    expect_true(r.a >= LEAF_XEN + 2, "there are two more leaves");
    r = emulated(LEAF_XEN + 1, 0);
    expect_hex(r.a, (unsigned long)CALL(xen_version, XENVER_version), "version leaf");

    r = emulated(1, 0);
    expect_true(r.d & (1 << 0), "there is an FPU");
    expect_true(r.d & (1 << 6), "there is PAE");
    expect_true(!(r.d & (1 << 3)), "there are no superpages (PSE)");
    expect_true(!(r.d & (1 << 13)), "there are no global pages (PGE)");
    expect_true(!(r.c & (1 << 5)), "there is no VMX");
    expect_true(!(r.c & (1 << 17)), "there is no PCID");
    r = emulated(0x80000001, 0);
    expect((r.d >> 29) & 1, WORD_BITS == 64, "long mode is there for 64-bit guests");
    expect_true(r.d & (1 << 11), "there is SYSCALL");
    expect_true(!(r.c & (1 << 2)), "there is no SVM");

    expect_fault(TRY(XEN_EMULATE_PREFIX "nop", ::: "memory"), X_UD, 0, "the prefix before nop");
    expect_fault(TRY("ud2; nop", ::: "memory"), X_UD, 0, "ud2");
}
