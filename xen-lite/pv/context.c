/* SPDX-License-Identifier: MIT */
/*
 * VCPUOP_initialise: the whole state of a vCPU that has not run yet, given by another vCPU of the
 * domain.
 */
#include "core/descriptor.h"
#include "core/pte.h"
#include "domain/refuse.h"
#include "domain/sched.h"
#include "hv/alloc.h"
#include "lib/atomic.h"
#include "lib/string.h"
#include "lib/types.h"
#include "pv/debugreg.h"
#include "pv/mmu.h"
#include "pv/vcpu.h"
#include "x86/address.h"
#include "x86/cpu_bits.h"
#include "x86/fpu.h"
#include "x86/guest_copy.h"

typedef struct vcpu_guest_context_64 context_t;

static bool addresses_are_canonical(const context_t *c)
{
    return address_is_canonical(c->user_regs.rip) && address_is_canonical(c->user_regs.rsp) &&
           address_is_canonical(c->kernel_sp) && address_is_canonical(c->event_callback_eip) &&
           address_is_canonical(c->failsafe_callback_eip) &&
           address_is_canonical(c->syscall_callback_eip) && address_is_canonical(c->fs_base) &&
           address_is_canonical(c->gs_base_kernel) && address_is_canonical(c->gs_base_user);
}

/* An entry into a handler that the CPU refuses would be an entry into the same handler again. */
static bool handlers_are_canonical(const context_t *c)
{
    for (unsigned int vector = 0; vector < ARRAY_SIZE(c->trap_ctxt); vector++)
        if (!address_is_canonical(c->trap_ctxt[vector].address))
            return false;
    return true;
}

static void set_registers(struct vcpu *v, const context_t *c)
{
    struct pv_vcpu *pv = v->pv;

    _Static_assert(offsetof(struct cpu_user_regs_64, ss) == offsetof(struct regs, ss),
                   "one order of registers");
    memcpy(&v->regs, &c->user_regs, sizeof(v->regs));
    v->regs.cs = selector_raise(v->regs.cs, pv->width->kernel_ring);
    v->regs.ss = selector_raise(v->regs.ss, pv->width->kernel_ring);
    v->regs.rflags = pv_rflags(c->user_regs.rflags);
    v->regs.vector = 0;
    memset(v->regs.cs_pad, 0, sizeof(v->regs.cs_pad));
    memset(v->regs.ss_pad, 0, sizeof(v->regs.ss_pad));
    /* The real privilege is 0 for ever; the guest's is virtual. */
    pv->iopl = (c->user_regs.rflags & RFLAGS_IOPL) >> 12;
    pv->ds = c->user_regs.ds;
    pv->es = c->user_regs.es;
    pv->fs = c->user_regs.fs;
    pv->gs = c->user_regs.gs;
    pv->fs_base = c->fs_base;
    pv->gs_base_kernel = c->gs_base_kernel;
    pv->gs_base_user = c->gs_base_user;
    pv->kernel_mode = (c->flags & VGCF_in_kernel) != 0;
    pv->kernel_sp = c->kernel_sp;
    pv->kernel_ss = selector_raise((uint16_t)c->kernel_ss, pv->width->kernel_ring);
    pv_set_cr4(pv, c->ctrlreg[4]);
    /* Values that it may not have are left out, as on Xen. */
    for (unsigned int i = 0; i < ARRAY_SIZE(c->debugreg); i++)
        if (i != 4 && i != 5)
            (void)pv_set_debug_register(pv, i, c->debugreg[i]);
    if (c->flags & VGCF_i387_valid)
        fpu_set_legacy(v->fpu, &c->fpu_ctxt);
}

static void set_handlers(struct pv_vcpu *pv, const struct pv_context *given)
{
    const context_t *c = &given->context;

    for (unsigned int vector = 0; vector < ARRAY_SIZE(c->trap_ctxt); vector++) {
        struct trap_info_64 t = c->trap_ctxt[vector];

        t.vector = (uint8_t)vector;
        pv_set_trap(pv, &t);
    }
    pv_set_callback(pv, PV_CALLBACK_EVENT, given->event_cs, c->event_callback_eip, true);
    pv_set_callback(pv, PV_CALLBACK_FAILSAFE, given->failsafe_cs, c->failsafe_callback_eip,
                    (c->flags & VGCF_failsafe_disables_events) != 0);
    pv_set_callback(pv, PV_CALLBACK_SYSCALL, 0, c->syscall_callback_eip,
                    (c->flags & VGCF_syscall_disables_events) != 0);
}

