/* SPDX-License-Identifier: MIT */
/*
 * Claim: FPU and SSE registers are a vCPU's own in rings 1 and 3, across changes of vCPU; with
 *     fpu_taskswitch the next use in either ring is #NM, in ring 1, once: then it is allowed; CLTS
 *     and a write of CR0 in ring 1 do the same, and CR0 tells.
 * Rule: CPU-1; abi/hypercalls.def
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 1 --vcpus 2
 * Widths: pv32, because a 64-bit kernel is in ring 3
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define CR0_TS 8u

extern const struct snippet uses[], uses_end[];

// clang-format off
__asm__(SNIPPETS(uses)
        SNIPPET("3", "0", "0", "fninit; int3")
        SNIPPET("3", "0", "0", "fldz; fstp %st(0); int3")
        SNIPPET("3", "0", "0", "movd %eax, %xmm3; movd %xmm3, %ebx; int3")
        SNIPPET("3", "0", "0", "fxsave (%edi); int3")
        SNIPPET("3", "0", "0", "wait; int3")
        SNIPPETS_END(uses));
// clang-format on

static uint8_t image[512] __attribute__((aligned(16)));

static uint32_t cr0(void)
{
    uint32_t value;

    __asm__ volatile("mov %%cr0, %0" : "=r"(value));
    return value;
}

static uint32_t vector_of(const struct snippet *s, unsigned ring)
{
    struct raw_start start = raw_start(s->code, ring);

    start.ax = 0x600d;
    start.di = (uint32_t)image;
    return raw_go(start, 3).vector;
}

static void once(const struct snippet *s, unsigned ring)
{
    CALL(fpu_taskswitch, 1);
    expect_hex(cr0() & CR0_TS, CR0_TS, "TS in CR0");
    expect((long)vector_of(s, ring), X_NM, "ring %u, %s: first", ring, s->text);
    expect_hex(cr0() & CR0_TS, 0, "TS after #NM");
    expect((long)vector_of(s, ring), X_BP, "ring %u, %s: then", ring, s->text);
    CALL(fpu_taskswitch, 1);
    CALL(fpu_taskswitch, 0);
    expect((long)vector_of(s, ring), X_BP, "ring %u, %s: TS taken back", ring, s->text);
    CALL(fpu_taskswitch, 1);
    __asm__ volatile("clts");
    expect((long)vector_of(s, ring), X_BP, "ring %u, %s: after clts", ring, s->text);
    __asm__ volatile("mov %0, %%cr0" : : "r"(cr0() | CR0_TS));
    expect((long)vector_of(s, ring), X_NM, "ring %u, %s: TS by CR0", ring, s->text);
}

static void use_other_values(unsigned long argument)
{
    (void)argument;
    for (;;) {
        __asm__ volatile("movd %0, %%xmm3" : : "r"(0xbad));
        CALL(sched_op, SCHEDOP_yield);
    }
}

static void across_vcpus(void)
{
    uint32_t value;

    vcpu_start(use_other_values, 0);
    for (unsigned i = 0; i < 50; i++) {
        __asm__ volatile("movd %0, %%xmm3" : : "r"(i));
        CALL(sched_op, SCHEDOP_yield);
        __asm__ volatile("movd %%xmm3, %0" : "=r"(value));
        if (value != i)
            failure("xmm3 is 0x%x, and was %u", value, i);
    }
}

void test_main(void)
{
    raw_begin();
    for (const struct snippet *s = uses; s < uses_end; s++) {
        once(s, 1);
        once(s, 3);
    }
    raw_end();
    across_vcpus();
}
