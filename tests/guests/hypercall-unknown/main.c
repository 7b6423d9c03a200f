/* SPDX-License-Identifier: MIT */
/*
 * Claim: a hypercall number that means nothing gives -ENOSYS, however large it is, and leaves all
 *     registers but rax, rcx and r11 alone; performance counters, which Xen has switched off, give
 *     -EOPNOTSUPP whatever the arguments; calls for what is not there give -ENOSYS on xen-lite.
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
    long result;

    expect_true(hypercall_keeps_registers(1000, &result), "no other register changes");
    expect(result, -XEN_ENOSYS, "number 1000");
}

void test_main(void)
{
    for (unsigned i = 0; i < COUNT(numbers); i++)
        expect(hypercall(numbers[i], 0, 0, 0, 0, 0), -XEN_ENOSYS, "number 0x%lx", numbers[i]);
    expect(CALL(tmem_op, NULL), -XEN_ENOSYS, "tmem_op, which has been withdrawn");
    if (is_xen_lite())
        expect(CALL(hvm_op, 0, NULL), -XEN_ENOSYS, "hvm_op");
    registers_stay();
    expect(CALL(xenpmu_op, 0, NULL), -XEN_EOPNOTSUPP, "xenpmu_op");
    expect(CALL(xenpmu_op, ~0ul, HYPERVISOR_ADDRESS), -XEN_EOPNOTSUPP, "xenpmu_op of nonsense");
}
