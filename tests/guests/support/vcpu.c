/* SPDX-License-Identifier: MIT */
/* More vCPUs. Their exceptions go to the same handlers; TRY is for vCPU 0 only, the others
 * have trap_hook. */
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

void vcpu_start_on(unsigned id, void (*function)(uint64_t), uint64_t argument, void *its_stack,
                   size_t size)
{
    static struct vcpu_guest_context context;

    vcpu_context(&context, function, argument);
    context.kernel_sp = (uint64_t)its_stack + size;
    context.user_regs.rsp = context.kernel_sp - 8; /* as after a call */
    /* Its events are looked at by nobody. */
    shared_info->vcpu_info[id].evtchn_upcall_mask = 1;
    if (CALL(vcpu_op, VCPUOP_initialise, id, &context) != 0 || CALL(vcpu_op, VCPUOP_up, id) != 0)
        error("cannot start vCPU %u", id);
}

void vcpu_start(void (*function)(uint64_t), uint64_t argument)
{
    if (CALL(vcpu_op, VCPUOP_is_up, 1) == -XEN_ENOENT)
        skip("the domain has one vCPU");
    vcpu_start_on(1, function, argument, stack, sizeof(stack));
}

bool wait_for(const volatile unsigned *word)
{
    uint64_t end = system_time() + WAIT_LIMIT;

    while (*word == 0 && system_time() < end)
        CALL(sched_op, SCHEDOP_yield);
    return *word != 0;
}

static unsigned turns; /* of the other vCPU */

static void take_turns(uint64_t argument)
{
    (void)argument;
    for (;;) {
        WRITE_ONCE(turns, turns + 1);
        CALL(sched_op, SCHEDOP_yield);
    }
}

void vcpu_start_other(void)
{
    vcpu_start(take_turns, 0);
}

void vcpu_let_other_run(void)
{
    WRITE_ONCE(turns, 0);
    expect_true(wait_for(&turns), "the other vCPU has run");
}
