/* SPDX-License-Identifier: MIT */
/*
 * Claim: RDMSR and WRMSR reach an allow-list of registers, which answer as a guest without hardware
 *     of its own expects; all others are general protection faults, and none is for programs.
 * Rule: CPU-1, CPU-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/msr.h"
#include "tests/guests/support/support.h"

#define EFER        0xc0000080
#define FS_BASE     0xc0000100
#define TSC         0x10
#define EFER_VALUE  (WORD_BITS == 64 ? 0xd01 : 0x801)
#define HYPERCALLS  0x40000000
#define APIC_BASE   0x1b
#define MISC_ENABLE 0x1a0

static void constants(void)
{
    static const struct {
        uint32_t index;
        uint64_t value;
        const char *name;
    } list[] = {
        { EFER, EFER_VALUE, "EFER: SCE, LME, LMA (if 64-bit), NXE" },
        { 0x277, 0x50100070406, "PAT" },
        { APIC_BASE, 0xfee00900, "APIC_BASE: enabled, boot processor" },
        { MISC_ENABLE, 0x801801, "MISC_ENABLE" },
        { 0x179, 2, "MCG_CAP: two banks" },
        { 0x17a, 0, "MCG_STATUS" },
        { 0x400, ~0ull, "MC0_CTL" },
        { 0x401, 0, "MC0_STATUS" },
        { 0xce, 0, "PLATFORM_INFO" },
        { 0x140, 0, "MISC_FEATURES_ENABLES" },
        { 0x345, 0, "PERF_CAPABILITIES" },
        { HYPERCALLS, 0, "the hypercall page's" },
    };
    uint64_t value;

    for (unsigned i = 0; i < COUNT(list); i++) {
        expect_no_fault(msr_read(list[i].index, &value), list[i].name);
        expect_hex(value, list[i].value, "%s", list[i].name);
    }
}

static void absent(void)
{
    /* Beside what is nowhere: SYSENTER and SYSCALL, MTRR, x2APIC, debug control, speculation. */
    static const uint32_t list[] = { 0x12345678, 0x3a,       0x174,      0x176,      0x1d9,
                                     0x200,      0x2ff,      0x48,       0x49,       0x6e0,
                                     0x80b,      0xc0000081, 0xc0000082, 0xc0000083, 0xc0000084,
                                     0xc0010117, 0xda0 };
    uint64_t value;

    for (unsigned i = 0; i < COUNT(list); i++) {
        struct fault r = msr_read(list[i], &value), w = msr_write(list[i], 0);

        expect_true(r.happened && r.vector == X_GP && r.code == 0, "reading 0x%x faults", list[i]);
        expect_true(w.happened && w.vector == X_GP && w.code == 0, "writing 0x%x faults", list[i]);
    }
}

static void of_64_bits(void)
{
    uint64_t value;

    expect_no_fault(msr_write(FS_BASE, 0x123456789000), "FS base");
    expect_no_fault(msr_read(FS_BASE, &value), "FS base read");
    expect_hex(value, 0x123456789000, "FS base read");
    expect_fault(msr_write(FS_BASE, NONCANONICAL_ADDRESS), X_GP, 0,
                 "a FS base that is not canonical");
}

static void writes(void)
{
    uint8_t *page = page_new();
    uint64_t value;

    expect_no_fault(msr_write(EFER, EFER_VALUE), "EFER as it is");
    expect_fault(msr_write(EFER, 0), X_GP, 0, "another EFER");
    expect_fault(msr_write(0x277, 0x50100070406), X_GP, 0, "PAT");
    expect_fault(msr_write(APIC_BASE, 0xfee00900), X_GP, 0, "APIC_BASE");
    expect_fault(msr_write(TSC, 0), X_GP, 0, "TSC");
    expect_no_fault(msr_write(MISC_ENABLE, 0), "MISC_ENABLE, which forgets it");
    expect_no_fault(msr_read(MISC_ENABLE, &value), "MISC_ENABLE then");
    expect_hex(value, 0x801801, "MISC_ENABLE then");
    if (WORD_BITS == 64)
        of_64_bits();
    else
        expect_fault(msr_write(FS_BASE, 0), X_GP, 0, "FS base");

    expect_fault(msr_write(HYPERCALLS, machine_of(page) | 1), X_GP, 0, "hypercall page 1");
    expect_fault(msr_write(HYPERCALLS, 1ull << 50), X_GP, 0, "a hypercall page that is no memory");
    expect_no_fault(msr_write(HYPERCALLS, machine_of(page)), "a hypercall page");
    expect_true(page[0] != 0, "it is filled");
}

static void user_read(void)
{
    __asm__ volatile("rdmsr" ::"c"(EFER) : "ax", "dx");
}

void test_main(void)
{
    uint64_t first, second;
    struct frame frame;

    constants();
    absent();
    writes();
    expect_no_fault(msr_read(TSC, &first), "TSC");
    expect_no_fault(msr_read(TSC, &second), "TSC again");
    expect_true(second > first, "the TSC counts");
    frame = user_run(user_read);
    expect((long)frame.vector, X_GP, "RDMSR in a program: vector");
}