static enum rule_id set_tables(struct mmu *m, struct vcpu *v, const context_t *c)
{
    mfn_t user_table = c->ctrlreg[1] != 0 ? MFN(c->ctrlreg[1] >> PAGE_SHIFT) : INVALID_MFN;
    mfn_t frames[GDT_GUEST_PAGES];
    enum rule_id rule;

    for (unsigned int i = 0; i < GDT_GUEST_PAGES; i++)
        frames[i] = MFN(c->gdt_frames[i]);
    rule = mmu_set_gdt(m, v, frames, (unsigned int)c->gdt_ents);
    if (rule == RULE_NONE)
        rule = mmu_set_ldt(m, v, GVA(c->ldt_base), (unsigned int)c->ldt_ents);
    if (rule == RULE_NONE)
        rule = mmu_set_kernel_table(m, v, v->pv->width->cr3_mfn(c->ctrlreg[3]));
    /* A guest that has no such table has none to be changed. */
    if (rule == RULE_NONE && !mfn_eq(user_table, v->pv->user_table))
        rule = v->pv->width->set_user_table(m, v, user_table);
    return rule;
}

/* Returns 0, a refusal, or -XEN_ERESTART: the page tables given need more time to be validated;
 * what was done so far is not lost. */
static int set_context(struct vcpu *v, const struct pv_context *given)
{
    const context_t *c = &given->context;
    struct vcpu *caller = current_vcpu();
    struct mmu m;
    enum rule_id rule;

    if (!addresses_are_canonical(c) || !handlers_are_canonical(c))
        return (int)refuse(caller, RULE_TRAP_1, "context of vcpu %u", v->id);
    if (c->gdt_ents > GDT_GUEST_ENTRIES)
        return (int)refuse(caller, RULE_DESC_1, "context of vcpu %u: %lu entries", v->id,
                           c->gdt_ents);
    /* As on Xen: even of a table without entries. */
    if (c->ldt_ents > 8192 || c->ldt_base % PAGE_SIZE != 0 || !guest_range_ok(GVA(c->ldt_base), 0))
        return (int)refuse(caller, RULE_DESC_3, "context of vcpu %u: %lu entries", v->id,
                           c->ldt_ents);
    if (!(c->flags & VGCF_in_kernel) && c->ctrlreg[1] == 0)
        return (int)refuse(caller, RULE_VCPU_4, "context of vcpu %u", v->id);
    mmu_begin(&m, caller);
    rule = mmu_settle(&m) ? set_tables(&m, v, c) : RULE_AGAIN;
    mmu_end(&m);
    if (rule == RULE_AGAIN)
        return -XEN_ERESTART;
    if (rule != RULE_NONE)
        return (int)mmu_refuse(&m, caller, rule);

    set_handlers(v->pv, given);
    set_registers(v, c);
    return 0;
}

/* Once for each vCPU: the first that has a context for it gets it. If that fails it may be tried
 * again, by the same call continued or by the guest. */
static int set_context_once(struct vcpu *v, const struct pv_context *given)
{
    int result;

    if (atomic_exchange(&v->initialising, true))
        return (int)refuse(current_vcpu(), RULE_VCPU_2, "vcpu %u", v->id);
    result = set_context(v, given);
    if (result == 0)
        atomic_store(&v->initialised, true);
    else
        atomic_store(&v->initialising, false);
    return result;
}

int pv_read_context_64(struct pv_context *to, gva_t from)
{
    return guest_copy_in(&to->context, from, sizeof(to->context));
}

int pv_vcpu_set_context(struct vcpu *v, gva_t address)
{
    struct pv_context *given = hv_alloc(sizeof(*given));
    int result;

    if (given == NULL)
        return -XEN_ENOMEM;
    result = v->pv->width->read_context(given, address);
    if (result == -XEN_EFAULT)
        result = (int)refuse(current_vcpu(), RULE_HCALL_2, "struct vcpu_guest_context at %lx",
                             address.n);
    else if (result == 0)
        result = set_context_once(v, given);
    hv_free(given);
    return result;
}
