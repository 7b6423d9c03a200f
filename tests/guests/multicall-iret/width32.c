/* SPDX-License-Identifier: MIT */
/* See multicall.h. */
#include "tests/guests/multicall-iret/multicall.h"
#include "tests/guests/support/support.h"

void in_kernel_mode(void)
{
    __asm__ volatile("push %[ss]; push %[esp]; push $0x200; push %[cs]; push %[eip]\n\t"
                     "push $0\n\t" /* eax */
                     "int $0x82"
                     :
                     : [ss] "i"(FLAT_USER_SS), [esp] "r"(user_stack_end), [cs] "i"(FLAT_USER_CS),
                       [eip] "r"(in_user_mode), "a"(__HYPERVISOR_multicall), "b"(calls), "c"(3)
                     : "memory");
}
