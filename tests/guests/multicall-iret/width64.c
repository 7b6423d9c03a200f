/* SPDX-License-Identifier: MIT */
/* See multicall.h. */
#include "tests/guests/multicall-iret/multicall.h"
#include "tests/guests/support/support.h"

void in_kernel_mode(void)
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
