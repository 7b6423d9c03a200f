/* SPDX-License-Identifier: MIT */
/*
 * The state that a vCPU of a 32-bit guest begins with, put into the 64-bit form for context.c.
 */
#include "core/struct_forms.h"
#include "hv/alloc.h"
#include "lib/string.h"
#include "pv/vcpu.h"
#include "x86/guest_copy.h"

typedef struct vcpu_guest_context_32 context32_t;

static void convert_registers(struct cpu_user_regs_64 *to, const struct cpu_user_regs_32 *from)
{
    to->rbx = from->ebx;
    to->rcx = from->ecx;
    to->rdx = from->edx;
    to->rsi = from->esi;
    to->rdi = from->edi;
    to->rbp = from->ebp;
    to->rax = from->eax;
    to->rip = from->eip;
    to->cs = from->cs;
    to->rflags = from->eflags;
    to->rsp = from->esp;
    to->ss = from->ss;
    to->es = from->es;
    to->ds = from->ds;
    to->fs = from->fs;
    to->gs = from->gs;
}

static void convert_words(uint64_t *to, const uint32_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = from[i];
}

/* The kernel's mode is the only one that the hypervisor knows of: there is one root, and CS tells
 * who runs. */
static void convert(struct pv_context *to, const context32_t *from)
{
    struct vcpu_guest_context_64 *c = &to->context;

    memcpy(&c->fpu_ctxt, &from->fpu_ctxt, sizeof(c->fpu_ctxt));
    c->flags = from->flags | VGCF_in_kernel;
    convert_registers(&c->user_regs, &from->user_regs);
    for (size_t i = 0; i < ARRAY_SIZE(c->trap_ctxt); i++)
        struct_widen(&trap_info_forms, &c->trap_ctxt[i], &from->trap_ctxt[i]);
    c->ldt_base = from->ldt_base;
    c->ldt_ents = from->ldt_ents;
    convert_words(c->gdt_frames, from->gdt_frames, ARRAY_SIZE(c->gdt_frames));
    c->gdt_ents = from->gdt_ents;
    c->kernel_ss = from->kernel_ss;
    c->kernel_sp = from->kernel_sp;
    convert_words(c->ctrlreg, from->ctrlreg, ARRAY_SIZE(c->ctrlreg));
    c->ctrlreg[1] = 0;
    convert_words(c->debugreg, from->debugreg, ARRAY_SIZE(c->debugreg));
    to->event_cs = (uint16_t)from->event_callback_cs;
    c->event_callback_eip = from->event_callback_eip;
    to->failsafe_cs = (uint16_t)from->failsafe_callback_cs;
    c->failsafe_callback_eip = from->failsafe_callback_eip;
    c->vm_assist = from->vm_assist;
}

int pv_read_context_32(struct pv_context *to, gva_t from)
{
    context32_t *form = hv_alloc(sizeof(*form));
    int result;

    if (form == NULL)
        return -XEN_ENOMEM;
    result = guest_copy_in(form, from, sizeof(*form));
    if (result == 0)
        convert(to, form);
    hv_free(form);
    return result;
}
