/* SPDX-License-Identifier: MIT */
/*
 * Claim: from user mode, system calls and exceptions arrive in the kernel on the stack of
 *     stack_switch, with the user's registers, flags and selectors in the frame; hypercalls do not.
 * Rule: TRAP-12
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define SYSCALL_BYTES 2

static unsigned long syscall_address;
static char *unmapped;

static void do_syscall(void)
{
    __asm__ volatile("mov $0x1111, %%eax; mov $0x2222, %%edi; mov $0x3333, %%ebx; stc\n\t"
                     "mov $0f, " R(dx) "\n0: " USER_CALL:);
}

/* A hypercall's number and arguments: the kernel gets them, not the hypervisor. */
static void do_hypercall(void)
{
    __asm__ volatile("mov $17, %%eax; xor %%edi, %%edi; xor %%esi, %%esi; " USER_CALL:);
}

static void do_page_fault(void)
{
    __asm__ volatile("mov %0, " R(ax) "; mov (" R(ax) "), " R(dx) : : "m"(unmapped) : "ax", "dx");
}

static void do_ud2(void)
{
    __asm__ volatile("ud2");
}

static void do_hlt(void)
{
    __asm__ volatile("hlt");
}

static void look_at_syscall(void)
{
    struct frame f = user_run(do_syscall);

    syscall_address = f.dx;
    expect((long)f.vector, VECTOR_SYSCALL, "entry");
    expect_hex(f.ax, 0x1111, "rax");
    expect_hex(f.di, 0x2222, "rdi");
    expect_hex(f.bx, 0x3333, "rbx");
    expect_hex(f.ip, syscall_address + SYSCALL_BYTES, "rip: behind the instruction");
    expect_true(user_call_registers(&f), "rcx holds rip, r11 rflags, after SYSCALL");
    expect_hex(f.cs & 0xffff, FLAT_USER_CS, "cs");
    expect_hex(f.ss & 0xffff, FLAT_USER_SS, "ss");
    expect_hex(f.flags & 0x201, 0x201, "IF and the carry flag");
    expect_true(f.sp <= (unsigned long)user_stack_end && f.sp > (unsigned long)user_stack_end - 64,
                "rsp is the user's");
}

void test_main(void)
{
    struct frame f;

    unmapped = (char *)UNMAPPED_ADDRESS;
    look_at_syscall();
    f = user_run(do_hypercall);
    expect((long)f.vector, VECTOR_SYSCALL, "a hypercall's number in user mode: entry");
    expect((long)f.ax, 17, "its number");

    f = user_run(do_page_fault);
    expect((long)f.vector, X_PF, "page fault");
    expect_hex(f.error, PF_USER, "its code");
    expect_hex(fault.address, UNMAPPED_ADDRESS, "its address");
    f = user_run(do_ud2);
    expect((long)f.vector, X_UD, "invalid opcode");

    f = user_run(do_hlt);
    expect((long)f.vector, X_GP, "hlt");
    expect_hex(f.error, 0, "its code");
}
