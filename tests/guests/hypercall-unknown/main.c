/* SPDX-License-Identifier: MIT */
/*
 * Claim: a hypercall number that means nothing gives -ENOSYS, however large it is, and leaves all
 *     registers but rax, rcx and r11 alone; performance counters, which Xen has switched off, give
 *     -EOPNOTSUPP whatever the arguments; xen-lite has no grant tables and gives -ENOSYS for them.
 * Rule: HCALL-1, HCALL-7, HCALL-11
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static const unsigned long numbers[] = {
    45, 47, 56, 63, 64, 127, 128, 1000, 0x7fffffff, 0x80000000, 0xffffffff, ~0ul,
};

static void registers_stay(void)
{
    unsigned long rax = 1000, rdi = 1, rsi = 2, rdx = 3, rbx = 4;
    register unsigned long r8 __asm__("r8") = 8;
    register unsigned long r9 __asm__("r9") = 9;
    register unsigned long r10 __asm__("r10") = 10;
    register unsigned long r12 __asm__("r12") = 12;

    __asm__ volatile("syscall"
                     : "+a"(rax), "+D"(rdi), "+S"(rsi), "+d"(rdx), "+b"(rbx), "+r"(r8), "+r"(r9),
                       "+r"(r10), "+r"(r12)
                     :
                     : "rcx", "r11", "memory");
    expect((long)rax, -XEN_ENOSYS, "number 1000");
    expect_true(rdi == 1 && rsi == 2 && rdx == 3 && rbx == 4 && r8 == 8 && r9 == 9 && r10 == 10 &&
                    r12 == 12,
                "no other register changes");
}

void test_main(void)
{
    for (unsigned i = 0; i < COUNT(numbers); i++)
        expect(hypercall(numbers[i], 0, 0, 0, 0, 0), -XEN_ENOSYS, "number 0x%lx", numbers[i]);
    expect(CALL(tmem_op, NULL), -XEN_ENOSYS, "tmem_op, which has been withdrawn");
    if (is_xen_lite())
        for (unsigned operation = 0; operation < 20; operation++)
            expect(CALL(grant_table_op, operation, NULL, 0), -XEN_ENOSYS, "grant_table_op %u",
                   operation);
    registers_stay();
    expect(CALL(xenpmu_op, 0, NULL), -XEN_EOPNOTSUPP, "xenpmu_op");
    expect(CALL(xenpmu_op, ~0ul, HYPERVISOR_ADDRESS), -XEN_EOPNOTSUPP, "xenpmu_op of nonsense");
}
