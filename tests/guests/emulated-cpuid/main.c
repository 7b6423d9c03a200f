/* SPDX-License-Identifier: MIT */
/*
 * Claim: CPUID behind the forced-emulation prefix is answered by the hypervisor: with its own
 *     leaves at 0x40000000, and of the CPU's with what is listed here for a PV guest of this width,
 *     in the kernel and in programs; how many CPUs a package has is the machine's. The bare
 *     instruction is the CPU's own. The prefix before another instruction is an invalid opcode.
 * Rule: abi/numbers.h, XEN_EMULATE_PREFIX
 * Runs on: xen-lite, xen
 * Options: --cpus 2
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define LEAF_XEN 0x40000000u

struct cpuid {
    uint32_t a, b, c, d;
};

/* What is left of the CPU's registers in a leaf. */
struct leaf {
    uint32_t leaf, subleaf;
    struct cpuid keeps, adds;
};

/* 32-bit guests have no CMPXCHG16B, LAHF in long mode, long mode. */
#define AT_64(bit)   (WORD_BITS == 64 ? (bit) : 0)
#define ALL          0xffffffff
#define OSXSAVE      (1u << 27)
#define HYPERVISOR   (1u << 31)
#define VIRTUAL_BITS (WORD_BITS == 64 ? 48 : 32)
/* The real Xen's initial domain also has MTRRs, and on Intel's CPUs SYSENTER and an MSR. */
#define INITIAL_1_D  0x00001800u
#define INITIAL_7_D  0x20000000u

static const struct leaf leaves[] = {
    { 0x00000001,
      0,
      { ALL, 0xffff00, 0x76f81203 | AT_64(0x2000), 0x1fc9c3f5 },
      { 0, 0, HYPERVISOR, 0 } },
    { 0x00000002, 0, { ALL, ALL, ALL, ALL }, { 0 } },
    { 0x00000003, 0, { 0 }, { 0 } },
    { 0x00000004, 0, { ALL, ALL, ALL, ALL }, { 0 } },
    { 0x00000004, 3, { ALL, ALL, ALL, ALL }, { 0 } },
    { 0x00000005, 0, { 0 }, { 0 } },
    { 0x00000006, 0, { 0 }, { 0 } },
    { 0x00000007, 0, { 0, 0xfdaf2369, 0x02405f43, 0x0080451c }, { 0 } },
    { 0x00000007, 2, { 0 }, { 0 } },
    { 0x00000009, 0, { 0 }, { 0 } },
    { 0x0000000a, 0, { 0 }, { 0 } },
    { 0x0000000d, 0, { 0xe7, ALL, 0, 0 }, { 0 } },
    { 0x0000000d, 1, { 7, 0, 0, 0 }, { 0 } },
    { 0x0000000d, 2, { ALL, ALL, ALL, ALL }, { 0 } },
    { 0x0000000d, 3, { 0 }, { 0 } }, /* MPX */
    { 0x0000000d, 9, { 0 }, { 0 } }, /* protection keys */
    { 0x0000000e, 0, { 0 }, { 0 } },
    { 0x00000014, 0, { 0 }, { 0 } },
    { 0x40000006, 0, { 0 }, { 0 } },
    { 0x40000100, 0, { 0 }, { 0 } },
    { 0x80000001, 0, { ALL, 0, 0x002109e2 | AT_64(1), 0xcbd1cbf5 | AT_64(1u << 29) }, { 0 } },
    { 0x80000002, 0, { ALL, ALL, ALL, ALL }, { 0 } },
    { 0x80000003, 0, { ALL, ALL, ALL, ALL }, { 0 } },
    { 0x80000004, 0, { ALL, ALL, ALL, ALL }, { 0 } },
    { 0x80000005, 0, { ALL, ALL, ALL, ALL }, { 0 } },
    { 0x80000006, 0, { ALL, ALL, ALL, ALL }, { 0 } },
    { 0x80000007, 0, { 0, 0, 0, 0x100 }, { 0 } },
    { 0x80000008, 0, { 0xff, 5, 0xf0ff, 0 }, { VIRTUAL_BITS << 8, 0, 0, 0 } },
    { 0x8000000a, 0, { 0 }, { 0 } }, /* SVM */
    { 0x80000022, 0, { 0 }, { 0 } },
    { 0xc0000000, 0, { 0 }, { 0 } },
};

static struct cpuid emulated(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid r;

    __asm__ volatile(XEN_CPUID
                     : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d)
                     : "0"(leaf), "2"(subleaf));
    return r;
}

static struct cpuid native(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid r;

    __asm__ volatile("cpuid"
                     : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d)
                     : "0"(leaf), "2"(subleaf));
    return r;
}

static struct cpuid in_kernel[COUNT(leaves)], in_program[COUNT(leaves)], bare[COUNT(leaves)];

static void ask_in_program(void)
{
    for (unsigned i = 0; i < COUNT(leaves); i++)
        in_program[i] = emulated(leaves[i].leaf, leaves[i].subleaf);
    __asm__ volatile(USER_CALL);
}

/* Without the bits that tell what mode or domain this is. */
static struct cpuid ordinary(const struct leaf *leaf, struct cpuid r)
{
    if (leaf->leaf == 1)
        r.c &= ~OSXSAVE;
    if (leaf->leaf == 1 || leaf->leaf == 0x80000001)
        r.d &= ~INITIAL_1_D | (leaf->leaf == 0x80000001 ? 0x800 : 0);
    if (leaf->leaf == 7)
        r.d &= ~INITIAL_7_D;
    /* How large an area is when all is in use: told by extended-state. */
    if (leaf->leaf == 0xd && leaf->subleaf == 0)
        r.c = 0;
    return r;
}

static void look_at_leaves(void)
{
    for (unsigned i = 0; i < COUNT(leaves); i++) {
        in_kernel[i] = emulated(leaves[i].leaf, leaves[i].subleaf);
        bare[i] = native(leaves[i].leaf, leaves[i].subleaf);
    }
    user_run(ask_in_program);
    for (unsigned i = 0; i < COUNT(leaves); i++) {
        const struct leaf *l = &leaves[i];
        struct cpuid kernel = ordinary(l, in_kernel[i]), program = ordinary(l, in_program[i]);

        expect_hex(kernel.a, (bare[i].a & l->keeps.a) | l->adds.a, "%x.%u eax", l->leaf,
                   l->subleaf);
        expect_hex(kernel.b, (bare[i].b & l->keeps.b) | l->adds.b, "%x.%u ebx", l->leaf,
                   l->subleaf);
        expect_hex(kernel.c, (bare[i].c & l->keeps.c) | l->adds.c, "%x.%u ecx", l->leaf,
                   l->subleaf);
        expect_hex(kernel.d, (bare[i].d & l->keeps.d) | l->adds.d, "%x.%u edx", l->leaf,
                   l->subleaf);
        expect(memcmp(&program, &kernel, sizeof(kernel)), 0, "%x.%u in a program", l->leaf,
               l->subleaf);
    }
    expect_true(native(LEAF_XEN, 0).b != emulated(LEAF_XEN, 0).b, "the bare one is the CPU's");
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

    look_at_leaves();
    expect_fault(TRY(XEN_EMULATE_PREFIX "nop", ::: "memory"), X_UD, 0, "the prefix before nop");
    expect_fault(TRY("ud2; nop", ::: "memory"), X_UD, 0, "ud2");
}
