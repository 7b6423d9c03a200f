/* SPDX-License-Identifier: MIT */
/*
 * Entering the guest's kernel: exception, event, failsafe and system-call frames.
 *
 * The frame that the guest finds on its kernel stack (64-bit), from the stack pointer up:
 *
 *      rcx  r11  [ds es fs gs: failsafe only]  [error code: where the vector has one]  rip  cs
 * rflags  rsp  ss
 *
 * RCX and R11 are there because the hypervisor enters by SYSRET, which loses them. The upper half
 * of the cs word holds the upcall mask as it was; the interrupt flag in rflags is its opposite, as
 * a kernel on bare hardware would expect. The RPL of cs is 0 if the guest's kernel was interrupted,
 * 3 if a program was.
 */
#include "domain/domain.h"
#include "lib/types.h"
#include "pv/pv.h"
#include "x86/entry.h"
#include "x86/guest_copy.h"
#include "x86/cpu_bits.h"
#include "x86/instr.h"

#define VECTORS_WITH_ERROR_CODE \
    (BIT(8) | BIT(10) | BIT(11) | BIT(12) | BIT(13) | BIT(14) | BIT(17) | BIT(21))

#define FRAME_MAX_WORDS 12

/* Names a callback where a vector is named otherwise: for messages. */
#define CALLBACK(which) (256u + (which))

struct bounce {
    uint64_t address; /* of the guest's handler */
    bool mask;        /* mask the upcall on entry */
    bool has_error_code;
    uint32_t error_code;
    bool failsafe;
    unsigned int why; /* vector or CALLBACK() */
};

static COLD const char *name_of(unsigned int why)
{
    static const char *const callbacks[PV_CALLBACKS] = {
        [PV_CALLBACK_EVENT] = "event upcall",
        [PV_CALLBACK_FAILSAFE] = "failsafe callback",
        [PV_CALLBACK_SYSCALL] = "SYSCALL from user mode",
        [PV_CALLBACK_SYSCALL32] = "32-bit SYSCALL from user mode",
        [PV_CALLBACK_SYSENTER] = "SYSENTER from user mode",
    };

    return why < CALLBACK(0) ? pv_vector_name(why) : callbacks[why - CALLBACK(0)];
}

/* cs, mask and flags as the guest is to see them. */
static uint64_t visible_cs(const struct pv_vcpu *pv, const struct regs *regs, bool masked)
{
    uint64_t cs = pv->kernel_mode ? regs->cs & ~3u : regs->cs;

    return cs | (uint64_t)masked << 32;
}

static uint64_t visible_flags(const struct vcpu *v, const struct regs *regs, bool masked)
{
    uint64_t flags = regs->rflags & ~(RFLAGS_IF | RFLAGS_IOPL);

    if (v->domain->vm_assist & BIT(VMASST_TYPE_architectural_iopl))
        flags |= (uint64_t)v->pv->iopl << 12;
    return masked ? flags : flags | RFLAGS_IF;
}

/* Fills the frame from its end, where all frames are alike; says where it begins. */
static inline unsigned int frame_fill(uint64_t *frame, const struct vcpu *v,
                                      const struct regs *regs, const struct bounce *b)
{
    const struct pv_vcpu *pv = v->pv;
    bool masked = READ_ONCE(v->info->evtchn_upcall_mask) != 0;
    unsigned int n = FRAME_MAX_WORDS;

    frame[--n] = regs->ss;
    frame[--n] = regs->rsp;
    frame[--n] = visible_flags(v, regs, masked);
    frame[--n] = visible_cs(pv, regs, masked);
    frame[--n] = regs->rip;
    if (b->has_error_code)
        frame[--n] = b->error_code;
    if (b->failsafe) {
        frame[--n] = pv->gs;
        frame[--n] = pv->fs;
        frame[--n] = pv->es;
        frame[--n] = pv->ds;
    }
    frame[--n] = regs->r11;
    frame[--n] = regs->rcx;
    return n;
}

