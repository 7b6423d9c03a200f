/* SPDX-License-Identifier: MIT */
/* Every address must be canonical. */
#include "tests/guests/vcpu-initialise/words.h"

unsigned bad_words_of_width(struct vcpu_guest_context *context, const struct bad_word **words)
{
    static struct bad_word all[17];
    const struct bad_word cases[] = {
        { "rip", &context->user_regs.REG(ip), NONCANONICAL_ADDRESS },
        { "rsp", &context->user_regs.REG(sp), NONCANONICAL_ADDRESS },
        { "kernel_sp", &context->kernel_sp, NONCANONICAL_ADDRESS },
        { "fs_base", &context->fs_base, NONCANONICAL_ADDRESS },
        { "gs_base_kernel", &context->gs_base_kernel, NONCANONICAL_ADDRESS },
        { "gs_base_user", &context->gs_base_user, NONCANONICAL_ADDRESS },
        { "event callback", &context->event_callback_eip, NONCANONICAL_ADDRESS },
        { "failsafe callback", &context->failsafe_callback_eip, NONCANONICAL_ADDRESS },
        { "syscall callback", &context->syscall_callback_eip, NONCANONICAL_ADDRESS },
        { "GDT of 7169 entries", &context->gdt_ents, 7169 },
        { "GDT without frames", &context->gdt_ents, 1 },
        { "LDT of 8193 entries", &context->ldt_ents, 8193 },
        { "empty LDT in the hypervisor", &context->ldt_base, HYPERVISOR_ADDRESS },
        { "empty LDT inside a page", &context->ldt_base, 8 },
        { "page tables of nobody", &context->ctrlreg[3], 0xfffffff000 },
        { "page tables in no table", &context->ctrlreg[3], machine_of(context) & ~0xffful },
        { "user page tables of nobody", &context->ctrlreg[1], 0xfffffff000 },
    };

    memcpy(all, cases, sizeof(all));
    *words = all;
    return COUNT(all);
}

void odd_addresses(struct vcpu_guest_context *context)
{
    context->trap_ctxt[77].address = NONCANONICAL_ADDRESS;
    expect(CALL(vcpu_op, VCPUOP_initialise, 1, context), -XEN_EINVAL, "a handler at no address");
    context->trap_ctxt[77].address = 0;
}
