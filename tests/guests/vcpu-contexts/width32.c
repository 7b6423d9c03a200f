/* SPDX-License-Identifier: MIT */
/* The kernel's mode is ring 1, whose stack is in use when something arrives; a program that makes
 * the call has a fault of it. */
#include "tests/guests/vcpu-contexts/contexts.h"

__asm__(".pushsection .text\n"
        ".globl park\n"
        "park: mov $29, %eax\n" /* sched_op */
        "xor %ebx, %ebx\n"      /* yield */
        "int $0x82\n"
        "jmp park\n"
        ".popsection");

const unsigned long last_bytes = HYPERVISOR_VIRT_START - 16;
const uint64_t descriptor_flags = 13; /* no L */

void finish_context(struct vcpu_guest_context *context)
{
    if ((context->user_regs.cs & 3) > KERNEL_RING)
        return;
    context->user_regs.esp = context->kernel_sp;
    context->user_regs.ss = FLAT_KERNEL_SS;
}
