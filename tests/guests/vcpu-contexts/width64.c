/* SPDX-License-Identifier: MIT */
/* The kernel's mode is a flag; programs call by SYSCALL. */
#include "tests/guests/vcpu-contexts/contexts.h"

__asm__(".pushsection .text\n"
        ".globl park\n"
        "park: mov $29, %eax\n" /* sched_op */
        "xor %edi, %edi\n"      /* yield */
        "syscall\n"
        "jmp park\n"
        ".popsection");

const unsigned long last_bytes = 0x7ffffffffff0;
const uint64_t descriptor_flags = 15;

void finish_context(struct vcpu_guest_context *context)
{
    context->syscall_callback_eip = (unsigned long)park;
    if (context->flags & VGCF_in_kernel)
        context->user_regs.REG(sp) = context->kernel_sp;
}
