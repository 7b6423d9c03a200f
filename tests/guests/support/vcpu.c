/* SPDX-License-Identifier: MIT */
/* A second vCPU. Its exceptions go to the same handlers; TRY is for vCPU 0 only, vCPU 1 has
 * trap_hook. */
#include "tests/guests/support/vcpu.h"

#include "tests/guests/support/support.h"

#define WAIT_LIMIT 20000000000ull /* 20 s */

static char stack[2 * PAGE_SIZE] __attribute__((aligned(16)));

void vcpu_context(struct vcpu_guest_context *context, void (*function)(uint64_t), uint64_t argument)
{
    uint64_t stack_top = (uint64_t)stack + sizeof(stack);
    struct trap_info handlers[32];
    unsigned count = traps_fill(handlers);

    *context = (struct vcpu_guest_context){
        .flags = VGCF_in_kernel,
        .user_regs = { .rip = (uint64_t)function,
                       .rdi = argument,
                       .cs = FLAT_KERNEL_CS,
                       .ss = FLAT_KERNEL_SS,
                       .rflags = 0x200,
                       .rsp = stack_top - 8 }, /* as after a call */
        .kernel_ss = FLAT_KERNEL_SS,
        .kernel_sp = stack_top,
        .event_callback_eip = (uint64_t)event_entry,
        .failsafe_callback_eip = (uint64_t)failsafe_entry,
        .syscall_callback_eip = (uint64_t)syscall_entry,
    };
    context->ctrlreg[3] = mfn_of((void *)start_info->pt_base) * PAGE_SIZE;

    /* Here a handler's place says its vector. */
    for (unsigned i = 0; i < count; i++)
        context->trap_ctxt[handlers[i].vector] = handlers[i];
}

void vcpu_start(void (*function)(uint64_t), uint64_t argument)
{
    static struct vcpu_guest_context context;

    if (CALL(vcpu_op, VCPUOP_is_up, 1) == -XEN_ENOENT)
        skip("the domain has one vCPU");
    vcpu_context(&context, function, argument);
    if (CALL(vcpu_op, VCPUOP_initialise, 1, &context) != 0 || CALL(vcpu_op, VCPUOP_up, 1) != 0)
        error("cannot start vCPU 1");
}

bool wait_for(const volatile unsigned *word)
{
    uint64_t end = system_time() + WAIT_LIMIT;

    while (*word == 0 && system_time() < end)
        CALL(sched_op, SCHEDOP_yield);
    return *word != 0;
}
