/* SPDX-License-Identifier: MIT */
/*
 * Claim: exceptions in the guest's kernel arrive in its handlers with the right vector, error code,
 *     instruction pointer and (page faults) address; the frame shows kernel mode, and events on. A
 *     handler may itself meet exceptions, to any depth.
 * Rule: TRAP-2; Intel SDM 3, chapter 6
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * The kernel runs in ring 3, but its page faults come without the user bit.
 */
#include "tests/guests/support/support.h"

#define RFLAGS_IF 0x200

static void page_faults(void)
{
    char *page = page_new();
    struct fault f;

    f = try_read((void *)UNMAPPED_ADDRESS);
    expect_fault(f, X_PF, 0, "read of nothing");
    expect_hex(f.address, UNMAPPED_ADDRESS, "read of nothing: address");
    f = try_write((void *)(UNMAPPED_ADDRESS + 0x123), 1);
    expect_fault(f, X_PF, PF_WRITE, "write to nothing");
    expect_hex(f.address, UNMAPPED_ADDRESS + 0x123, "write to nothing: address");

    set_writable(page, false);
    f = try_write(page + 8, 1);
    expect_fault(f, X_PF, PF_WRITE | PF_PRESENT, "write to a read-only page");
    expect_hex(f.address, (unsigned long)page + 8, "write to a read-only page: address");

    f = try_read((void *)HYPERVISOR_ADDRESS);
    expect_true(f.happened && f.vector == X_PF, "the hypervisor's memory cannot be read");
    expect_hex(f.address, HYPERVISOR_ADDRESS, "read of the hypervisor: address");
    if (WORD_BITS == 64)
        expect_fault(try_read((void *)NONCANONICAL_ADDRESS), X_GP, 0, "read of no address");
    expect_fault(try_write((void *)MACH2PHYS_VIRT_START, 1), X_PF, PF_WRITE | PF_PRESENT,
                 "write to the M2P");
    expect_no_fault(try_read((void *)MACH2PHYS_VIRT_START), "read of the M2P");
}

static void kernel_frame(void)
{
    struct fault f;
    unsigned long here;

    f = TRY("mov $0f, %0\n0: ud2", : "=r"(here)::"memory");
    expect_fault(f, X_UD, 0, "ud2");
    expect_hex(f.pc, here, "rip at ud2");
    expect_hex(f.cs & 0xffff, KERNEL_CS_SHOWN, "cs: the kernel's, shown with its privilege");
    expect_hex(f.flags & RFLAGS_IF, 0, "IF with events masked");

    events_unmask();
    f = TRY("ud2", ::: "memory");
    events_mask();
    expect_hex(f.flags & RFLAGS_IF, RFLAGS_IF, "IF with events unmasked");
}

/* The error is known at the FDIV, and reported at the next x87 instruction that waits. */
static void x87_error(void)
{
    const uint16_t all_but_zero_divide = 0x37b;
    struct fault f;
    unsigned long here;

    f = TRY("mov $0f, %0\n"
            "fninit; fldcw %1; fld1; fldz; fdivrp %%st, %%st(1)\n"
            "0: fwait",
            : "=&r"(here)
            : "m"(all_but_zero_divide)
            : "memory");
    expect_fault(f, X_MF, 0, "1 / 0 of the x87");
    expect_hex(f.pc, here, "rip: the instruction that waited");
    __asm__ volatile("fninit");
}

#define DEPTH 20

static unsigned depth;

/* Each meets another before it returns; and afterwards an exception that a TRY waits for. */
static void nested_handler(struct frame *frame)
{
    unsigned mine = depth++;

    if (mine < DEPTH)
        __asm__ volatile("ud2" ::: "memory");
    expect_fault(try_write((void *)(UNMAPPED_ADDRESS + mine), 1), X_PF, PF_WRITE, "in a handler");
    expect_hex(frame->vector, X_UD, "a handler's own frame stays, vector");
    frame->ip += 2;
}

static void nested(void)
{
    trap_hook = nested_handler;
    __asm__ volatile("ud2" ::: "memory");
    trap_hook = NULL;
    expect((long)depth, DEPTH + 1, "exceptions in handlers of exceptions");
}

void test_main(void)
{
    struct fault f;
    unsigned long here;

    f = TRY("mov $0f, %0\nint3\n0:", : "=r"(here)::"memory");
    expect_fault(f, X_BP, 0, "int3");
    expect_hex(f.pc, here, "rip at int3: behind it");
    expect_fault(TRY("xor %%edx, %%edx; xor %%ecx, %%ecx; div %%ecx", ::
                         : "ax", "cx", "dx", "memory"),
                 X_DE, 0, "division by zero");
    expect_fault(TRY("mov %0, %%ds",
                     :
                     : "r"(0x1234)
                     : "memory"),
                 X_GP, 0x1234 & ~3, "a selector beyond the table");
    expect_fault(TRY("pushf; orl $0x100, (" R(sp) "); popf; nop", ::
                         : "memory", "cc"),
                 X_DB, 0, "single step");
    x87_error();
    kernel_frame();
    page_faults();
    nested();
}
