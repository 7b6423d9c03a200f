/* SPDX-License-Identifier: MIT */
/*
 * Claim: an iret inside a multicall goes where its frame says, and the calls behind it are not
 *     made.
 * Rule: invariants C4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define UNTOUCHED 0x7777

static struct multicall_entry calls[3];
static uint64_t kernel_stack;

static void in_user_mode(void)
{
    __asm__ volatile("mov $0x1234, %eax; syscall");
}

/* Makes the multicall with an iret frame for user mode on the stack; the way back is user_run's. */
static void in_kernel_mode(void)
{
    __asm__ volatile("push %[ss]; push %[rsp]; push $0x200; push %[cs]; push %[rip]\n\t"
                     "push $0; push $0; push $0; push $0\n\t" /* flags, rcx, r11, rax */
                     "syscall"
                     :
                     : [ss] "r"((uint64_t)FLAT_USER_SS), [rsp] "r"(user_stack_end),
                       [cs] "r"((uint64_t)FLAT_USER_CS), [rip] "r"(in_user_mode),
                       "a"(__HYPERVISOR_multicall), "D"(calls), "S"(3ul)
                     : "rcx", "r11", "memory");
}

void test_main(void)
{
    struct frame start = { .ip = (unsigned long)in_kernel_mode,
                           .cs = FLAT_KERNEL_CS & ~3ul,
                           .flags = 0,
                           .ss = FLAT_KERNEL_SS };

    calls[0] = (struct multicall_entry){ .op = __HYPERVISOR_xen_version, .result = UNTOUCHED };
    calls[1] = (struct multicall_entry){ .op = __HYPERVISOR_iret, .result = UNTOUCHED };
    calls[2] = (struct multicall_entry){ .op = __HYPERVISOR_xen_version, .result = UNTOUCHED };
    if (mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of((void *)start_info->pt_base)) != 0)
        error("no tables for user mode");
    kernel_stack = (unsigned long)page_new() + PAGE_SIZE;
    start.sp = kernel_stack - 8;
    fault.vector = 0;
    frame_enter(&start);
    events_mask();

    expect((long)fault.vector, VECTOR_SYSCALL, "user mode was reached and left by SYSCALL: entry");
    expect_true(calls[0].result != UNTOUCHED, "the call before it has a result");
    expect((long)calls[2].result, UNTOUCHED, "result of the call behind it");
}
