/* SPDX-License-Identifier: MIT */
/*
 * Claim: a data breakpoint on the word that MOV SS loads, which a CPU reports behind the next
 *     instruction only, changes nothing about that instruction, be it one that enters the
 *     hypervisor: the call is made, the exception arrives, and at most one debug exception.
 * Rule: invariants D1, D3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * Where the debug exception comes is the CPU's affair: QEMU reports it before the instruction, as
 * it does not delay it; others in the first instruction of the hypervisor, which drops it.
 */
#include "tests/guests/support/support.h"

#define DR7_WATCH0 0x70403ul /* breakpoint 0: reads and writes, 2 bytes */
#define DR7_OFF    0x400ul
#define NO_VECTOR  256

static uint16_t selector __attribute__((aligned(8))) = FLAT_KERNEL_SS;
static unsigned long resume;
static unsigned debugs, vector;

static void count(struct frame *frame)
{
    if (frame->vector == X_DB) {
        debugs++;
        return;
    }
    vector = (unsigned)frame->vector;
    frame->ip = resume;
}

/* Runs MOV SS and the instruction; ax is its operand and its result. */
// clang-format off
#define SHADOWED(name, instruction)                                                    \
    static unsigned long name(unsigned long ax)                                        \
    {                                                                                  \
        __asm__ volatile("mov" W " $7f, %[resume]\n\t"                                 \
                         "movw %[selector], %%ss\n\t" instruction "\n7:"              \
                         : "+a"(ax), [resume] "=m"(resume)                             \
                         : [selector] "m"(selector), ARGUMENT_1(XENVER_pagesize),      \
                           ARGUMENT_2(0), "d"(UNMAPPED_ADDRESS)                        \
                         : HYPERCALL_CLOBBERS, "cc");                                  \
        return ax;                                                                     \
    }
// clang-format on
SHADOWED(run_nop, "nop")
SHADOWED(run_call, HYPERCALL_INSTRUCTION)
SHADOWED(run_int3, "int3")
SHADOWED(run_int80, "int $0x80")
SHADOWED(run_int82, "int $0x82")
SHADOWED(run_ud2, "ud2")
SHADOWED(run_hlt, "hlt")
SHADOWED(run_load, "mov (" R(dx) "), " R(ax))

/* What `int $0x80` and `int $0x82` are to a 64-bit guest without handlers of them; a 32-bit one has
 * one for the first, and calls by the second. */
#define WITHOUT(n) (WORD_BITS == 64 ? X_GP : (n) == 0x80 ? VECTOR_SYSCALL : NO_VECTOR)

static const struct {
    const char *name;
    unsigned long (*run)(unsigned long ax);
    unsigned long result;
    unsigned vector;
} cases[] = {
    { "nop", run_nop, __HYPERVISOR_xen_version, NO_VECTOR },
    { "a hypercall", run_call, PAGE_SIZE, NO_VECTOR },
    { "int3", run_int3, __HYPERVISOR_xen_version, X_BP },
    { "int 0x80", run_int80, __HYPERVISOR_xen_version, WITHOUT(0x80) },
    { "int 0x82", run_int82, WORD_BITS == 64 ? __HYPERVISOR_xen_version : PAGE_SIZE,
      WITHOUT(0x82) },
    { "ud2", run_ud2, __HYPERVISOR_xen_version, X_UD },
    { "hlt", run_hlt, __HYPERVISOR_xen_version, X_GP },
    { "a page fault", run_load, __HYPERVISOR_xen_version, X_PF },
};

void test_main(void)
{
    unsigned all = 0;

    trap_hook = count;
    expect(CALL(set_debugreg, 0, &selector), 0, "DR0");
    for (unsigned i = 0; i < COUNT(cases); i++) {
        unsigned long result;

        debugs = 0;
        vector = NO_VECTOR;
        expect(CALL(set_debugreg, 7, DR7_WATCH0), 0, "DR7");
        result = cases[i].run(__HYPERVISOR_xen_version);
        expect(CALL(set_debugreg, 7, DR7_OFF), 0, "DR7 off");

        expect_hex(result, cases[i].result, "%s: ax", cases[i].name);
        expect(vector, cases[i].vector, "%s: vector", cases[i].name);
        expect_true(debugs <= 1, "%s: one debug exception, not %u", cases[i].name, debugs);
        all += debugs;
    }
    print("debug exceptions: %u\n", all);
}