static COLD NOINLINE void no_handler(struct vcpu *v, unsigned int why)
{
    domain_crash(v->domain, "%s: %s, but the guest has registered no handler",
                 rule_name(why == CALLBACK(PV_CALLBACK_FAILSAFE) ? RULE_TRAP_6 : RULE_TRAP_2),
                 name_of(why));
}

static COLD NOINLINE void no_stack(struct vcpu *v, unsigned int why, gva_t sp)
{
    domain_crash(v->domain, "%s: %s: cannot write the frame to the guest's kernel stack at %lx",
                 rule_name(RULE_TRAP_3), name_of(why), sp.n);
}

/*
 * Makes the handler run next: the frame goes to the interrupted stack if the kernel was running, to
 * the stack of stack_switch otherwise. What cannot be delivered ends the domain: there is nobody to
 * tell.
 */
static ALWAYS_INLINE void enter_kernel(struct vcpu *v, struct regs *regs, const struct bounce *b)
{
    struct pv_vcpu *pv = v->pv;
    uint64_t frame[FRAME_MAX_WORDS];
    unsigned int first;
    size_t size;
    gva_t sp;

    if (unlikely(b->address == 0)) {
        no_handler(v, b->why);
        return;
    }
    first = frame_fill(frame, v, regs, b);
    size = sizeof(frame) - first * sizeof(frame[0]);
    sp = GVA((pv->kernel_mode ? regs->rsp : pv->kernel_sp) & ~15UL);
    sp.n -= size;
    if (!pv->kernel_mode)
        pv_toggle_mode(v);
    if (unlikely(guest_copy_out_words(sp, &frame[first], size) != 0)) {
        no_stack(v, b->why, sp);
        return;
    }

    if (b->mask)
        WRITE_ONCE(v->info->evtchn_upcall_mask, 1);
    regs->rip = b->address;
    regs->cs = FLAT_RING3_CS64;
    regs->ss = FLAT_RING3_SS64;
    regs->rsp = sp.n;
    regs->rflags &= ~(RFLAGS_AC | RFLAGS_VM | RFLAGS_RF | RFLAGS_NT | RFLAGS_TF);
    regs->vector = VECTOR_SYSCALL; /* RCX and R11 are in the frame: leave by SYSRET */
}

void pv_inject(struct vcpu *v, struct regs *regs, unsigned int vector, uint32_t error_code)
{
    const struct pv_trap *t = &v->pv->trap[vector];
    struct bounce b = {
        .address = t->address,
        .mask = t->mask_events,
        .has_error_code = vector < 32 && (VECTORS_WITH_ERROR_CODE & BIT(vector)) != 0,
        .error_code = error_code,
        .why = vector,
    };

    enter_kernel(v, regs, &b);
}

/* INT n pushes no error code on any CPU, though vector n as an exception may have one. */
void pv_inject_software(struct vcpu *v, struct regs *regs, unsigned int vector)
{
    const struct pv_trap *t = &v->pv->trap[vector];
    struct bounce b = { .address = t->address, .mask = t->mask_events, .why = vector };

    enter_kernel(v, regs, &b);
}

/* The guest finds the address in its vcpu_info, and in the error code whether its own kernel or a
 * program faulted. */
void pv_inject_page_fault(struct vcpu *v, struct regs *regs, gva_t address, uint32_t error_code)
{
    error_code &= ~PF_USER;
    if (!v->pv->kernel_mode)
        error_code |= PF_USER;
    v->info->arch.cr2 = address.n;
    pv_inject(v, regs, 14, error_code);
}

void pv_inject_callback(struct vcpu *v, struct regs *regs, enum pv_callback which)
{
    struct bounce b = {
        .address = v->pv->callback[which],
        .mask = v->pv->callback_masks[which] || which == PV_CALLBACK_EVENT,
        .failsafe = which == PV_CALLBACK_FAILSAFE,
        .why = CALLBACK(which),
    };

    enter_kernel(v, regs, &b);
}
