/* SPDX-License-Identifier: MIT */
/*
 * Claim: `int $0x82` is a hypercall wherever it stands in ring 1, whichever segment the code is in;
 *     in rings 2 and 3 it is an interrupt of the guest's own, a general protection fault where the
 *     kernel has no handler that is open to programs. All registers but EAX stay.
 * Rule: HCALL-1; invariants D1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests call by SYSCALL
 *
 * QEMU 7.2 gives the real Xen another vector in the error code than that of the instruction.
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

enum { CODE1 = 8, CODE2, DATA2, BASED1 };

#define BASE   0x100000u
#define VECTOR 0x82

/* EAX, which an arrival does not tell, goes to EBX. */
static const uint8_t call_code[] = { 0xcd, 0x82, 0x89, 0xc3, 0xcc }; /* int; mov eax, ebx; int3 */

static struct raw_start start_in(uint32_t cs, uint32_t base)
{
    struct raw_start start = raw_start(call_code, (cs & 3) == 1 ? 1 : 3);

    start.cs = cs;
    start.ip -= base;
    if ((cs & 3) == 2)
        start.ss = DATA2 * 8 | 2;
    start.ax = __HYPERVISOR_xen_version;
    start.bx = XENVER_version;
    start.cx = 0;
    start.si = 0x51;
    start.di = 0xd1;
    start.bp = 0xeb;
    return start;
}

static void taken(uint32_t cs, uint32_t base, uint32_t number, long result)
{
    struct raw_start start = start_in(cs, base);
    struct raw_arrival a;

    start.ax = number;
    a = raw_go(start, 3);
    expect((long)a.vector, X_BP, "cs 0x%x, call 0x%x: vector", cs, number);
    expect((long)a.bx, result, "cs 0x%x, call 0x%x: result", cs, number);
    expect_hex(a.words[0], start.ip + sizeof(call_code), "cs 0x%x, call 0x%x: eip", cs, number);
    expect_true(a.si == 0x51 && a.di == 0xd1 && a.bp == 0xeb, "registers stay");
}

static void refused(uint32_t cs)
{
    struct raw_arrival a = raw_go(start_in(cs, 0), 6);

    expect((long)a.vector, X_GP, "cs 0x%x: vector", cs);
    expect_hex(a.words[0], is_xen_lite() ? VECTOR * 8 + 2 : VECTOR * 16 + 2, "cs 0x%x: code", cs);
    expect_hex(a.words[1], (uint32_t)call_code, "cs 0x%x: eip", cs);
    expect_hex(a.words[2] & 0xffff, cs, "cs 0x%x: cs", cs);
}

void test_main(void)
{
    uint64_t *gdt = gdt_new();
    uint32_t base = (uint32_t)call_code - BASE;
    long version = CALL(xen_version, XENVER_version, NULL);

    gdt_set(gdt, CODE1, raw_descriptor(0, 0xfffff, 0xbb, 0xc));
    gdt_set(gdt, CODE2, raw_descriptor(0, 0xfffff, 0xdb, 0xc));
    gdt_set(gdt, DATA2, raw_descriptor(0, 0xfffff, 0xd3, 0xc));
    gdt_set(gdt, BASED1, raw_descriptor(base, 0xfffff, 0xbb, 0xc));
    raw_begin();
    raw_int(X_OF, 0);
    taken(FLAT_KERNEL_CS, 0, __HYPERVISOR_xen_version, version);
    taken(CODE1 * 8 | 1, 0, __HYPERVISOR_xen_version, version);
    taken(BASED1 * 8 | 1, base, __HYPERVISOR_xen_version, version);
    for (uint32_t number = 56; number < 256; number++)
        taken(FLAT_KERNEL_CS, 0, number, -XEN_ENOSYS);
    taken(FLAT_KERNEL_CS, 0, 0x10011, -XEN_ENOSYS);
    taken(FLAT_KERNEL_CS, 0, 0x80000011, -XEN_ENOSYS);
    taken(FLAT_KERNEL_CS, 0, ~0u, -XEN_ENOSYS);
    refused(FLAT_USER_CS);
    refused(CODE2 * 8 | 2);
    raw_end();
}
