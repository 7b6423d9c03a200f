/* SPDX-License-Identifier: MIT */
/*
 * Entering the guest's kernel: exception, event, failsafe and system-call frames. Which of them,
 * and with what, is said here; how the frame looks is here for 64-bit guests, and in bounce32.c for
 * 32-bit ones.
 *
 * The frame that a 64-bit guest finds on its kernel stack, from the stack pointer up:
 *
 *      rcx  r11  [ds es fs gs: failsafe only]  [error code: where the vector has one]  rip  cs
 * rflags  rsp  ss
 *
 * RCX and R11 are there because the hypervisor enters by SYSRET, which loses them. The upper half
 * of the cs word holds the upcall mask as it was; the interrupt flag in rflags is its opposite, as
 * a kernel on bare hardware would expect. The RPL of cs is 0 if the guest's kernel was interrupted,
 * 3 if a program was.
 */
#include "pv/bounce.h"

#include "lib/types.h"
#include "pv/mode.h"
#include "x86/entry.h"
#include "x86/guest_copy.h"
#include "x86/cpu_bits.h"
#include "x86/instr.h"
#include "x86/vector.h"

const char *pv_trap_name(const struct pv_vcpu *pv, const struct pv_trap *t)
{
    static const char *const callbacks[PV_CALLBACKS] = {
        [PV_CALLBACK_EVENT] = "event upcall",
        [PV_CALLBACK_FAILSAFE] = "failsafe callback",
        [PV_CALLBACK_SYSCALL] = "SYSCALL from user mode",
        [PV_CALLBACK_SYSCALL32] = "32-bit SYSCALL from user mode",
        [PV_CALLBACK_SYSENTER] = "SYSENTER from user mode",
    };

    if (t >= pv->callback && t < pv->callback + PV_CALLBACKS)
        return callbacks[t - pv->callback];
    if (t >= pv->trap && t < pv->trap + TRAP_VECTORS)
        return pv_vector_name((unsigned int)(t - pv->trap));
    return "software interrupt";
}

COLD NOINLINE void pv_no_handler(struct vcpu *v, const struct pv_trap *t)
{
    bool failsafe = t == &v->pv->callback[PV_CALLBACK_FAILSAFE];

    domain_crash_by_rule(v->domain, failsafe ? RULE_TRAP_6 : RULE_TRAP_2,
                         "%s, but the guest has registered no handler", pv_trap_name(v->pv, t));
}

COLD NOINLINE void pv_no_stack(struct vcpu *v, const struct pv_trap *t, gva_t sp)
{
    /* A stack that such a handler has used up says nothing of the stack. */
    bool again = cpu_top()->guest.rip == t->address;

    domain_crash_by_rule(v->domain, RULE_TRAP_3,
                         "%s: cannot write the frame to the guest's kernel stack at %lx%s",
                         pv_trap_name(v->pv, t), sp.n,
                         again ? "; it is its own handler's first instruction that faults" : "");
}

/* The frame's end, where all frames are alike, below top. Between stac() and clac(). */
static ALWAYS_INLINE bool write_end(uint64_t top, const struct vcpu *v, const struct regs *regs,
                                    uint64_t cs)
{
    bool masked = READ_ONCE(v->info->evtchn_upcall_mask) != 0;

    return guest_put_word(top - 8, regs->ss) && guest_put_word(top - 16, regs->rsp) &&
           guest_put_word(top - 24, pv_visible_flags(v, regs, masked)) &&
           guest_put_word(top - 32, cs | (uint64_t)masked << 32) &&
           guest_put_word(top - 40, regs->rip);
}

/* Its beginning, from sp up. */
static ALWAYS_INLINE bool write_begin(uint64_t sp, const struct pv_vcpu *pv,
                                      const struct regs *regs, bool failsafe)
{
    if (failsafe && (!guest_put_word(sp + 16, pv->ds) || !guest_put_word(sp + 24, pv->es) ||
                     !guest_put_word(sp + 32, pv->fs) || !guest_put_word(sp + 40, pv->gs)))
        return false;
    return guest_put_word(sp + 8, regs->r11) && guest_put_word(sp, regs->rcx);
}

