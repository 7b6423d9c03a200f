/* SPDX-License-Identifier: MIT */
/*
 * Claim: with CR4.DE set a guest can have breakpoints on I/O ports: its access is done, then the
 *     debug exception comes, after each element of a repeated one, and DR6 says which it was.
 * Rule: DESC-10
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define CR4_DE 0x8ul
#define PORT   0xed

/* DR7: breakpoint n on ports, locally enabled, of 1, 2 or 4 ports. */
#define ON(n)     (1ul << 2 * (n))
#define PORTS(n)  (2ul << (16 + 4 * (n)))
#define TWO(n)    (1ul << (18 + 4 * (n)))
#define DR7_FIXED 0x400ul

static volatile unsigned hits;
static volatile unsigned long status;

static void count(struct frame *frame)
{
    if (frame->vector != X_DB)
        error("exception %lu", frame->vector);
    hits++;
    status = (unsigned long)CALL(get_debugreg, 6);
    CALL(set_debugreg, 6, 0);
}

#define EXPECT_HITS(instruction, many, bits, what, ...)      \
    ({                                                       \
        hits = 0;                                            \
        status = 0;                                          \
        __asm__ volatile(instruction __VA_ARGS__);           \
        expect((long)hits, many, what ": debug exceptions"); \
        expect_hex(status & 0xf, bits, what ": DR6");        \
    })

void test_main(void)
{
    struct physdev_set_iopl iopl = { .iopl = 1 };
    unsigned long value = DR7_FIXED | ON(0) | PORTS(0), copy = 0;
    unsigned long from = (unsigned long)page_new(), left;

    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &iopl), 0, "set_iopl");
    expect(CALL(set_debugreg, 0, PORT), 0, "DR0");
    expect(CALL(set_debugreg, 7, value), -XEN_EPERM, "a breakpoint on ports without CR4.DE");
    expect(CALL(set_debugreg, 7, value & ~ON(0)), 0, "one that is not enabled");
    expect_no_fault(TRY("mov %0, %%cr4", : : "r"(CR4_DE) : "memory"), "set CR4.DE");
    expect(CALL(set_debugreg, 7, value), 0, "a breakpoint on ports");
    expect_hex((unsigned long)CALL(get_debugreg, 7), value, "DR7");
    expect_no_fault(TRY("mov %%db7, %0", : "+r"(copy)::"memory"), "read DR7");
    expect_hex(copy, value, "DR7 as the instruction reads it");

    trap_hook = count;
    EXPECT_HITS("out %%al, %%dx", 1, 1, "out", ::"d"(PORT), "a"(0));
    EXPECT_HITS("out %%al, %%dx", 0, 0, "out beside it", ::"d"(PORT - 1), "a"(0));
    EXPECT_HITS("inl %%dx, %%eax", 1, 1, "in across it", : : "d"(PORT - 1) : "ax");
    left = 3;
    EXPECT_HITS("rep outsb", 3, 1, "rep outsb", : "+S"(from), "+c"(left) : "d"(PORT) : "memory");
    EXPECT_HITS("rep outsb", 0, 0, "rep outsb of nothing",
                : "+S"(from), "+c"(left)
                : "d"(PORT)
                : "memory");
    expect(CALL(set_debugreg, 2, PORT), 0, "DR2");
    expect(CALL(set_debugreg, 7, value | ON(2) | PORTS(2) | TWO(2)), 0, "a second one");
    EXPECT_HITS("out %%al, %%dx", 1, 5, "out that meets both", ::"d"(PORT), "a"(0));
    EXPECT_HITS("out %%al, %%dx", 1, 4, "out that meets the second", ::"d"(PORT - 1), "a"(0));
    expect(CALL(set_debugreg, 7, DR7_FIXED), 0, "none");
    EXPECT_HITS("out %%al, %%dx", 0, 0, "out then", ::"d"(PORT), "a"(0));
}
