/* SPDX-License-Identifier: MIT */
/*
 * Claim: set_segment_base sets the bases of fs and gs for the kernel, and the user's apart from
 *     them; a base that is not canonical and an unknown one are refused; a selector for the user's
 *     gs is loaded if a program could load it. Where CR4.FSGSBASE allows it, kernel and programs
 *     change them by instruction: what one writes is where the others look for it.
 * Rule: DESC-11, CPU-4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv64, because 32-bit guests have no such call
 */
#include "tests/guests/support/msr.h"
#include "tests/guests/support/support.h"

#define CR4_FSGSBASE       (1ul << 16)
#define CPUID7_FSGSBASE    1u
#define MSR_FS_BASE        0xc0000100u
#define MSR_KERNEL_GS_BASE 0xc0000102u

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

static bool has_fsgsbase(void)
{
    unsigned a = 7, b, c = 0, d;

    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return b & CPUID7_FSGSBASE;
}

/* What was in gs and fs, and then other bases there. */
static void user_writes_bases(void)
{
    __asm__ volatile("rdgsbase %%rax; rdfsbase %%rbx; mov $0x5555, %%ecx; wrgsbase %%rcx;"
                     "mov $0x4444, %%ecx; wrfsbase %%rcx; int3" ::
                         : "rax", "rbx", "rcx");
}

static unsigned long kernel_gs(void)
{
    unsigned long base = 0;

    expect_no_fault(TRY("rdgsbase %0", : "=r"(base)::"memory"), "rdgsbase");
    return base;
}

static void bases_by_instruction(void)
{
    struct frame frame;
    uint64_t value;

    expect_no_fault(TRY("wrgsbase %0", : : "r"(0x2000ul) : "memory"), "wrgsbase");
    expect_no_fault(TRY("wrfsbase %0", : : "r"(0x1000ul) : "memory"), "wrfsbase");
    expect(set_base(SEGBASE_GS_USER, 0x3000), 0, "base of the user's gs");

    frame = user_run(user_writes_bases);
    expect(frame.vector, X_BP, "the program goes on to its end");
    expect_hex(frame.ax, 0x3000, "gs that the program finds");
    expect_hex(frame.bx, 0x1000, "fs that the program finds");
    expect_hex(kernel_gs(), 0x2000, "the kernel's gs behind the program");
    msr_read(MSR_FS_BASE, &value);
    expect_hex(value, 0x4444, "fs, which the program has written");
    msr_read(MSR_KERNEL_GS_BASE, &value);
    expect_hex(value, 0x5555, "the program's gs");
    expect_no_fault(msr_write(MSR_KERNEL_GS_BASE, 0x6666), "another one for it");

    CALL(sched_op, SCHEDOP_yield);
    frame = user_run(user_writes_bases);
    expect_hex(frame.ax, 0x6666, "gs that the program finds then");
    expect_hex(frame.bx, 0x4444, "fs that it finds then");
    expect_hex(kernel_gs(), 0x2000, "the kernel's gs still");
}

static void by_instruction(void)
{
    struct fault f = TRY("rdgsbase %%rax", ::: "rax", "memory");

    expect_fault(f, X_UD, 0, "rdgsbase before CR4 has it");
    expect(user_run(user_writes_bases).vector, X_UD, "rdgsbase of a program");
    if (!has_fsgsbase())
        return;
    expect_no_fault(TRY("mov %0, %%cr4", : : "r"(CR4_FSGSBASE) : "memory"), "set CR4.FSGSBASE");
    bases_by_instruction();
    expect_no_fault(TRY("mov %0, %%cr4", : : "r"(0ul) : "memory"), "clear it");
    expect_fault(TRY("wrfsbase %%rax", ::: "memory"), X_UD, 0, "wrfsbase then");
    expect(user_run(user_writes_bases).vector, X_UD, "rdgsbase of a program then");
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
    by_instruction();
}