/* The frame from sp up to top, of which no word lies in the hypervisor's slots. False: the guest
 * has no memory there. */
static ALWAYS_INLINE bool write_frame(uint64_t sp, uint64_t top, const struct vcpu *v,
                                      const struct regs *regs, uint64_t cs, const struct pv_trap *t,
                                      uint32_t error_code, bool failsafe)
{
    bool done;

    stac();
    done = write_end(top, v, regs, cs) && write_begin(sp, v->pv, regs, failsafe) &&
           (!t->has_error_code || guest_put_word(top - 48, error_code));
    clac();
    return done;
}

/*
 * Makes the handler run next: the frame goes to the interrupted stack if the kernel was running, to
 * the stack of stack_switch otherwise. What cannot be delivered ends the domain: there is nobody to
 * tell. No function is called on the way, and the words go straight to their place: this is most of
 * what a trap costs.
 */
static ALWAYS_INLINE void enter_kernel(struct vcpu *v, struct regs *regs, const struct pv_trap *t,
                                       uint32_t error_code, bool failsafe)
{
    struct pv_vcpu *pv = v->pv;
    uint64_t cs = regs->cs;
    uint64_t top = regs->rsp;
    uint64_t sp;

    if (unlikely(!t->present)) {
        pv_no_handler(v, t);
        return;
    }
    if (pv->kernel_mode) {
        cs &= ~3UL;
    } else {
        top = pv->kernel_sp;
        pv_switch_mode(cpu_top_of_guest(regs), pv, true);
    }
    top &= ~15UL;
    sp = top - t->frame_size;
    if (unlikely(!guest_start_ok(GVA(sp)) ||
                 !write_frame(sp, top, v, regs, cs, t, error_code, failsafe))) {
        pv_no_stack(v, t, GVA(sp));
        return;
    }

    if (t->mask_events)
        WRITE_ONCE(v->info->evtchn_upcall_mask, 1);
    regs->rip = t->address;
    regs->cs = FLAT_RING3_CS64;
    regs->ss = FLAT_RING3_SS64;
    regs->rsp = sp;
    regs->rflags &= ~(RFLAGS_AC | RFLAGS_VM | RFLAGS_RF | RFLAGS_NT | RFLAGS_TF);
    regs->vector = VECTOR_SYSCALL; /* RCX and R11 are in the frame: leave by SYSRET */
}

void pv_enter_64(struct vcpu *v, struct regs *regs, const struct pv_trap *t, uint32_t error_code)
{
    enter_kernel(v, regs, t, error_code, false);
}

void pv_enter_failsafe_64(struct vcpu *v, struct regs *regs)
{
    enter_kernel(v, regs, &v->pv->callback[PV_CALLBACK_FAILSAFE], 0, true);
}

/* ---- Which handler, at both widths ---- */

void pv_inject(struct vcpu *v, struct regs *regs, unsigned int vector, uint32_t error_code)
{
    v->pv->width->enter(v, regs, &v->pv->trap[vector], error_code);
}

/* INT n pushes no error code on any CPU, though vector n as an exception may have one. */
void pv_inject_software(struct vcpu *v, struct regs *regs, unsigned int vector)
{
    struct pv_trap t = v->pv->trap[vector];

    t.has_error_code = false;
    t.frame_size = PV_FRAME_SIZE;
    v->pv->width->enter(v, regs, &t, 0);
}

/* The guest finds the address in its vcpu_info, and in the error code whether its own kernel or a
 * program faulted. */
void pv_inject_page_fault(struct vcpu *v, struct regs *regs, gva_t address, uint32_t error_code)
{
    error_code &= ~PF_USER;
    if (!pv_in_kernel(v, regs))
        error_code |= PF_USER;
    vcpu_set_cr2(v, address.n);
    pv_inject(v, regs, VECTOR_PF, error_code);
}

void pv_inject_callback(struct vcpu *v, struct regs *regs, enum pv_callback which)
{
    v->pv->width->enter(v, regs, &v->pv->callback[which], 0);
}

void pv_inject_failsafe(struct vcpu *v, struct regs *regs)
{
    v->pv->width->enter_failsafe(v, regs);
}
