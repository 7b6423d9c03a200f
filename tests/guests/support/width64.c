/* SPDX-License-Identifier: MIT */
/* What only 64-bit guests have; see width.h. */
#include "tests/guests/support/width64.h"

#include "tests/guests/support/support.h"

#define FLAGS_IF 0x200

/* The first of the L4 behind the hypervisor's. */
#define FIRST_KERNEL_SLOT 272

/* User mode is ring 3 like the kernel, on page tables of its own: here the same ones. */
void user_sees_kernel(void)
{
    if (mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of((void *)start_info->pt_base)) != 0)
        error("no page tables for user mode");
}

uint64_t *root_new(void)
{
    const uint64_t *present = (const uint64_t *)start_info->pt_base;
    uint64_t *root = page_new();

    for (unsigned slot = FIRST_KERNEL_SLOT; slot < TOP_ENTRIES; slot++)
        root[slot] = present[slot];
    return root;
}

void frame_fill(struct frame *frame, bool user)
{
    frame->cs = user ? FLAT_USER_CS : FLAT_KERNEL_CS & ~3u;
    frame->flags = FLAGS_IF;
    frame->ss = user ? FLAT_USER_SS : FLAT_KERNEL_SS;
}

unsigned traps_of_width(struct trap_info *table)
{
    (void)table;
    return 0; /* programs call by SYSCALL, which has a callback */
}

long callbacks_init(void)
{
    const struct callback_register callbacks[] = {
        { .type = CALLBACKTYPE_event, .address = (unsigned long)event_entry },
        { .type = CALLBACKTYPE_failsafe, .address = (unsigned long)failsafe_entry },
        { .type = CALLBACKTYPE_syscall,
          .flags = CALLBACKF_mask_events,
          .address = (unsigned long)syscall_entry },
    };
    long result = 0;

    for (unsigned i = 0; i < COUNT(callbacks); i++)
        result |= CALL(callback_op, CALLBACKOP_register, &callbacks[i]);
    return result;
}

void context_fill(struct vcpu_guest_context *context, void (*function)(unsigned long),
                  unsigned long argument, char *its_stack_end)
{
    context->user_regs.rip = (unsigned long)function;
    context->user_regs.rdi = argument;
    context->user_regs.rsp = (unsigned long)its_stack_end - 8; /* as after a call */
    context->kernel_sp = (unsigned long)its_stack_end;
    context->event_callback_eip = (unsigned long)event_entry;
    context->failsafe_callback_eip = (unsigned long)failsafe_entry;
    context->syscall_callback_eip = (unsigned long)syscall_entry;
}
