/* SPDX-License-Identifier: MIT */
/*
 * The guest's return from an exception: the iret hypercall.
 *
 * The guest's stack pointer points to a struct iret_context. The selectors get RPL 3 whatever the
 * guest wrote, the flags get IF and lose IOPL and VM: so whatever is in the frame, the guest stays
 * in ring 3. A frame that the CPU refuses all the same faults in IRETQ, and that fault is the
 * guest's (trap.c).
 */
#include "domain/domain.h"
#include "hv/work.h"
#include "lib/atomic.h"
#include "lib/types.h"
#include "pv/pv.h"
#include "x86/guest_copy.h"
#include "x86/cpu_bits.h"
#include "x86/instr.h"

/* Flags that a guest's frame cannot set. */
#define FLAGS_FORCED_OFF (RFLAGS_IOPL | RFLAGS_VM | RFLAGS_NT | RFLAGS_VIF | RFLAGS_VIP)

/* Whichever handler it was that returns, as on a CPU. The way out looks for the next NMI. */
static void end_nmi(struct vcpu *v)
{
    v->nmi_blocked = false;
    if (atomic_load(&v->nmi_pending))
        work_raise(WORK_SCHEDULE);
}

static void load_frame(struct vcpu *v, struct regs *regs, const struct iret_context_64 *frame)
{
    if (v->domain->vm_assist & BIT(VMASST_TYPE_architectural_iopl))
        v->pv->iopl = (frame->rflags & RFLAGS_IOPL) >> 12;
    regs->rip = frame->rip;
    regs->cs = (uint16_t)(frame->cs | 3);
    regs->rflags = (frame->rflags & ~FLAGS_FORCED_OFF) | RFLAGS_IF | RFLAGS_RESERVED1;
    regs->rsp = frame->rsp;
    regs->ss = (uint16_t)(frame->ss | 3);
    regs->rax = frame->rax;
    if (!(frame->flags & VGCF_in_syscall)) {
        /* All registers count: leave by IRETQ. With the flag, RCX and R11 may be lost and SYSRET is
         * quicker. */
        regs->vector = 0;
        regs->r11 = frame->r11;
        regs->rcx = frame->rcx;
    }
    WRITE_ONCE(v->info->evtchn_upcall_mask, !(frame->rflags & RFLAGS_IF));
    if (unlikely(v->nmi_blocked))
        end_nmi(v);
}

void pv_iret(struct vcpu *v, struct regs *regs)
{
    struct iret_context_64 frame;

    if (unlikely(guest_copy_in_words(&frame, GVA(regs->rsp), sizeof(frame)) != 0)) {
        domain_crash(v->domain, "%s: iret cannot read its frame at %lx", rule_name(RULE_TRAP_4),
                     regs->rsp);
        return;
    }
    if ((frame.cs & 3) == 3) {
        if (!mfn_is_valid(v->pv->user_table)) {
            domain_crash(v->domain, "%s: iret to user mode, but there are no user page tables",
                         rule_name(RULE_TRAP_7));
            return;
        }
        pv_toggle_mode(v);
    }
    load_frame(v, regs, &frame);
}
