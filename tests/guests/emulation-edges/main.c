/* SPDX-License-Identifier: MIT */
/*
 * Claim: an emulated instruction behaves like one that the CPU executes: it may end where the
 *     mapped memory ends, may be 15 bytes long and no longer, and a single step stops behind it.
 * Rule: CPU-1, CPU-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define RFLAGS_TF 0x100
#define EFER      0xc0000080
#define STEPS     3
#define STACK_TOP "(" R(sp) ")"

static unsigned long stopped_at[STEPS];
static unsigned stops;

static void note_step(struct frame *frame)
{
    if (frame->vector != X_DB)
        return;
    stopped_at[stops++] = frame->ip;
    if (stops == STEPS)
        frame->flags &= ~(unsigned long)RFLAGS_TF;
}

static void single_step(void)
{
    extern char step_cpuid[], step_end[];

    trap_hook = note_step;
    __asm__ volatile("mov %0, %%ecx\n"
                     "xor %%eax, %%eax\n"
                     "pushf\n"
                     "orl %1, " STACK_TOP "\n"
                     "popf\n"
                     "rdmsr\n"
                     "step_cpuid: " XEN_CPUID "\n"
                     "step_end: nop\n"
                     "nop\n"
                     :
                     : "i"(EFER), "i"(RFLAGS_TF)
                     : "ax", "bx", "cx", "dx", "cc", "memory");
    trap_hook = NULL;
    expect((long)stops, STEPS, "single steps");
    expect_hex(stopped_at[0], (unsigned long)step_cpuid, "the step of RDMSR stops behind it");
    expect_hex(stopped_at[1], (unsigned long)step_end,
               "the step of CPUID with prefix stops behind it");
    expect_hex((unsigned long)CALL(get_debugreg, 6) & 0x4000, 0x4000, "DR6 says single step");
}

/* Goes to code, which comes back by jumping to SI: no stack, so that a fault may end it, too. */
#define JUMP(code)                              \
    TRY("mov" W " $7f, " R(si) "; jmp *" R(bx), \
        :                                       \
        : "b"(code), "c"(EFER)                  \
        : "ax", "dx", "si", "memory")

/* RDMSR with so many prefixes before it. */
static void call_prefixed(unsigned prefixes, const char *what, bool too_long)
{
    static uint8_t code[32];
    struct fault f;

    memset(code, 0x66, prefixes);
    memcpy(code + prefixes, "\x0f\x32\xff\xe6", 4);
    f = JUMP(code);
    if (too_long)
        expect_fault(f, X_GP, 0, what);
    else
        expect_no_fault(f, what);
}

/* The instruction's last byte is the last of a page, and the next page is not there. RDMSR is
 * followed by nothing, so going on ends in a page fault at the next page. */
static void page_end(void)
{
    uint8_t *pages = page_new(), *next = page_new();
    struct fault f;

    if (next != pages + PAGE_SIZE)
        error("two pages are not side by side");
    memcpy(pages + PAGE_SIZE - 2, "\x0f\x32", 2);
    expect(map(next, 0), 0, "unmap the next page");
    f = JUMP(pages + PAGE_SIZE - 2);
    expect_true(f.happened && f.vector == X_PF, "the page behind it faults");
    expect_hex(f.pc, (unsigned long)next, "RDMSR at the end of memory was done");

    /* An instruction that begins in mapped memory and ends beyond it cannot be executed at all. */
    pages[PAGE_SIZE - 1] = 0x0f;
    f = JUMP(pages + PAGE_SIZE - 1);
    expect_true(f.happened && f.vector == X_PF, "half an instruction");
}

void test_main(void)
{
    single_step();
    call_prefixed(0, "rdmsr", false);
    call_prefixed(1, "rdmsr with a prefix", false);
    call_prefixed(13, "rdmsr of 15 bytes", false);
    call_prefixed(14, "rdmsr of 16 bytes", true);
    page_end();
}
