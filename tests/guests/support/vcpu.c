/* SPDX-License-Identifier: MIT */
/* More vCPUs. Their exceptions go to the same handlers; TRY is for vCPU 0 only, the others
 * have trap_hook. */
#include "tests/guests/support/vcpu.h"

#include "tests/guests/support/support.h"

#define WAIT_LIMIT 20000000000ull /* 20 s */

static char stack[2 * PAGE_SIZE] __attribute__((aligned(16)));

static void fill(struct vcpu_guest_context *context, void (*function)(unsigned long),
                 unsigned long argument, char *stack_top)
{
    struct trap_info handlers[TRAPS_MAX];
    unsigned count = traps_fill(handlers);

    *context = (struct vcpu_guest_context){
        .flags = VGCF_in_kernel,
        .user_regs = { .cs = FLAT_KERNEL_CS, .ss = FLAT_KERNEL_SS, .REG(flags) = 0x200 },
        .kernel_ss = FLAT_KERNEL_SS,
    };
    context_fill(context, function, argument, stack_top);
    context->ctrlreg[3] = cr3_of(mfn_of((void *)start_info->pt_base));

    /* Here a handler's place says its vector. */
    for (unsigned i = 0; i < count; i++)
        context->trap_ctxt[handlers[i].vector] = handlers[i];
}

void vcpu_context(struct vcpu_guest_context *context, void (*function)(unsigned long),
                  unsigned long argument)
{
    fill(context, function, argument, stack + sizeof(stack));
}

void vcpu_start_on(unsigned id, void (*function)(unsigned long), unsigned long argument,
                   void *its_stack, size_t size)
{
    static struct vcpu_guest_context context;

    fill(&context, function, argument, (char *)its_stack + size);
    /* Its events are looked at by nobody; from 32 on its information lies elsewhere. */
    if (id < XEN_LEGACY_MAX_VCPUS)
        shared_info->vcpu_info[id].evtchn_upcall_mask = 1;
    if (CALL(vcpu_op, VCPUOP_initialise, id, &context) != 0 || CALL(vcpu_op, VCPUOP_up, id) != 0)
        error("cannot start vCPU %u", id);
}

void vcpu_start(void (*function)(unsigned long), unsigned long argument)
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

static void take_turns(unsigned long argument)
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
